import { createHash } from 'node:crypto';
import { z } from 'zod';
import { applyLedgerSteps, type LedgerStep, readLedgerSteps } from '../../src/ledger/apply-steps.ts';
import { PostgresLedger } from '../../src/ledger/postgres-ledger.ts';
import { startPostgres } from '../../src/ledger/postgres-server.ts';
import { applySteps } from '../../src/warehouse/apply-steps.ts';
import { type DdlStep, readSteps } from '../../src/warehouse/ddl-steps.ts';
import { startEngine } from '../../src/warehouse/engine.ts';
import { ensureDatabase, HttpWarehouse } from '../../src/warehouse/http-warehouse.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

/** SHA-256 of every step of the first layout, by name: a step that was used by anybody is never edited. */
export const FIRST_WAREHOUSE: Readonly<Record<string, string>> = {
  '0001-facts': '0b1dd2d839d211be1a8921b562ce01f5556f847ef8af8b42e1d4a07f6b7f15dd',
  '0002-imports': '2e88a20b62d1e0013ee704c8cc927d3f0fc5b6a4ee4ec3a71586f95f560c473e',
  '0003-answers': 'acdbf973abcbcc4437e6b832d5979c99931947138ec0585979a5c7640b693ae9',
  '0004-refresh': '64eda3b47d1a4a1fd98b8b9f5f9918aa70d9c6d4854053b0bef635c760076286',
  '0005-arrivals': '2145011aaa846927ce6f1e910c9e2c08d374fe389bad5c1e2e95532447888154',
  '0006-book': '938901050a0cdcc4777ddfb1ff5357c15ced93f0c2ec6f7395fd44b59cf852e4',
  '0007-area-evidence': '6e00b4a6d9bff32de57ac6f6aa717d0d06f74ddbc937a743d6ad7947c51bcbcd',
};
/** As `FIRST_WAREHOUSE`, of the ledger. */
export const FIRST_LEDGER: Readonly<Record<string, string>> = {
  '0001-ledger': '327ec31e751685bc884c85e5e00e100f559cbf0d9e70e6e1626c3a83bcfbd11c',
  '0002-live': 'f0ea1aa597e58b8763d58f5317ec6890389b736b751da689ff9eecc565cb92ce',
};

/** The steps of both engines as they ship today. */
export const WAREHOUSE_STEPS: readonly DdlStep[] = readSteps(new URL('../../src/warehouse/ddl/', import.meta.url));
/** As `WAREHOUSE_STEPS`, of the ledger. */
export const LEDGER_STEPS: readonly LedgerStep[] = readLedgerSteps(new URL('../../src/ledger/ddl/', import.meta.url));

/** Hash of a step of the ledger, as the ledger notes it. */
export const hashOf = (step: LedgerStep): string => createHash('sha256').update(step.sql).digest('hex');

const text = z.object({ h: z.string() });

/** A workspace's content, table by table, as both engines tell it. */
export type Content = Readonly<Record<string, string>>;

/** Asks an engine for a hash of each of its tables. */
export async function contentOf(tables: readonly string[], ask: (table: string) => Promise<string>): Promise<Content> {
  const content: Record<string, string> = {};
  for (const table of tables) content[table] = await ask(table);
  return content;
}

/** SQL of the warehouse: rows of a table and their hash, by the columns that it had. */
export const warehouseHash = (table: string, columns: string): string =>
  `SELECT concat(toString(count()), ' ', ifNull(toString(groupBitXor(sipHash64(toString(tuple(${columns}))))), '')) AS h FROM ${table}`;
/** As `warehouseHash`, of the ledger. */
export const ledgerHash = (table: string): string =>
  `SELECT count(*)::text || ' ' || coalesce(md5(string_agg(to_jsonb(t)::text, '|' ORDER BY to_jsonb(t)::text)), '') AS h FROM ${table} AS t`;

/**
 * Makes a workspace as the first version made it: its steps and no later one, with a simulated company of a year and what
 * was recorded of it. The answer is what it holds.
 *
 * Why built and not kept as files: the steps are the layout, and their hashes say that they are those of the first version.
 */
export async function makeFirstWorkspace(directory: string): Promise<{
  readonly warehouse: Content;
  readonly ledger: Content;
  readonly columns: Readonly<Record<string, string>>;
}> {
  const engine = await startEngine({ directory, database: 'bellwether', memoryLimitBytes: 2e9, rehearsal: null });
  const warehouse = new HttpWarehouse({
    ...{ database: 'bellwether', kind: 'embedded', cluster: null, timeLimitSeconds: 60 },
    ready: () => engine.supervisor.ready(),
    stop: () => engine.supervisor.stop(),
    engine: {
      ...{ pid: () => null, restarts: () => 0, address: engine.address, logPath: null, backupDirectory: null },
    },
  });
  await ensureDatabase(warehouse);
  await applySteps(
    warehouse,
    WAREHOUSE_STEPS.filter(({ name }) => name in FIRST_WAREHOUSE),
  );
  await loadRows(warehouse, worldRows({ seed: 9, accounts: 12, end: '2026-11-21', months: 12 }).tables);
  const named = await warehouse.rows(
    `SELECT table, arrayStringConcat(groupArray(concat('\`', name, '\`')), ', ') AS h FROM system.columns WHERE database = currentDatabase() AND table != 'ddl_steps' GROUP BY table`,
    text.extend({ table: z.string() }),
  );
  const columns = Object.fromEntries(named.map(({ table, h }) => [table, h]));
  const inWarehouse = await contentOf(Object.keys(columns), async (table) => {
    const [row] = await warehouse.rows(warehouseHash(table, columns[table] ?? ''), text);
    return row?.h ?? '';
  });
  await warehouse.close();
  return { warehouse: inWarehouse, ledger: await makeFirstLedger(directory), columns };
}

async function makeFirstLedger(directory: string): Promise<Content> {
  const server = await startPostgres({ directory });
  const ledger = new PostgresLedger({
    kind: 'embedded',
    connection: () => ({ ...server.address() }),
    ready: () => server.supervisor.ready(),
    stop: () => server.supervisor.stop(),
  });
  await applyLedgerSteps(
    ledger,
    LEDGER_STEPS.filter(({ name }) => name in FIRST_LEDGER),
  );
  const at = '2026-11-01T00:00:00Z';
  await ledger.command(`INSERT INTO model_versions (version, text, published_at) VALUES ('v1', 'version: 1', $1)`, [
    at,
  ]);
  await ledger.command(
    `INSERT INTO runs (run_id, as_of, model_version, started_at, finished_at) VALUES ('r1', $1, 'v1', $1, $1)`,
    [at],
  );
  await ledger.command(
    `INSERT INTO moves (account_id, at, to_segment, cause, model_version, run_id, recorded_at) SELECT 'a' || n, $1, 'Growth', 'first', 'v1', 'r1', $1 FROM generate_series(1, 50) n`,
    [at],
  );
  await ledger.command(
    `INSERT INTO assignments (account_id, segment, since, model_version, as_of, run_id) SELECT 'a' || n, 'Growth', $1, 'v1', $1, 'r1' FROM generate_series(1, 50) n`,
    [at],
  );
  await ledger.command(
    `INSERT INTO api_keys (name, scope, hash, hint, created_at, created_by) VALUES ('shop', 'write', 'h', 'x', $1, '')`,
    [at],
  );
  const tables = ['model_versions', 'runs', 'moves', 'assignments', 'overrides', 'holds', 'api_keys', 'reviews'];
  const content = await contentOf(
    tables,
    async (table) => (await ledger.query(ledgerHash(table), [], text))[0]?.h ?? '',
  );
  await ledger.close();
  return content;
}
