import { describe, expect, it } from 'vitest';
import { forCluster, parseStep } from '../../src/warehouse/ddl-steps.ts';

describe('a step of the schema', () => {
  it('is cut into statements without its comments', () => {
    const step = parseStep('0001-x', "-- why; because\nCREATE TABLE a (x String DEFAULT ';');\n\nSELECT 1;\n");
    expect(step.statements).toEqual(["CREATE TABLE a (x String DEFAULT ';')", 'SELECT 1']);
  });

  it('is itself without a cluster', () => {
    const sql = 'CREATE TABLE IF NOT EXISTS a (x String) ENGINE = MergeTree ORDER BY x';
    expect(forCluster(sql, null)).toBe(sql);
  });

  it.each([
    [
      'CREATE TABLE IF NOT EXISTS a (x String)\nENGINE = MergeTree\nORDER BY x',
      "CREATE TABLE IF NOT EXISTS a ON CLUSTER 'main' (x String)\nENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')\nORDER BY x",
    ],
    [
      'CREATE TABLE a (x String) ENGINE = ReplacingMergeTree(at) ORDER BY x',
      "CREATE TABLE a ON CLUSTER 'main' (x String) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', at) ORDER BY x",
    ],
    ['ALTER TABLE a ADD COLUMN y String', "ALTER TABLE a ON CLUSTER 'main' ADD COLUMN y String"],
    ['CREATE DATABASE IF NOT EXISTS b', "CREATE DATABASE IF NOT EXISTS b ON CLUSTER 'main'"],
  ])('runs on all of a cluster: %s', (sql, expected) => {
    expect(forCluster(sql, 'main')).toBe(expected);
  });
});
