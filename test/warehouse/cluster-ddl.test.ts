import { describe, expect, it } from 'vitest';
import { createBeside, deleteRows } from '../../src/warehouse/cluster.ts';
import { forCluster } from '../../src/warehouse/cluster-ddl.ts';
import type { Cluster, Warehouse } from '../../src/warehouse/warehouse.ts';
import { SHARDED_TABLES, SHIPPED_STEPS } from './rehearsal.ts';

const MAIN: Cluster = { name: 'main', database: 'bw', isRehearsal: false };
const REHEARSAL: Cluster = { ...MAIN, isRehearsal: true };
const PATH = `'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`;

describe('a statement of the schema', () => {
  const all = SHIPPED_STEPS.flatMap((step) => step.statements);

  it('is itself without a cluster', () => {
    for (const statement of all) expect(forCluster(statement, null)).toEqual([statement]);
  });

  it.each([
    [
      'CREATE TABLE IF NOT EXISTS a (x String,\n  account_id String)\nENGINE = MergeTree\nORDER BY x',
      [
        `CREATE TABLE IF NOT EXISTS a_local ON CLUSTER 'main' (x String,\n  account_id String)\nENGINE = ReplicatedMergeTree(${PATH})\nORDER BY x\nSETTINGS replicated_deduplication_window = 0`,
        `CREATE TABLE IF NOT EXISTS a ON CLUSTER 'main' AS bw.a_local ENGINE = Distributed('main', 'bw', 'a_local', cityHash64(account_id))`,
      ],
    ],
    [
      'CREATE TABLE IF NOT EXISTS b (x String, y String, at DateTime) ENGINE = ReplacingMergeTree(at) ORDER BY (x, y) SETTINGS fsync_after_insert = 1',
      [
        `CREATE TABLE IF NOT EXISTS b_local ON CLUSTER 'main' (x String, y String, at DateTime) ENGINE = ReplicatedReplacingMergeTree(${PATH}, at) ORDER BY (x, y) SETTINGS replicated_deduplication_window = 0, fsync_after_insert = 1`,
        `CREATE TABLE IF NOT EXISTS b ON CLUSTER 'main' AS bw.b_local ENGINE = Distributed('main', 'bw', 'b_local', cityHash64(x, y))`,
      ],
    ],
    [
      'ALTER TABLE a ADD COLUMN IF NOT EXISTS y String',
      [
        `ALTER TABLE a_local ON CLUSTER 'main' ADD COLUMN IF NOT EXISTS y String`,
        `ALTER TABLE a ON CLUSTER 'main' ADD COLUMN IF NOT EXISTS y String`,
      ],
    ],
    [
      'ALTER TABLE a ADD PROJECTION p (SELECT x, count() GROUP BY x)',
      [`ALTER TABLE a_local ON CLUSTER 'main' ADD PROJECTION p (SELECT x, count() GROUP BY x)`],
    ],
    ['CREATE DATABASE IF NOT EXISTS bw', [`CREATE DATABASE IF NOT EXISTS bw ON CLUSTER 'main'`]],
  ])('runs on all of a cluster: %s', (sql, expected) => {
    expect(forCluster(sql, MAIN)).toEqual(expected);
  });

  it('is neither replicated nor sent around where one server plays the cluster', () => {
    expect(forCluster('CREATE TABLE IF NOT EXISTS a (x String) ENGINE = MergeTree ORDER BY x', REHEARSAL)).toEqual([
      'CREATE TABLE IF NOT EXISTS a_local (x String) ENGINE = MergeTree ORDER BY x',
      `CREATE TABLE IF NOT EXISTS a AS bw.a_local ENGINE = Distributed('main', 'bw', 'a_local', cityHash64(x))`,
    ]);
  });

  it.each([
    'DROP TABLE a',
    'CREATE TABLE a (x String) ENGINE = MergeTree ORDER BY x',
    'ALTER TABLE a ADD COLUMN y String, ADD INDEX i y TYPE minmax',
    'CREATE VIEW v AS SELECT 1',
  ])('is refused where no rule says what it is on a cluster: %s', (sql) => {
    expect(() => forCluster(sql, MAIN)).toThrow(/No rule says/);
  });

  it('has a rule in every step that ships, and every table replicates what it holds', () => {
    const statements = all.flatMap((statement) => forCluster(statement, MAIN));
    expect(statements.filter((statement) => !statement.includes(`ON CLUSTER 'main'`))).toEqual([]);
    const local = statements.filter((statement) => /^CREATE TABLE \S+ \S+ \S+ \w+_local /.test(statement));
    expect(local.length).toBe(SHARDED_TABLES.length - 1);
    for (const statement of local) {
      expect(statement).toMatch(/ENGINE = Replicated\w*MergeTree\('/);
      expect(statement).toMatch(/SETTINGS replicated_deduplication_window = 0/);
    }
  });

  it('divides its table by account, or by what its rows are known by', () => {
    const keys = Object.fromEntries(SHARDED_TABLES.map(({ name, key }) => [name, key]));
    expect(keys).toMatchObject({
      accounts: 'cityHash64(account_id)',
      users: 'cityHash64(account_id)',
      events: `cityHash64(if(account_id = '', user_id, account_id))`,
      contracts: 'cityHash64(account_id)',
      answers: 'cityHash64(account_id)',
      account_links: 'cityHash64(account_id)',
      traits: 'cityHash64(id)',
      identities: 'cityHash64(user_id, time)',
      releases: 'cityHash64(feature, time)',
      rates: 'cityHash64(currency, `from`)',
      coverage: 'cityHash64(table_name, source)',
      imports: 'cityHash64(started_at, import_id)',
      quarantine: 'cityHash64(table_name, file, line, field)',
      ddl_steps: 'cityHash64(step)',
    });
  });
});

describe('what is written besides the schema', () => {
  it.each([
    [null, ['DELETE FROM answers WHERE x = 1', 'CREATE TABLE staged_facts AS events']],
    [
      MAIN,
      [
        `DELETE FROM answers_local ON CLUSTER 'main' WHERE x = 1`,
        'CREATE TABLE staged_facts AS events_local ENGINE = MergeTree ORDER BY line',
      ],
    ],
    [
      REHEARSAL,
      [
        'DELETE FROM answers_local WHERE x = 1',
        'CREATE TABLE staged_facts AS events_local ENGINE = MergeTree ORDER BY line',
      ],
    ],
  ])('goes to the rows themselves: %o', async (cluster, expected) => {
    const sent: string[] = [];
    const command = (sql: string): Promise<void> => Promise.resolve(void sent.push(sql));
    const warehouse = { cluster, command } as unknown as Warehouse;
    await deleteRows(warehouse, 'answers', 'x = 1');
    await createBeside(warehouse, 'staged_facts', 'events');
    expect(sent).toEqual(expected);
  });
});
