import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FACT_TABLES, warehouseColumn } from '../../src/model/tables.ts';
import { applySteps } from '../../src/warehouse/apply-steps.ts';
import { parseStep, readSteps } from '../../src/warehouse/ddl-steps.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { instant, whole } from '../../src/warehouse/values.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { scratchFolder } from '../scratch.ts';
import { hasEnded, hold } from './process.ts';

const MEMORY = 1_500_000_000;
const count = z.object({ n: whole });
const directory = scratchFolder();
let embedded: OpenWarehouse;

beforeAll(async () => {
  embedded = await openWarehouse({ directory, memoryLimitBytes: MEMORY });
});
afterAll(() => embedded.close());

async function rowsIn(warehouse: OpenWarehouse, table: string): Promise<number | undefined> {
  return (await warehouse.rows(`SELECT count() AS n FROM ${table}`, count))[0]?.n;
}

describe('the schema', () => {
  it('has every fact table with every column of its contract', async () => {
    const columns = await embedded.rows(
      'SELECT table, name FROM system.columns WHERE database = currentDatabase()',
      z.object({ table: z.string(), name: z.string() }),
    );
    for (const table of FACT_TABLES) {
      const names = columns.filter((column) => column.table === table.name).map((column) => column.name);
      const wanted = [...table.columns.map(warehouseColumn), 'fact_key', 'content', 'file', 'line', 'received_at'];
      expect(names, table.name).toEqual(expect.arrayContaining(wanted));
    }
  });

  it('is applied once, and refuses a step that was changed or is newer', async () => {
    const shipped = readSteps(new URL('../../src/warehouse/ddl/', import.meta.url));
    const before = await rowsIn(embedded, 'ddl_steps');
    await applySteps(embedded, shipped);
    expect(await rowsIn(embedded, 'ddl_steps')).toBe(before);
    const [first, ...others] = shipped;
    const changed = [parseStep(first?.name ?? '', 'SELECT 1;'), ...others];
    await expect(applySteps(embedded, changed)).rejects.toMatchObject({ code: 'ddl-changed' });
    await expect(applySteps(embedded, others)).rejects.toMatchObject({ code: 'ddl-changed' });
  });
});

describe.each(['embedded', 'server'] as const)('the %s warehouse', (kind) => {
  let warehouse: OpenWarehouse;
  beforeAll(async () => {
    const { url, username, password } = embedded.engine.address();
    const server = url.replace('//', `//${username}:${password}@`);
    warehouse = kind === 'embedded' ? embedded : await openWarehouse({ directory: 'unused', url: server });
    await warehouse.command(
      `CREATE TABLE ${kind}_values (i Int64, t DateTime64(3, 'UTC'), f Nullable(Float64)) ENGINE = MergeTree ORDER BY i`,
    );
  });
  afterAll(async () => {
    if (kind === 'server') await warehouse.close();
  });

  it('writes and reads values without loss', async () => {
    const at = new Date('2024-02-29T23:59:59.123Z');
    await warehouse.insertRows(`${kind}_values`, [
      { i: '9007199254740991', t: at.toISOString(), f: 0.1 },
      { i: '1', t: '2024-02-29 00:00:00', f: null },
    ]);
    const schema = z.object({ i: whole, t: instant, f: z.number().nullable() });
    const rows = await warehouse.rows(`SELECT i, t, f FROM ${kind}_values ORDER BY i DESC LIMIT 1`, schema);
    expect(rows).toEqual([{ i: 9007199254740991, t: at, f: 0.1 }]);
  });

  it('takes parameters, streams answers and streams bodies', async () => {
    const schema = z.object({ n: whole });
    const one = await warehouse.rows('SELECT {x:UInt32} + 1 AS n', schema, { parameters: { x: 41 } });
    expect(one).toEqual([{ n: 42 }]);
    let total = 0;
    for await (const block of warehouse.stream('SELECT number AS n FROM numbers(200000)', schema))
      total += block.length;
    expect(total).toBe(200_000);
    const body = Readable.from(['5,2024-01-01 00:00:00,\n', '6,2024-01-01 00:00:00,1\n']);
    await warehouse.insertFile(`INSERT INTO ${kind}_values FORMAT CSV`, body);
    expect(await warehouse.rows(`SELECT count() AS n FROM ${kind}_values WHERE i IN (5, 6)`, count)).toEqual([
      { n: 2 },
    ]);
    const long = `length('${'x'.repeat(150_000)}')`;
    const statement = `INSERT INTO ${kind}_values SELECT toString(i) AS i, t, ${long} AS f FROM input('i Int64, t DateTime') FORMAT CSV`;
    const more = Readable.from(['77,2024-01-01 00:00:00\n']);
    await warehouse.insertFile(statement, more);
    expect(await warehouse.rows(`SELECT toUInt64(f) AS n FROM ${kind}_values WHERE i = 77`, count)).toEqual([
      { n: 150_000 },
    ]);
    async function* generated(): AsyncGenerator<object> {
      for (let i = 100; i < 103; i += 1) yield { i, t: '2024-01-01 00:00:00', f: i };
    }
    await warehouse.insertRows(`${kind}_values`, generated());
    expect(await warehouse.rows(`SELECT count() AS n FROM ${kind}_values WHERE i >= 100 AND i < 103`, count)).toEqual([
      { n: 3 },
    ]);
  });

  it('keeps the SQL and the cause of a failure, and refuses answers of another shape', async () => {
    const failed = await warehouse.rows('SELECT nothing_such', z.unknown()).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'Failure', code: 'warehouse-query' });
    expect(String((failed as Error).cause)).toContain('SELECT nothing_such');
    await expect(warehouse.rows("SELECT 'a' AS n", count)).rejects.toMatchObject({ code: 'warehouse-shape' });
  });

  it('refuses what would reach beyond the database', async () => {
    for (const reach of ["file('/etc/passwd', 'LineAsString')", "url('http://127.0.0.1:1/', 'LineAsString')"]) {
      await expect(warehouse.rows(`SELECT * FROM ${reach}`, z.unknown())).rejects.toThrow(/Not enough privileges/);
    }
    await expect(warehouse.command('CREATE USER somebody')).rejects.toThrow(/Not enough privileges/);
  });

  it('survives a query that needs too much memory, and ends one that runs too long', async () => {
    const greedy = 'SELECT length(groupArray(repeat(toString(number), 50))) AS n FROM numbers(50000000)';
    await expect(warehouse.rows(greedy, count)).rejects.toMatchObject({ code: 'warehouse-memory' });
    const endless = 'SELECT count() AS n FROM numbers(1000000000000) WHERE sipHash64(number) = 1';
    await expect(warehouse.rows(endless, count, { timeLimitSeconds: 1 })).rejects.toMatchObject({
      code: 'warehouse-timeout',
    });
    const stop = new AbortController();
    const aborted = warehouse.rows(endless, count, { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    await expect(aborted).rejects.toMatchObject({ code: 'warehouse-aborted' });
    const running =
      "SELECT count() AS n FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'";
    await expect.poll(() => warehouse.rows(running, count), { timeout: 60_000 }).toEqual([{ n: 0 }]);
  });
});

describe('the embedded engine', () => {
  it('refuses a second process on the folder and says what to do', async () => {
    await expect(openWarehouse({ directory })).rejects.toMatchObject({
      code: 'workspace-in-use',
      message: expect.stringMatching(/Another Bellwether process \(pid \d+\).*--workspace/) as unknown,
    });
    expect(await rowsIn(embedded, 'ddl_steps')).toBeGreaterThan(0);
  });

  it('comes back after a kill -9 with all that it acknowledged', async () => {
    await embedded.command(
      'CREATE TABLE kept (i UInt64) ENGINE = MergeTree ORDER BY i SETTINGS fsync_after_insert = 1',
    );
    await embedded.insertRows('kept', [{ i: 1 }, { i: 2 }]);
    const pid = embedded.engine.pid();
    process.kill(pid ?? 0, 'SIGKILL');
    await hasEnded(pid ?? 0);
    await expect.poll(() => embedded.engine.restarts(), { timeout: 60_000 }).toBe(1);
    expect(await rowsIn(embedded, 'kept')).toBe(2);
  });

  it('leaves no process behind when its parent is killed, and keeps the data over a clean stop', async () => {
    const other = scratchFolder();
    const { holder, enginePid } = await hold('warehouse', other);
    holder.kill('SIGKILL');
    expect(await hasEnded(enginePid)).toBe(true);
    const first = await openWarehouse({ directory: other, memoryLimitBytes: MEMORY });
    await first.insertRows('rates', [{ currency: 'EUR', from: '2024-01-01', per_unit: 1.1 }]);
    await first.close();
    const second = await openWarehouse({ directory: other, memoryLimitBytes: MEMORY });
    expect(await rowsIn(second, 'rates')).toBe(1);
    await second.close();
  });
});
