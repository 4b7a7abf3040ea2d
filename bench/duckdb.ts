import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { accountStatements } from './duckdb-accounts.ts';
import { DAY, groundStatements, loadStatements, type Setting, text } from './duckdb-facts.ts';
import { moneyStatements } from './duckdb-money.ts';
import { userStatements } from './duckdb-users.ts';

const THREADS = 2;
const MEMORY = '4GB';

/** DuckDB with the files of a company in tables of its own. */
export interface Duck {
  readonly version: string;
  /** Builds the tables `user_signals` and `account_signals` anew. */
  signals(): Promise<void>;
  /** Columns of one of them. */
  columns(table: 'user_signals' | 'account_signals'): Promise<readonly string[]>;
  /** Writes one of them to a Parquet file. */
  write(table: 'user_signals' | 'account_signals', path: string): Promise<void>;
  close(): void;
}

/** Loads the files into a database in `folder`; each `signals` runs the hand-written SQL in a connection of its own. */
export async function openDuck(folder: string, setting: Setting, trackedFrom: number): Promise<Duck> {
  if (setting.at - trackedFrom < 366 * DAY) throw new Error('the hand-written SQL needs more than a year of history');
  const path = join(folder, 'bench.duckdb');
  rmSync(path, { force: true });
  const instance = await DuckDBInstance.create(path, {
    threads: String(THREADS),
    memory_limit: MEMORY,
    temp_directory: join(folder, 'duckdb-spill'),
  });
  let connection = await instance.connect();
  for (const sql of loadStatements(setting)) await connection.run(sql);
  await connection.run('CHECKPOINT');
  const statements = [
    ...groundStatements(setting),
    ...moneyStatements(setting),
    ...userStatements(setting),
    ...accountStatements(setting, trackedFrom),
  ];
  const version = String((await connection.runAndReadAll('SELECT version()')).getRows()[0]?.[0]);
  return {
    version,
    signals: async () => {
      connection.closeSync();
      connection = await instance.connect();
      await connection.run('SET preserve_insertion_order = false');
      for (const sql of statements) await connection.run(sql);
    },
    columns: async (table) => (await connection.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`)).columnNames(),
    write: async (table, target) => {
      await connection.run(`COPY ${table} TO ${text(target)} (FORMAT parquet)`);
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
