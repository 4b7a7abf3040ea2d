import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { importSources } from '../../src/ingest/import-sources.ts';
import { keyedHash, keyedHashSql } from '../../src/ingest/suppression.ts';
import { carryOutErasures } from '../../src/pipeline/erasure/carry-out.ts';
import {
  beginErasure,
  continueErasures,
  erasureWaits,
  liftSuppression,
  listReceipts,
  planErasure,
} from '../../src/pipeline/erasure/erase.ts';
import { LEDGER_RECORDS } from '../../src/pipeline/erasure/ledger-register.ts';
import { WAREHOUSE_RECORDS } from '../../src/pipeline/erasure/warehouse-register.ts';
import { readSuppressions } from '../../src/pipeline/suppression.ts';
import { type OpenEngines, openEngines, type Serving, serve, settled, until } from '../api/serving.ts';
import { ID, KIOSK, LATER_ID, MAIL, NAME, sources, standing, WORDS, writeFiles } from './person.ts';

const anyRow = z.record(z.string(), z.unknown());
const NOW = new Date('2026-11-20T12:00:00Z');
let engines: OpenEngines;
let service: Serving;

async function load(now: Date) {
  const suppressed = await readSuppressions(engines.ledger);
  const { warehouse, directory } = engines;
  return importSources({ warehouse, suppressed, model: { sources }, directory, environment: () => undefined, now });
}

/** Files of a folder that hold one of the words, as bytes. */
async function filesWith(folder: string, words: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const word of words) if (bytes.includes(word)) found.push(`${path}: ${word}`);
  }
  return found;
}

const request = { userId: ID, accountId: null, also: [], by: 'Carl', now: NOW };

beforeAll(async () => {
  engines = await openEngines();
  writeFiles(engines.directory);
  await load(NOW);
  service = await serve(engines);
  const track = {
    type: 'track',
    userId: ID,
    event: 'report_created',
    context: { groupId: 'acme' },
    properties: { by: NAME },
  };
  const identify = { type: 'identify', userId: ID, traits: { email: MAIL, name: NAME } };
  const other = {
    type: 'track',
    userId: 'bob',
    event: 'report_created',
    context: { groupId: 'acme' },
    properties: { to: MAIL },
  };
  const malformed = { type: 'track', userId: ID, event: 7, context: { groupId: 'acme' } };
  expect((await service.send('/v1/batch', { batch: [track, identify, other, malformed] })).status).toBe(200);
  await settled(engines.warehouse);
  await until(
    () => service.book.accountsOf(LATER_ID),
    (accounts) => accounts.length > 0,
  );
  const { ledger } = engines;
  await ledger.command(
    `INSERT INTO overrides (account_id, segment, reason, author, set_at, expires_at) VALUES ('acme', 'Busy', $1, 'Carl', now(), now() + interval '30 days')`,
    [`${NAME} asked for it`],
  );
  const [version] = await ledger.query(
    'SELECT version FROM model_versions LIMIT 1',
    [],
    z.object({ version: z.string() }),
  );
  await ledger.command(
    `INSERT INTO moves (account_id, at, to_segment, cause, model_version, evidence, recorded_at) VALUES ('acme', now(), 'Busy', 'test', $1, $2, now())`,
    [version?.version, { champion: ID, note: `by ${MAIL}` }],
  );
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

test('a hash is the same in the warehouse and in the process, and is the HMAC that everybody knows', async () => {
  const key = '0b'.repeat(20);
  // RFC 4231, test case 1.
  expect(keyedHash(key, 'Hi There')).toBe('b0344c61d8db38535ca8afceaf0bf12b');
  const sql = `SELECT ${keyedHashSql(key, `'Hi There'`)} AS hash`;
  expect(await engines.warehouse.rows(sql, z.object({ hash: z.string() }))).toEqual([
    { hash: 'b0344c61d8db38535ca8afceaf0bf12b' },
  ]);
});

describe('the register', () => {
  test('classes every column of every table of both engines, and none that is not there', async () => {
    const columns = await engines.warehouse.rows(
      `SELECT table, name FROM system.columns WHERE database = currentDatabase() AND NOT startsWith(table, 'scratch_') AND NOT startsWith(table, 'staged_')`,
      z.object({ table: z.string(), name: z.string() }),
    );
    const classed = (records: typeof WAREHOUSE_RECORDS) =>
      records.flatMap(({ table, columns: names }) => Object.keys(names).map((name) => `${table}.${name}`)).sort();
    expect(columns.map(({ table, name }) => `${table}.${name}`).sort()).toEqual(classed(WAREHOUSE_RECORDS));
    const inLedger = await engines.ledger.query(
      `SELECT table_name::text AS table, column_name::text AS name FROM information_schema.columns WHERE table_schema = current_schema()`,
      [],
      z.object({ table: z.string(), name: z.string() }),
    );
    expect(inLedger.map(({ table, name }) => `${table}.${name}`).sort()).toEqual(classed(LEDGER_RECORDS));
  });
});

describe('an erasure', () => {
  let kept: unknown;
  const others = async () => ({
    events: await engines.warehouse.rows(
      `SELECT event, user_id, message_id FROM events WHERE user_id IN ('bob', 'zoe', '${KIOSK}') ORDER BY ALL`,
      anyRow,
    ),
    tickets: await engines.warehouse.rows('SELECT account_id, ticket_id, opened FROM tickets ORDER BY ALL', anyRow),
    notes: await engines.warehouse.rows('SELECT account_id, time, author FROM notes ORDER BY ALL', anyRow),
    accounts: await engines.warehouse.rows('SELECT account_id, name FROM accounts ORDER BY ALL', anyRow),
  });

  test('is counted before anything is changed', async () => {
    expect((await standing(engines, [MAIL])).length).toBeGreaterThan(8);
    kept = await others();
    const plan = await planErasure(engines, request);
    expect(plan).toMatchObject({ ids: 3, sharedIds: 1, accounts: ['acme'] });
    const count = (name: string) => plan.tables.find(({ table }) => table === name);
    expect(count('users')).toMatchObject({ removed: 1, mended: 1 });
    expect(count('tickets')).toMatchObject({ removed: 0, mended: 3 });
    expect(count('nps')).toMatchObject({ removed: 1, mended: 1 });
    expect(count('identities')).toMatchObject({ removed: 3 });
    expect(count('moves')).toMatchObject({ mended: 1 });
    expect(JSON.stringify(plan)).not.toContain(ID);
    expect(await others()).toEqual(kept);
    await expect(beginErasure(engines, { ...request, userId: 'u_adda-77' })).rejects.toMatchObject({ code: 'no-user' });
  });

  test('is carried out by whoever computes, and leaves nothing in either engine nor in memory', async () => {
    await beginErasure(engines, request);
    await until(
      () => erasureWaits(engines.ledger),
      (waits) => !waits,
    );
    await until(
      () => service.book.accountsOf(LATER_ID),
      (accounts) => accounts.length === 0,
    );
    await until(
      () => service.loop.state.waiting,
      (waiting) => waiting === 0,
    );
    expect(await standing(engines, WORDS)).toEqual([]);
    expect(await others()).toEqual(kept);
    const tickets = await engines.warehouse.rows('SELECT theme, user_id FROM tickets ORDER BY opened', anyRow);
    expect(tickets).toEqual([
      { theme: 'exports', user_id: '' },
      { theme: '[erased] cannot sign in', user_id: 'bob' },
      { theme: 'billing', user_id: '' },
    ]);
    const [receipt] = await listReceipts(engines.ledger);
    expect(receipt).toMatchObject({ by: 'Carl', accountId: null, ids: 3, sharedIds: 1, remaining: [] });
    expect(JSON.stringify(receipt)).not.toMatch(new RegExp(WORDS.join('|')));
    expect(service.failures).toEqual([]);
  });

  test('leaves nothing on the disk once the engine has let go of what it replaced', async () => {
    while (((await listReceipts(engines.ledger))[0]?.filesGoneAt ?? null) === null) await sleep(500);
    expect(await filesWith(join(engines.directory, 'warehouse', 'data'), WORDS)).toEqual([]);
    // Of the ledger its tables; its log of writes holds what was written until it is used again.
    expect(await filesWith(join(engines.directory, 'ledger', 'data', 'base'), WORDS)).toEqual([]);
  });

  test('keeps the same files, and later calls, from bringing anything back', async () => {
    const report = await load(new Date(NOW.getTime() + 86_400_000));
    const file = (name: string) => report.files.find(({ file: path }) => path === name);
    expect(file('events.csv')).toMatchObject({ accepted: 0, refused: 0, suppressed: 4 });
    expect(file('users.csv')).toMatchObject({ suppressed: 1 });
    expect(file('tickets.csv')).toMatchObject({ accepted: 0, suppressed: 3 });
    const sent = { userId: ID, event: 'report_created', context: { groupId: 'acme' }, properties: { by: NAME } };
    const answer = await service.send('/v1/track', sent);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ accepted: 0, refused: 1, refusals: [{ reason: 'suppressed' }] });
    await service.send('/v1/track', { ...sent, event: 7 });
    await service.send('/v1/identify', { userId: 'new_id', traits: { email: MAIL.toUpperCase() } });
    expect(await standing(engines, WORDS)).toEqual([]);
    const again = await engines.warehouse.rows('SELECT count() AS n FROM tickets', anyRow);
    expect(again).toEqual([{ n: '3' }]);
  });

  test('is lifted by name, and the user is taken again', async () => {
    await liftSuppression(engines.ledger, ID, null, 'Carl', NOW);
    await expect(liftSuppression(engines.ledger, ID, null, 'Carl', NOW)).rejects.toMatchObject({ code: 'no-user' });
    const report = await load(new Date(NOW.getTime() + 2 * 86_400_000));
    expect(report.files.every(({ suppressed }) => suppressed === undefined)).toBe(true);
    expect((await standing(engines, [MAIL])).length).toBeGreaterThan(0);
  });
});

test('an erasure that was cut off anywhere goes on where the next process finds it', async () => {
  await service.close();
  await beginErasure(engines, request);
  // The process dies after each of the tables in turn: what it had done is done, what it had counted is kept.
  let died = 0;
  for (const stop of [1, 2, 4]) {
    let calls = 0;
    const dying = {
      ...engines,
      warehouse: new Proxy(engines.warehouse, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...words: unknown[]) => {
            const isChange = name === 'command' && /ALTER TABLE \w+ (?:UPDATE|DELETE)/.test(String(words[0]));
            if (isChange) calls += 1;
            if (isChange && calls > stop) throw new Error('killed');
            return (value as (...given: unknown[]) => unknown).apply(target, words);
          };
        },
      }),
    };
    await continueErasures(dying, () => NOW.getTime(), { pause: (milliseconds) => sleep(milliseconds) }).catch(() => {
      died += 1;
    });
  }
  expect(died).toBe(3);
  expect(await erasureWaits(engines.ledger)).toBe(true);
  service = await serve(engines);
  await until(
    () => erasureWaits(engines.ledger),
    (waits) => !waits,
  );
  const receipts = await listReceipts(engines.ledger);
  expect(receipts[0]?.tables.find(({ table }) => table === 'users')).toMatchObject({ removed: 1, mended: 1 });
  await until(
    async () => (await standing(engines, WORDS)).length,
    (n) => n === 0,
  );
});

test('one account of several: what was done elsewhere stays, and the receipt says what names no account', async () => {
  await service.close();
  const at = '2026-11-01T00:00:00.000Z';
  const row = (account_id: string, n: string) => ({
    event: 'login',
    time: at,
    user_id: 'eve_22',
    account_id,
    message_id: n,
    fact_key: n,
  });
  await engines.warehouse.insertRows('events', [row('acme', '901'), row('beta', '902')]);
  await engines.warehouse.insertRows('identities', [
    { time: at, user_id: 'eve_22', anonymous_id: 'a_eve', fact_key: '903' },
  ]);
  await beginErasure(engines, { ...request, userId: 'eve_22', accountId: 'acme' });
  await carryOutErasures(engines, Date.now, (milliseconds) => sleep(milliseconds));
  const left = await engines.warehouse.rows(`SELECT account_id FROM events WHERE user_id = 'eve_22'`, anyRow);
  expect(left).toEqual([{ account_id: 'beta' }]);
  const [receipt] = await listReceipts(engines.ledger);
  expect(receipt?.remaining.map(({ table }) => table)).toEqual(expect.arrayContaining(['events', 'identities']));
  service = await serve(engines);
  const call = (account: string) =>
    service.send('/v1/track', { userId: 'eve_22', event: 'login', context: { groupId: account } });
  expect(await (await call('acme')).json()).toMatchObject({ refused: 1 });
  expect(await (await call('beta')).json()).toEqual({ success: true });
});
