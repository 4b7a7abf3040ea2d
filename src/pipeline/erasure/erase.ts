import { existsSync } from 'node:fs';
import { z } from 'zod';
import { keyedHash, userText, valueText } from '../../ingest/suppression.ts';
import type { Queryable } from '../../ledger/ledger.ts';
import { Failure } from '../../model/failure.ts';
import type { Engines } from '../engines.ts';
import { type Patience, whileNobodyImports } from '../one-import.ts';
import { readSuppressions } from '../suppression.ts';
import { countInLedger, eraseInLedger, searchLedger } from './ledger-erasure.ts';
import { findPerson, type Person } from './person.ts';
import type { BackupNamed, ErasurePlan, ErasureReceipt } from './receipt.ts';
import { awaitFilesGone, hastenFiles } from './replaced-files.ts';
import {
  carrierOf,
  countInWarehouse,
  dropForgotten,
  eraseInWarehouse,
  searchWarehouse,
  type TableCount,
} from './warehouse-erasure.ts';

/** Whom to erase. */
export interface ErasureRequest {
  readonly userId: string;
  /** Only what they did in this account; null: everywhere. */
  readonly accountId: string | null;
  /** Further words of theirs to look for in texts, such as a name that no attribute tells. */
  readonly also: readonly string[];
  readonly by: string;
  readonly now: Date;
}

const countSchema = z.object({
  engine: z.enum(['warehouse', 'ledger']),
  table: z.string(),
  removed: z.number(),
  mended: z.number(),
});
const workSchema = z.object({
  person: z.object({
    userId: z.string(),
    accountId: z.string().nullable(),
    ids: z.array(z.string()),
    shared: z.array(z.string()),
    words: z.array(z.string()),
    values: z.array(z.string()),
    accounts: z.array(z.string()),
    isElsewhere: z.boolean(),
  }),
  tables: z.array(countSchema),
});
type Work = z.infer<typeof workSchema>;

/** Nothing can be looked for that no table can hold. */
function refuseUnfit({ userId, accountId, also }: Pick<ErasureRequest, 'userId' | 'accountId' | 'also'>): void {
  if (userId === '') throw new Failure('no-user', 'Name the id of the user.');
  if ([userId, accountId ?? '', ...also].some((word) => /[\p{Cc}\p{Surrogate}]/u.test(word))) {
    throw new Failure('bad-request', 'An id and words hold no control characters, and no halves of characters.');
  }
}

const isSomebody = ({ tables }: { readonly tables: readonly TableCount[] }): boolean =>
  tables.some(({ removed, mended }) => removed + mended > 0);

/** What an erasure would do, table by table; nothing is changed. */
export async function planErasure(engines: Engines, request: ErasureRequest): Promise<ErasurePlan> {
  const { warehouse, ledger } = engines;
  refuseUnfit(request);
  const person = await findPerson(warehouse, request);
  const { key } = await readSuppressions(ledger);
  return {
    subject: keyedHash(key, userText(person.userId, person.accountId)),
    accountId: person.accountId,
    ids: person.ids.length,
    sharedIds: person.shared.length,
    words: person.words.length,
    accounts: person.accounts,
    tables: [...(await countInWarehouse(engines, person)), ...(await countInLedger(ledger, person))].filter(
      ({ removed, mended }) => removed + mended > 0,
    ),
    backups: await backupsBefore(ledger, request.now),
  };
}

/**
 * Begins an erasure: from now on nothing of the user is taken, and what is held of them is removed by `continueErasures`.
 * The answer is its number. Refuses `no-user` where nothing is held and nothing was named besides, so that a misspelt id is
 * not taken for done.
 */
export async function beginErasure(engines: Engines, request: ErasureRequest): Promise<number> {
  const { warehouse, ledger } = engines;
  const { accountId, by, now } = request;
  refuseUnfit(request);
  const person = await findPerson(warehouse, request);
  if (
    !isSomebody({ tables: [...(await countInWarehouse(engines, person)), ...(await countInLedger(ledger, person))] })
  ) {
    throw new Failure('no-user', 'Nothing is held of this user. Check the id as the events or the files spell it.');
  }
  const { key } = await readSuppressions(ledger);
  const scope = person.isElsewhere ? accountId : null;
  const hashes = [
    ...person.ids.map((id) => ({ kind: 'user', hash: keyedHash(key, userText(id, scope)) })),
    ...(person.isElsewhere ? [] : person.values).map((value) => ({
      kind: 'value',
      hash: keyedHash(key, valueText(value)),
    })),
  ];
  const work: Work = { person: { ...person, ...mutable(person) }, tables: [] };
  return ledger.transaction(async (transaction) => {
    const [row] = await transaction.query(
      `INSERT INTO erasures (subject, account_id, begun_at, begun_by, status, work, accounts) VALUES ($1, $2, $3, $4, 'begun', $5, $6) RETURNING erasure_id`,
      [
        keyedHash(key, userText(person.userId, accountId)),
        accountId,
        now,
        by,
        JSON.stringify(work),
        JSON.stringify(person.accounts),
      ],
      z.object({ erasure_id: z.coerce.number() }),
    );
    if (row === undefined) throw new Error('an insert answered no row');
    await suppress(transaction, row.erasure_id, hashes, now);
    return row.erasure_id;
  });
}

function mutable({ ids, shared, words, values, accounts }: Person) {
  return { ids: [...ids], shared: [...shared], words: [...words], values: [...values], accounts: [...accounts] };
}

async function suppress(
  ledger: Queryable,
  erasureId: number,
  hashes: readonly { readonly kind: string; readonly hash: string }[],
  now: Date,
): Promise<void> {
  await ledger.command(
    `INSERT INTO suppressions (hash, kind, erasure_id, since)
    SELECT h.hash, h.kind, $2, $3 FROM jsonb_to_recordset($1::jsonb) AS h(hash text, kind text)
    ON CONFLICT (hash, kind) DO UPDATE SET erasure_id = excluded.erasure_id, since = excluded.since, lifted_at = NULL, lifted_by = NULL`,
    [JSON.stringify(hashes), erasureId, now],
  );
}

const begunSchema = z.object({
  erasure_id: z.coerce.number(),
  subject: z.string(),
  account_id: z.string().nullable(),
  begun_at: z.date(),
  begun_by: z.string(),
  work: z.unknown(),
});

/** Whether an erasure waits to be carried out, or to be finished after a crash. */
export async function erasureWaits(ledger: Queryable): Promise<boolean> {
  const rows = await ledger.query(`SELECT 1 AS one FROM erasures WHERE status = 'begun' LIMIT 1`, [], z.unknown());
  return rows.length > 0;
}

/**
 * Carries out what was begun, also by a process that died: removes, searches, writes the receipt. The answer is the
 * accounts that are to be computed again. One process at a time, no computing meanwhile, and no import, which could bring back
 * what it read before. Refuses `import-runs` where an import takes longer than one waits.
 */
export async function continueErasures(
  engines: Engines,
  clock: () => number,
  patience: Patience,
): Promise<readonly string[]> {
  return whileNobodyImports(engines.ledger, patience, () => carryOut(engines, clock));
}

async function carryOut(given: Engines, clock: () => number): Promise<readonly string[]> {
  const engines = { ...given, run: carrierOf(given.run) };
  await dropForgotten(engines.warehouse, given.run);
  const rows = await engines.ledger.query(
    `SELECT erasure_id, subject, account_id, begun_at, begun_by, work FROM erasures WHERE status = 'begun' ORDER BY erasure_id`,
    [],
    begunSchema,
  );
  const accounts = new Set<string>();
  for (const row of rows) for (const id of await remove(engines, row, clock)) accounts.add(id);
  return [...accounts];
}

async function remove(
  engines: Engines,
  row: z.infer<typeof begunSchema>,
  clock: () => number,
): Promise<readonly string[]> {
  const { warehouse, ledger, model } = engines;
  const { person, tables: before } = workSchema.parse(row.work);
  const { key } = await readSuppressions(ledger);
  const tables = new Map(before.map((count) => [`${count.engine} ${count.table}`, count]));
  const note = async (count: TableCount, facts: readonly string[] = []): Promise<void> => {
    const name = `${count.engine} ${count.table}`;
    const known = tables.get(name);
    // What was counted before a crash and not yet done is counted once.
    tables.set(name, {
      ...count,
      removed: Math.max(known?.removed ?? 0, count.removed),
      mended: Math.max(known?.mended ?? 0, count.mended),
    });
    await ledger.transaction(async (transaction) => {
      await transaction.command(
        `UPDATE erasures SET work = jsonb_set(work, '{tables}', $2::jsonb) WHERE erasure_id = $1`,
        [row.erasure_id, JSON.stringify([...tables.values()])],
      );
      const hashes = facts.map((hash) => ({ kind: 'fact', hash }));
      await suppress(transaction, row.erasure_id, hashes, new Date(clock()));
    });
  };
  await hastenFiles(warehouse);
  await eraseInWarehouse({ held: engines, person, key, onTable: note });
  await eraseInLedger(ledger, person, note);
  const now = new Date(clock());
  const receipt: ErasureReceipt = {
    erasureId: row.erasure_id,
    subject: row.subject,
    accountId: row.account_id,
    by: row.begun_by,
    begunAt: row.begun_at.toISOString(),
    removedAt: now.toISOString(),
    modelVersion: model.version,
    ids: person.ids.length,
    sharedIds: person.shared.length,
    tables: [...tables.values()],
    accounts: person.accounts.length,
    remaining: [...(await searchWarehouse(engines, person)), ...(await searchLedger(ledger, person))],
    backups: await backupsBefore(ledger, now),
    filesGoneAt: null,
  };
  await ledger.command(
    `UPDATE erasures SET status = 'removed', work = NULL, receipt = $2, removed_at = $3 WHERE erasure_id = $1`,
    [row.erasure_id, JSON.stringify(receipt), now],
  );
  await ledger.command('VACUUM FULL erasures');
  return person.accounts;
}

/**
 * Waits until the files that held what was removed are gone from the disk, and notes it in the receipts. May be repeated;
 * ends early with the signal.
 */
export async function finishErasures(
  { warehouse, ledger }: Pick<Engines, 'warehouse' | 'ledger'>,
  clock: () => number,
  pause: (milliseconds: number) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const rows = await ledger.query(
    `SELECT erasure_id FROM erasures WHERE status = 'removed' ORDER BY erasure_id`,
    [],
    z.object({ erasure_id: z.coerce.number() }),
  );
  if (rows.length === 0) return;
  const isGone = await awaitFilesGone(warehouse, pause, signal);
  if (signal?.aborted === true) return;
  const now = new Date(clock());
  for (const { erasure_id } of rows) {
    await ledger.command(
      `UPDATE erasures SET status = 'done', finished_at = $2, receipt = jsonb_set(receipt, '{filesGoneAt}', $3::jsonb) WHERE erasure_id = $1`,
      [erasure_id, now, isGone ? JSON.stringify(now.toISOString()) : 'null'],
    );
  }
}

/** Receipts of all erasures, the latest first; an erasure that is under way has none. */
export async function listReceipts(ledger: Queryable): Promise<readonly ErasureReceipt[]> {
  const rows = await ledger.query(
    'SELECT receipt FROM erasures WHERE receipt IS NOT NULL ORDER BY erasure_id DESC',
    [],
    z.object({ receipt: z.unknown() }),
  );
  // Written by this same code, and by nobody else.
  return rows.map(({ receipt }) => receipt as ErasureReceipt);
}

/** Lets an erased user come back: their id is taken again from now on. Refuses `no-user` where it is not suppressed. */
export async function liftSuppression(
  ledger: Queryable,
  userId: string,
  accountId: string | null,
  by: string,
  now: Date,
): Promise<void> {
  refuseUnfit({ userId, accountId, also: [] });
  const { key } = await readSuppressions(ledger);
  const lifted = await ledger.command(
    `UPDATE suppressions SET lifted_at = $2, lifted_by = $3 WHERE lifted_at IS NULL AND erasure_id IN (
      SELECT erasure_id FROM suppressions WHERE hash = $1 AND kind = 'user' AND lifted_at IS NULL)`,
    [keyedHash(key, userText(userId, accountId)), now, by],
  );
  if (lifted === 0) throw new Failure('no-user', 'This user is not suppressed: nothing keeps them from coming back.');
}

async function backupsBefore(ledger: Queryable, now: Date): Promise<readonly BackupNamed[]> {
  const rows = await ledger.query(
    `SELECT folder, begun_at FROM backups WHERE status <> 'failed' AND begun_at <= $1 ORDER BY begun_at`,
    [now],
    z.object({ folder: z.string(), begun_at: z.date() }),
  );
  return rows
    .filter(({ folder }) => existsSync(folder))
    .map(({ folder, begun_at }) => ({
      folder,
      at: begun_at.toISOString(),
      expire: 'Delete this folder and every copy of it. Until then: whoever restores it must erase the user again.',
    }));
}
