import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Source } from '../../src/definition/model.ts';
import * as ledgerCopy from '../../src/ledger/copy.ts';
import type { OpenEngines } from '../api/serving.ts';
import { source } from '../ingest/builder.ts';

const anyRow = z.record(z.string(), z.unknown());

/** A person who is to be erased: their id. */
export const ID = 'u_ada-77';
/** The id that they had later. */
export const LATER_ID = 'ada_l@corp';
/** What they were before they signed in. */
const VISITOR = 'visitor-5f3a9c';
/** A device that they share with somebody. */
export const KIOSK = 'kiosk-shared-1';
/** Their address. */
export const MAIL = 'ada.lovelace@acme.example';
/** Their name. */
export const NAME = 'Ada Lovelace';
/** Everything by which they are known. */
export const WORDS = [ID, LATER_ID, VISITOR, MAIL, NAME];

/** Files in which they are, and others too. */
const FILES: Readonly<Record<string, { readonly table: Source['table']; readonly text: string }>> = {
  'accounts.csv': {
    table: 'accounts',
    text: `account_id,created,name,csm,main_contact\nacme,2025-01-01,Acme,Carl,${MAIL}\nbeta,2025-01-01,Beta,Carl,bob@beta.example\n`,
  },
  'users.csv': {
    table: 'users',
    text: `user_id,account_id,email,role,manager\n${ID},acme,${MAIL},analyst,\nbob,acme,bob@acme.example,analyst,${NAME}\nzoe,beta,zoe@beta.example,lead,\n`,
  },
  'traits.csv': {
    table: 'traits',
    text: `entity,id,name,value,from\nuser,${ID},name,${NAME},2025-02-01\naccount,acme,billing_contact,${MAIL},2025-02-01\nuser,bob,name,Bob Smith,2025-02-01\n`,
  },
  'events.csv': {
    table: 'events',
    text: `event,time,user_id,account_id,message_id,invited\nlogin,2026-10-01T10:00:00Z,${ID},acme,m1,\nuser_invited,2026-10-02T10:00:00Z,bob,acme,m2,${MAIL}\nlogin,2026-10-02T10:00:00Z,bob,acme,,note to ${NAME}\nlogin,2026-10-03T10:00:00Z,zoe,beta,m4,carl\npage,2026-10-03T11:00:00Z,${VISITOR},acme,m5,\npage,2026-10-03T11:30:00Z,${KIOSK},acme,m6,\n`,
  },
  'tickets.csv': {
    table: 'tickets',
    text: `account_id,opened,ticket_id,user_id,theme\nacme,2026-09-01,t1,${ID},exports\nacme,2026-09-02,t2,bob,${NAME} cannot sign in\nacme,2026-09-03,,${ID},billing\n`,
  },
  'nps.csv': {
    table: 'nps',
    text: `account_id,time,score,user_id,comment\nacme,2026-09-01,9,${ID},great\nacme,2026-09-02,3,bob,ask ${MAIL}!\n`,
  },
  'touches.csv': {
    table: 'touches',
    text: `account_id,time,kind,user_id\nacme,2026-09-01,call,${ID}\nacme,2026-09-02,call,bob\n`,
  },
  'needs.csv': {
    table: 'needs',
    text: `account_id,job,time,quote,coded_by\nacme,reporting,2026-01-01,"${NAME} said: I want charts",Carl\nacme,reporting,2026-01-02,quiet,Carl\n`,
  },
  'notes.csv': {
    table: 'notes',
    text: `account_id,time,author,text,kind\nacme,2026-08-01,Carl,"Spoke with ${NAME} (${MAIL}), ${NAME}",call\nacme,2026-08-02,Carl,all well,call\n`,
  },
  'identities.csv': {
    table: 'identities',
    text: `time,user_id,anonymous_id,previous_id\n2026-10-04,${ID},${VISITOR},\n2026-10-04,${ID},${KIOSK},\n2026-10-05,bob,${KIOSK},\n2026-10-06,${LATER_ID},,${ID}\n`,
  },
  'broken.csv': {
    table: 'events',
    text: `event,time,user_id,account_id\nlogin,not a time,${ID},acme\nlogin,${MAIL},bob,acme\nlogin,nope,bob,acme\n`,
  },
};

/** The sources that read the files. */
export const sources = Object.entries(FILES).map(([path, { table }]) =>
  source({ name: path.replace('.csv', ''), table, path }),
);

/** Writes the files into a folder. */
export function writeFiles(folder: string): void {
  for (const [path, { text }] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
}

/** Every text of every table of both engines in which one of the words stands, looked at by nothing of the product. */
export async function standing(
  { warehouse, ledger }: Pick<OpenEngines, 'warehouse' | 'ledger'>,
  words: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  const tables = await warehouse.rows(
    `SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name`,
    z.object({ name: z.string() }),
  );
  for (const { name } of tables) {
    // A table of a computation under way, or of one being replaced, may be gone by now, and whatever it held with it.
    const rows = await warehouse.rows(`SELECT * FROM ${name}`, anyRow).catch((error: unknown) => {
      if (/^(scratch_|_tmp_replace_)/.test(name)) return [];
      throw error;
    });
    for (const row of rows) {
      const text = JSON.stringify(row);
      for (const word of words) if (text.toLowerCase().includes(word.toLowerCase())) found.push(`${name}: ${text}`);
    }
  }
  const ledgerTables = [...(await ledgerCopy.keptTables(ledger)), 'backups', 'roles_held'];
  for (const name of ledgerTables) {
    const rows = await ledger.query(
      `SELECT to_jsonb(t)::text AS text FROM ${name} AS t`,
      [],
      z.object({ text: z.string() }),
    );
    for (const { text } of rows) {
      for (const word of words) if (text.toLowerCase().includes(word.toLowerCase())) found.push(`${name}: ${text}`);
    }
  }
  return found;
}
