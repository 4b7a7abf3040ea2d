import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeJsonSchema } from '../definition/json_schema.ts';
import type { FactTableName } from '../model/table.ts';
import { factTable } from '../model/tables.ts';
import { EventFiles } from './event-files.ts';
import type { Batch, EventFact } from './facts.ts';
import { type Frame, frameOf, type SimulateOptions } from './planted.ts';
import { csvFile, jsonlFile, parquetFile, type TableFile } from './table-files.ts';
import type { Truth } from './truth.ts';
import { FILE_PLANS, type FilePlan, modelText } from './workspace-files.ts';
import { simulatedRows } from './world.ts';

/** How far the writing has come. */
export interface SimulateProgress {
  readonly accounts: number;
  readonly ofAccounts: number;
  readonly events: number;
}

/**
 * Writes a seeded company into a folder: its files, `bellwether.yaml`, and `truth.json` with everything planted.
 *
 * The same options write the same bytes. Earlier event files in the folder are removed, since the model reads all of
 * them. Memory holds the accounts and one row group of events, whatever the size.
 */
export async function simulate(
  options: SimulateOptions,
  directory: string,
  onProgress: (progress: SimulateProgress) => void = () => undefined,
): Promise<Truth> {
  const frame = frameOf(options);
  const rows = simulatedRows(options);
  const files = openFiles(directory, FILE_PLANS);
  let accounts = 0;
  let events = 0;
  let step = rows.next();
  for (; !step.done; step = rows.next()) {
    files.add(step.value);
    if (step.value.table === 'events') events += step.value.rows.length;
    if (step.value.table !== 'accounts') continue;
    accounts += step.value.rows.length;
    onProgress({ accounts: Math.min(accounts, frame.accounts), ofAccounts: frame.accounts, events });
    // Let timers and signals have their turn.
    if (accounts % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  files.close();
  writeModel(
    frame,
    directory,
    FILE_PLANS.map((plan) => plan.table),
  );
  const truth = step.value;
  writeFileSync(join(directory, 'truth.json'), truthText(truth));
  onProgress({ accounts: frame.accounts, ofAccounts: frame.accounts, events });
  return truth;
}

/** One account a line, so that two worlds can be compared. */
function truthText({ accounts, ...rest }: Truth): string {
  const lines = accounts.map((account) => `    ${JSON.stringify(account)}`);
  return `${JSON.stringify(rest, null, 2).slice(0, -2)},\n  "accounts": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/**
 * Writes rows of any world, such as a steady one, as a workspace that can be imported: the files of the tables that it
 * has, and the example model over them.
 */
export function writeWorkspace(frame: Pick<Frame, 'start' | 'end'>, batches: Iterable<Batch>, directory: string): void {
  const tables: readonly FactTableName[] = ['accounts', 'users', 'events', 'contracts'];
  const files = openFiles(
    directory,
    FILE_PLANS.filter((plan) => tables.includes(plan.table)),
  );
  for (const batch of batches) files.add(batch);
  files.close();
  writeModel(frame, directory, tables);
}

function writeModel(frame: Pick<Frame, 'start' | 'end'>, directory: string, tables: readonly FactTableName[]): void {
  writeFileSync(join(directory, 'bellwether.yaml'), modelText(frame, tables));
  writeFileSync(join(directory, 'bellwether.schema.json'), writeJsonSchema());
}

function openFiles(directory: string, plans: readonly FilePlan[]): { add(batch: Batch): void; close(): void } {
  const eventsFolder = join(directory, 'data', 'events');
  mkdirSync(eventsFolder, { recursive: true });
  for (const name of readdirSync(eventsFolder)) {
    if (/^(?:events|late)-\d+\.parquet$/.test(name)) rmSync(join(eventsFolder, name));
  }
  const events = new EventFiles(eventsFolder, 'events');
  const late = new EventFiles(eventsFolder, 'late');
  const files = new Map<FactTableName, TableFile>();
  for (const plan of plans) if (plan.table !== 'events') files.set(plan.table, openFile(directory, plan));
  return {
    add: ({ table, rows, isLate }) => {
      if (table === 'events') (isLate ? late : events).add(rows as readonly EventFact[]);
      else files.get(table)?.add(rows);
    },
    close: () => {
      for (const file of [events, late, ...files.values()]) file.close();
    },
  };
}

const MAP_KEYS: Partial<Record<FactTableName, readonly string[]>> = { accounts: ['plan_family'] };

function openFile(directory: string, { table, path, format }: FilePlan): TableFile {
  const full = join(directory, path);
  mkdirSync(dirname(full), { recursive: true });
  if (format === 'csv') return csvFile(full, factTable(table), MAP_KEYS[table] ?? []);
  return format === 'jsonl' ? jsonlFile(full, factTable(table)) : parquetFile(full, factTable(table));
}
