import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { arrivalRow } from '../../src/ingest/arrival.ts';
import { Landing } from '../../src/ingest/landing.ts';
import { settleArrivals } from '../../src/ingest/settle-arrivals.ts';
import * as ledgerCopy from '../../src/ledger/copy.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { type BackupManifest, backUp, listBackups, readBack } from '../../src/pipeline/backup.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { setOverride } from '../../src/pipeline/override.ts';
import { readBackup, restore } from '../../src/pipeline/restore.ts';
import { runModel } from '../../src/pipeline/run.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import * as warehouseCopy from '../../src/warehouse/copy.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { loadRows } from '../profile/load-world.ts';
import { scratchFolder } from '../scratch.ts';
import { worldRows } from '../simulate/rows.ts';
import { SHIPPED_STEPS } from '../warehouse/rehearsal.ts';

const now = new Date('2026-11-22T12:00:00.000Z');
const text = writeDefaultModel();
const anyRow = z.record(z.string(), z.unknown());
const closing: (() => Promise<void>)[] = [];
const folder = join(scratchFolder(), 'backup');
let engines: Engines;
let manifest: BackupManifest;
/** Ids of messages that were acknowledged before the backup began. */
let before = 0;

async function open(): Promise<Engines> {
  const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  const directory = scratchFolder();
  const [warehouse, ledger] = await Promise.all([openWarehouse({ directory }), openLedger({ directory })]);
  closing.push(
    () => warehouse.close(),
    () => ledger.close(),
  );
  return { model, modelText: text, warehouse, ledger, run: 'test' };
}

beforeAll(async () => {
  engines = await open();
  const { warehouse } = engines;
  await loadRows(warehouse, worldRows({ seed: 5, accounts: 20, end: '2026-11-21', months: 6 }).tables);
  // What is replaced stands beside what replaces it until the engine merges, whenever that is.
  for (const rows of [1, 2, 3]) {
    const covered = { table_name: 'events', source: 'told again', covers_from: null, complete_through: null };
    await warehouse.insertRows('coverage', [
      { ...covered, carries_users: 1, rows, received_at: new Date(now.getTime() + rows) },
    ]);
  }
  await runModel(engines, { asOf: null, now });
  const [account] = await warehouse.rows('SELECT account_id FROM accounts ORDER BY account_id LIMIT 1', anyRow);
  const reason = 'she said "wait"\u2028until \\ the new year, naïvely\n';
  await setOverride(engines, {
    ...{ accountId: String(account?.['account_id']), segment: 'Strategic', reason, author: 'Zoë' },
    ...{ days: 30, now },
  });
  manifest = await backUpUnderLoad();
});

afterAll(async () => {
  for (const close of closing) await close();
});

/** Backs up while messages arrive and are settled all the time. */
async function backUpUnderLoad(): Promise<BackupManifest> {
  const { warehouse } = engines;
  const clock = () => now.getTime();
  const pause = () => Promise.resolve();
  const landing = new Landing({ warehouse, process: 'p', clock, pause, table: 'arrivals', write: arrivalRow });
  let sent = 0;
  let isOver = false;
  const send = async (): Promise<void> => {
    const first = sent;
    sent += 50;
    const rows = Array.from({ length: 50 }, (_, i) => ({
      ...{ into: 'events' as const, event: 'report_exported', time: now.getTime() - 60_000, session_id: '' },
      ...{ user_id: 'live', account_id: 'live', message_id: `live-${first + i}`, properties: { n: String(i) } },
    }));
    await landing.land(rows, now.getTime(), 1);
    if (sent % 200 === 0) await settleArrivals(warehouse, now);
  };
  for (let i = 0; i < 5; i += 1) await send();
  before = sent;
  const load = (async () => {
    while (!isOver) await send();
  })();
  const made = await backUp(engines, { folder, now });
  isOver = true;
  await load;
  expect(sent).toBeGreaterThan(before);
  return made;
}

test('every table of the schema is kept, or is known to be derived', async () => {
  const kept = await warehouseCopy.keptTables(engines.warehouse);
  const inSchema = SHIPPED_STEPS.flatMap(({ statements }) =>
    statements.flatMap((statement) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? []),
  );
  expect([...kept, ...warehouseCopy.DERIVED_TABLES].sort()).toEqual([...inSchema].sort());
  const ledgerTables = await ledgerCopy.keptTables(engines.ledger);
  expect(manifest.files.map(({ table }) => table).sort()).toEqual([...kept, ...ledgerTables].sort());
});

test('a backup made under load is restored equal: every decision, and every acknowledged fact once', async () => {
  const other = await open();
  await restore(other, folder, await readBackup(folder));
  for (const table of await ledgerCopy.keptTables(engines.ledger)) {
    const sql = `SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') AS rows FROM ${table} AS t`;
    const read = ({ ledger }: Engines) => ledger.query(sql, [], z.object({ rows: z.unknown() }));
    expect(await read(other), table).toEqual(await read(engines));
  }
  for (const table of await warehouseCopy.keptTables(engines.warehouse)) {
    if (['events', 'arrivals', 'settled_batches'].includes(table)) continue;
    const sql = `SELECT count() AS n, groupBitXor(sipHash64(tuple(*))) AS h FROM ${table} SETTINGS final = 1`;
    expect(await other.warehouse.rows(sql, anyRow), table).toEqual(await engines.warehouse.rows(sql, anyRow));
  }
  await settleArrivals(other.warehouse, now);
  const live = `SELECT count() AS n, uniqExact(message_id) AS ids, countIf(toUInt32(substring(message_id, 6)) < ${before}) AS early
    FROM events WHERE account_id = 'live'`;
  const [row] = await other.warehouse.rows(
    live,
    z.object({ n: z.coerce.number(), ids: z.coerce.number(), early: z.coerce.number() }),
  );
  expect(row?.n).toBe(row?.ids);
  expect(row?.early).toBe(before);
  const old = `SELECT count() AS n, groupBitXor(sipHash64(tuple(*))) AS h FROM events WHERE account_id != 'live'`;
  expect(await other.warehouse.rows(old, anyRow)).toEqual(await engines.warehouse.rows(old, anyRow));
  // New rows of the ledger get numbers of their own.
  const counted = await other.ledger.query(
    `INSERT INTO api_keys (name, scope, hash, hint, created_at, created_by) VALUES ('k', 'read', 'h', 'x', now(), '') RETURNING key_id`,
    [],
    z.object({ key_id: z.number() }),
  );
  expect(counted).toHaveLength(1);
});

test('it is put into nothing that holds anything', async () => {
  await expect(restore(engines, folder, manifest)).rejects.toMatchObject({ code: 'not-empty' });
  await expect(backUp(engines, { folder, now })).rejects.toMatchObject({ code: 'backup-exists' });
});

test('a table that broke off on its way fails the backup, however whole its file looks', async () => {
  const { warehouse } = engines;
  const file = manifest.files.find(({ table }) => table === 'events');
  if (file === undefined) throw new Error('no events');
  const packed = await readFile(join(folder, file.path));
  await readBack(warehouse, folder, manifest.files);
  const other = scratchFolder();
  await mkdir(join(other, 'warehouse'));
  const tryWith = async (bytes: Buffer, rows = file.rows) => {
    await writeFile(join(other, file.path), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return readBack(warehouse, other, [{ ...file, rows, bytes: bytes.length, sha256 }]);
  };
  await tryWith(packed);
  const failed = { code: 'backup-failed' };
  const plain = gunzipSync(packed);
  await expect(tryWith(packed.subarray(0, packed.length >> 1)), 'a cut file').rejects.toMatchObject(failed);
  await expect(tryWith(gzipSync(plain.subarray(0, plain.length - 7))), 'a cut answer').rejects.toMatchObject(failed);
  await expect(
    tryWith(gzipSync(Buffer.concat([plain, Buffer.from('Code: 241. DB::Exception')]))),
  ).rejects.toMatchObject(failed);
  await expect(tryWith(packed, file.rows + 1_000_000), 'fewer rows than were counted').rejects.toMatchObject(failed);
});

test('an engine that dies while it is copied fails the backup, and nothing is left of it', async () => {
  const { warehouse } = engines;
  const target = join(scratchFolder(), 'broken');
  const pid = (warehouse as OpenWarehouse).engine.pid() ?? 0;
  let isKilled = false;
  const onProgress = (done: number) => {
    if (done < 3 || isKilled) return;
    isKilled = true;
    process.kill(pid, 'SIGKILL');
  };
  await expect(backUp(engines, { folder: target, now, onProgress })).rejects.toMatchObject({ isRetryable: true });
  expect(existsSync(target) || existsSync(`${target}.partial`)).toBe(false);
  const [latest, earlier] = await listBackups(engines.ledger);
  expect(latest).toMatchObject({ status: 'failed', folder: target });
  expect(earlier).toMatchObject({
    status: 'done',
    folder,
    rows: manifest.files.reduce((sum, { rows }) => sum + rows, 0),
  });
});

test('a file that is not what was written is named before anything is restored', async () => {
  await expect(readBackup(scratchFolder())).rejects.toMatchObject({ code: 'no-backup' });
  const path = join(folder, 'warehouse', 'events.native.gz');
  const bytes = await readFile(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(path, bytes);
  await expect(readBackup(folder)).rejects.toMatchObject({
    code: 'backup-damaged',
    message: expect.stringContaining('events'),
  });
});
