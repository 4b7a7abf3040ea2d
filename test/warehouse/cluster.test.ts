import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from '../../src/cli/configuration.ts';
import { importSources } from '../../src/ingest/import-sources.ts';
import { FACT_TABLES } from '../../src/model/tables.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { readAnswers, writeAnswers } from '../../src/segment/answer.ts';
import { onCluster, storedTable } from '../../src/warehouse/cluster.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { whole } from '../../src/warehouse/values.ts';
import type { OpenWarehouse, Warehouse } from '../../src/warehouse/warehouse.ts';
import { source } from '../ingest/builder.ts';
import { type RandomWorld, randomWorld } from '../oracle/random-world.ts';

import { loadWorld, modelOf } from '../profile/load-world.ts';
import { scratchFolder } from '../scratch.ts';
import { ELSEWHERE, rehearsal, SHARDED_TABLES } from './rehearsal.ts';

const DATABASE = `bellwether_test_${process.pid}`;
const { CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: cluster } = readEnvironment();
const isReal = url !== undefined && cluster !== undefined;

const anyRow = z.record(z.string(), z.unknown());
const count = z.object({ n: whole });
let plain: OpenWarehouse;

beforeAll(async () => {
  plain = await openWarehouse({ directory: scratchFolder(), database: DATABASE });
});

afterAll(() => plain.close());

/** Empties every table but the record of the steps; TRUNCATE of a Distributed table would leave its rows where they are. */
async function empty(warehouse: Warehouse): Promise<void> {
  for (const { name } of SHARDED_TABLES.filter((table) => table.name !== 'ddl_steps')) {
    await warehouse.command(`TRUNCATE TABLE ${storedTable(warehouse, name)}${onCluster(warehouse.cluster)}`);
  }
}

/** Profiles of everybody at two as-ofs, and the answers as they are read back after they were written twice. */
async function computed(warehouse: Warehouse, world: RandomWorld): Promise<readonly unknown[]> {
  await empty(warehouse);
  await loadWorld(warehouse, world);
  const model = modelOf(world);
  const asOfs = world.asOfs.slice(0, 2).map((asOf) => asOf.getTime());
  const tables = await computeProfiles(warehouse, { model, asOfs, run: 'shards' });
  try {
    for (let time = 0; time < 2; time += 1) {
      await writeAnswers(warehouse, model, SIGNAL_CATALOGUE, tables.accounts, asOfs, 0);
    }
    const accounts = await warehouse.rows(`SELECT * FROM ${tables.accounts} ORDER BY as_of, account_id`, anyRow);
    const users = await warehouse.rows(`SELECT * FROM ${tables.users} ORDER BY as_of, account_id, user_id`, anyRow);
    const answers = await readAnswers(warehouse, model.version, Math.min(...asOfs), Math.max(...asOfs));
    expect(answers.length).toBe(accounts.length);
    return [...accounts, ...users, ...answers].map(rounded);
  } finally {
    await dropProfiles(warehouse, 'shards');
  }
}

/** Sums of parts differ from sums of all in their last digits. */
function rounded(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(10)) : value,
    ]),
  );
}

const FILES: readonly (readonly (readonly [string, string])[])[] = [
  [
    ['accounts', 'account_id,created,name\na1,2024-01-01,One\na2,2024-01-01,Two\na3,2024-01-02,Three\nbad,oops,Bad\n'],
    ['users', 'user_id,account_id,role\nu1,a1,admin\nu2,a2,reader\nu2,a2,reader\nu3,a3,\n'],
    ['events', 'event,time,user_id,account_id\nopen,2024-01-02,u1,a1\nopen,2024-01-02,u1,a1\nsave,2024-02-03,u2,\n'],
    ['traits', 'entity,id,name,value\naccount,a1,color,red\nuser,u2,level,3\n'],
    ['rates', 'currency,from,per_unit\nEUR,2024-01-01,1.1\nGBP,2024-01-01,1.3\n'],
  ],
  [
    ['accounts', 'account_id,created,name\na1,2024-01-01,Uno\na2,2024-01-01,Two\na4,2024-03-01,Four\n'],
    ['users', 'user_id,account_id,role\nu1,a1,owner\nu2,a2,reader\n'],
    ['events', 'event,time,user_id,account_id\nopen,2024-01-02,u1,a1\nsave,2024-03-03,u3,a3\n'],
    ['traits', 'entity,id,name,value\naccount,a1,color,blue\nuser,u2,level,3\n'],
    ['rates', 'currency,from,per_unit\nEUR,2024-01-01,1.1\n'],
  ],
];

/** Imports the files of two days, each first as a dry run: reports, and every fact in the end. */
async function imported(warehouse: Warehouse): Promise<readonly unknown[]> {
  await empty(warehouse);
  const directory = scratchFolder();
  const told: unknown[] = [];
  for (const [day, files] of FILES.entries()) {
    for (const [table, text] of files) writeFileSync(join(directory, `${table}.csv`), text);
    const sources = FACT_TABLES.filter(({ name }) => files.some(([table]) => table === name)).map(({ name }) =>
      source({ name: `s_${name}`, table: name, path: `${name}.csv` }),
    );
    for (const dryRun of [true, false]) {
      const now = new Date(Date.UTC(2024, 5, day + 1));
      const options = { warehouse, model: { sources }, directory, environment: () => undefined, now, dryRun };
      const { importId: _, ...report } = await importSources(options);
      told.push(report);
    }
  }
  for (const { name } of FACT_TABLES)
    told.push(await warehouse.rows(`SELECT * FROM ${name} ORDER BY fact_key`, anyRow));
  told.push(await warehouse.rows('SELECT * EXCEPT import_id FROM quarantine ORDER BY ALL', anyRow));
  told.push(await warehouse.rows('SELECT * FROM coverage ORDER BY ALL', anyRow));
  return told;
}

describe('a cluster of two shards that one server plays', () => {
  let spread: OpenWarehouse;
  const n = async (sql: string, settings = {}): Promise<number | undefined> =>
    (await spread.rows(sql, count, { settings }))[0]?.n;

  beforeAll(async () => {
    spread = await openWarehouse({
      directory: scratchFolder(),
      database: DATABASE,
      rehearsal: rehearsal(DATABASE, 'loud'),
    });
  });
  afterAll(() => spread.close());

  test('tells a query that would be wrong on shards of their own', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({ account_id: `a${index}`, time: '2024-01-01 00:00:00' }));
    await spread.insertRows('notes', rows);
    const shards = await spread.rows('SELECT shardNum() AS n FROM notes GROUP BY n ORDER BY n', count);
    expect(shards).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await n('SELECT count() AS n FROM notes')).toBe(100);
    await spread.command('CREATE TABLE scratch_some ENGINE = Memory AS SELECT account_id FROM notes LIMIT 10');
    const some = 'SELECT account_id FROM scratch_some';
    const among = (rows: string): string => `SELECT count() AS n FROM notes WHERE account_id IN ${rows}`;
    expect(await n(among(`(${some})`))).toBe(10);
    expect(await n(among(`(SELECT account_id FROM (${some} UNION ALL ${some}))`))).toBe(10);
    // The engine makes none of these global by itself: better refused than answered by what each shard has.
    for (const sql of [
      among(`(${some} UNION ALL ${some})`),
      among('scratch_some'),
      `SELECT countIf(account_id IN (${some})) AS n FROM notes`,
    ]) {
      await expect(n(sql), sql).rejects.toThrow(ELSEWHERE);
    }
    await expect(n(among(`(${some})`), { prefer_global_in_and_join: 0 })).rejects.toThrow(ELSEWHERE);
    const others = `SELECT count() AS n FROM notes AS a WHERE concat('a', toString(toUInt32(substring(account_id, 2)) + 1)) IN (SELECT account_id FROM notes)`;
    expect(await n(others)).toBe(99);
    const local = { prefer_global_in_and_join: 0, distributed_product_mode: 'allow', prefer_localhost_replica: 1 };
    expect(await n(others.replace('FROM notes)', 'FROM notes_local)'), local)).toBeLessThan(99);
    await spread.command('DROP TABLE scratch_some');
  });

  test.each([2, 3, 6])('profiles and answers of random world %i are those of one server', async (seed) => {
    const world = randomWorld(seed);
    const [whole, parts] = await Promise.all([computed(plain, world), computed(spread, world)]);
    expect(parts).toEqual(whole);
  });

  test('imports report and keep what they do on one server', async () => {
    const quiet = rehearsal(DATABASE, 'quiet');
    const other = await openWarehouse({ directory: scratchFolder(), database: DATABASE, rehearsal: quiet });
    try {
      const [whole, parts] = await Promise.all([imported(plain), imported(other)]);
      expect(parts).toEqual(whole);
    } finally {
      await other.close();
    }
  });

  test('a database made for a cluster is refused without it, and the other way round', async () => {
    const as = (warehouse: OpenWarehouse): string => {
      const { url, username, password } = warehouse.engine.address();
      return url.replace('//', `//${username}:${password}@`);
    };
    const open = (warehouse: OpenWarehouse, name?: string): Promise<OpenWarehouse> =>
      openWarehouse({ directory: 'unused', url: as(warehouse), database: DATABASE, cluster: name });
    await expect(open(spread)).rejects.toMatchObject({ code: 'cluster-mismatch' });
    await expect(open(plain, 'nowhere')).rejects.toMatchObject({ code: 'cluster-unfit' });
    await expect(open(spread, 'rehearsal')).rejects.toMatchObject({
      code: 'cluster-unfit',
      message: expect.stringContaining('define shard and replica') as unknown,
    });
  });
});

const NOT_RUN = 'NOT RUN: it needs CLICKHOUSE_URL and CLICKHOUSE_CLUSTER';

describe.skipIf(!isReal)(`a cluster of servers${isReal ? '' : ` (${NOT_RUN})`}`, () => {
  let spread: OpenWarehouse;

  beforeAll(async () => {
    spread = await openWarehouse({ directory: 'unused', url, cluster, database: DATABASE });
  });
  afterAll(async () => {
    await spread.command(`DROP DATABASE ${DATABASE}${onCluster(spread.cluster)} SYNC`);
    await spread.close();
  });

  test.each([2, 3])('profiles and answers of random world %i are those of one server', async (seed) => {
    const world = randomWorld(seed);
    expect(await computed(spread, world)).toEqual(await computed(plain, world));
  });

  test('imports report and keep what they do on one server', async () => {
    expect(await imported(spread)).toEqual(await imported(plain));
  });
});
