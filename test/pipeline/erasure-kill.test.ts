import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import { importSources } from '../../src/ingest/import-sources.ts';
import { listReceipts } from '../../src/pipeline/erasure/erase.ts';
import { readSuppressions } from '../../src/pipeline/suppression.ts';
import { LIVE_MODEL, type OpenEngines, openEngines, until } from '../api/serving.ts';
import { ID, MAIL, sources, standing, WORDS, writeFiles } from './person.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Tables that are counted as done when the process is killed: at the start, among the facts, among the decisions. */
const KILLED_AFTER = [0, 2, 6, 10] as const;

let engines: OpenEngines;
let admin = '';
const children = new Set<ChildProcess>();

beforeAll(async () => {
  engines = await openEngines();
  const { warehouse, ledger, directory } = engines;
  writeFileSync(join(directory, 'bellwether.yaml'), LIVE_MODEL);
  writeFiles(directory);
  const suppressed = await readSuppressions(ledger);
  const now = new Date('2026-11-20T12:00:00Z');
  await importSources({ warehouse, suppressed, model: { sources }, directory, environment: () => undefined, now });
  admin = (await new KeyRing(ledger, Date.now).create('ann', 'admin', 'test')).key;
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await engines.close();
});

/** `bellwether serve` as a process of its own over engines that outlive it. */
async function start(): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  // A process that was killed keeps its role until the lease is over; nobody need wait for that here.
  await engines.ledger.command('UPDATE roles_held SET until = clock_timestamp()');
  const { url, username, password } = engines.warehouse.engine.address();
  const environment = {
    CLICKHOUSE_URL: Object.assign(new URL(url), { username, password }).href,
    CLICKHOUSE_DATABASE: engines.warehouse.database,
    DATABASE_URL: engines.ledger.server.url(),
    BELLWETHER_EVIDENCE: 'asked',
  };
  const words = ['src/cli/main.ts', 'serve', '--port', '0', '--json', '--workspace', engines.directory];
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let told = '';
  child.stderr?.on('data', (data: Buffer) => {
    told = (told + data.toString()).slice(-4_000);
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { event: string; address?: string };
      if (said.event === 'started') resolve(said.address ?? '');
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${told}`)));
  });
  return { child, address };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
  children.delete(child);
}

/** The erasure as the ledger has it: how far it is, and how many tables are counted. */
async function progress(): Promise<{ readonly status: string; readonly tables: number } | undefined> {
  const rows = await engines.ledger.query(
    `SELECT status, jsonb_array_length(coalesce(work, '{"tables":[]}')->'tables') AS tables FROM erasures`,
    [],
    z.object({ status: z.string(), tables: z.coerce.number() }),
  );
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0];
}

test('a process that is killed in the middle of an erasure, again and again, leaves nothing of the person and one receipt', async () => {
  expect((await standing(engines, [MAIL])).length).toBeGreaterThan(5);
  let server = await start();
  const order = await fetch(`${server.address}/api/v1/erasures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ userId: ID }),
  });
  expect(order.status).toBe(202);
  const killedAt: number[] = [];
  for (const least of KILLED_AFTER) {
    const seen = await until(progress, (found) => (found?.tables ?? 0) >= least || found?.status !== 'begun');
    await end(server.child, 'SIGKILL');
    if (seen?.status === 'begun') killedAt.push(seen.tables);
    server = await start();
  }
  // It was in the middle, and not before or after all of it.
  expect(killedAt.length).toBeGreaterThanOrEqual(3);
  await until(progress, (found) => found?.status !== 'begun');
  await end(server.child, 'SIGTERM');
  expect(await standing(engines, WORDS)).toEqual([]);
  const receipts = await listReceipts(engines.ledger);
  expect(receipts).toHaveLength(1);
  const count = (name: string) => receipts[0]?.tables.find(({ table }) => table === name);
  // What was done before a kill is counted once, and not lost.
  expect([count('users'), count('tickets'), count('identities')]).toMatchObject([
    { removed: 1, mended: 1 },
    { removed: 0, mended: 3 },
    { removed: 3 },
  ]);
  expect(receipts[0]).toMatchObject({ remaining: [], ids: 3, sharedIds: 1 });
});
