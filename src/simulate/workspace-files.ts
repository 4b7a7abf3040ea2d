import { writeDefaultModel } from '../definition/example/files.ts';
import type { FactTableName } from '../model/table.ts';
import type { Frame } from './planted.ts';

/** Where the rows of a table are written, in which format. */
export interface FilePlan {
  readonly table: FactTableName;
  /** Relative to the workspace. */
  readonly path: string;
  readonly format: 'csv' | 'jsonl' | 'parquet';
}

/** Files of a simulated company, in the formats in which such things usually come. */
export const FILE_PLANS: readonly FilePlan[] = [
  { table: 'accounts', path: 'data/accounts.csv', format: 'csv' },
  { table: 'users', path: 'data/users.csv', format: 'csv' },
  { table: 'events', path: 'data/events/*.parquet', format: 'parquet' },
  { table: 'contracts', path: 'data/contracts.csv', format: 'csv' },
  { table: 'tickets', path: 'data/tickets.jsonl', format: 'jsonl' },
  { table: 'nps', path: 'data/nps.csv', format: 'csv' },
  { table: 'costs', path: 'data/costs.parquet', format: 'parquet' },
  { table: 'touches', path: 'data/touches.jsonl', format: 'jsonl' },
  { table: 'needs', path: 'data/needs.csv', format: 'csv' },
  { table: 'releases', path: 'data/releases.jsonl', format: 'jsonl' },
  { table: 'opportunities', path: 'data/opportunities.csv', format: 'csv' },
];

const STREAMS: readonly FactTableName[] = ['events', 'tickets', 'nps', 'costs', 'touches'];
const SOURCES = /^sources:\n(?: {2}- .*\n)+/m;

/** The example model with the sources of these tables: the shipped defaults, on a company's files. */
export function modelText(frame: Pick<Frame, 'start' | 'end'>, tables: readonly FactTableName[]): string {
  const instant = (at: number): string => new Date(at).toISOString().replace('.000', '');
  const covers = `, covers_from: ${instant(frame.start)}, complete_through: ${instant(frame.end)}`;
  const lines = FILE_PLANS.filter((plan) => tables.includes(plan.table)).map(
    ({ table, path, format }) =>
      `  - { table: ${table}, path: ${quoted(path)}, format: ${format}${STREAMS.includes(table) ? covers : ''} }\n`,
  );
  const example = writeDefaultModel();
  if (!SOURCES.test(example)) throw new Error('the example model has no list of sources to fill in');
  return example.replace(SOURCES, () => `sources:\n${lines.join('')}`);
}

const quoted = (path: string): string => (path.includes('*') ? `'${path}'` : path);
