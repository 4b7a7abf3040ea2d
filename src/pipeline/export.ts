import type { Writable } from 'node:stream';
import { firmographicNames } from '../definition/firmographics.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { type AccountRow, listAccounts } from './accounts.ts';
import type { Engines } from './engines.ts';
import { writeCsv } from './export-csv.ts';
import { writeParquet } from './export-parquet.ts';
import type { ExportColumn, ExportRow } from './export-row.ts';
import { listMoves } from './moves.ts';
import { resolveAsOf } from './run.ts';
import { readSignals, signalEntries } from './signals.ts';
import { listUsers, USER_MEASURES, type UserRow } from './users.ts';

/** What can be exported. */
export const EXPORTED = ['accounts', 'users', 'moves', 'signals'] as const;
/** One of them. */
type Exported = (typeof EXPORTED)[number];

/** Formats of exports. */
export const FORMATS = ['csv', 'parquet'] as const;
/** One of them. */
export type Format = (typeof FORMATS)[number];

/** Rows with their columns. */
interface Table {
  readonly columns: readonly ExportColumn[];
  readonly rows: AsyncIterable<ExportRow>;
}

/** What to export; `asOf` null: the completeness of the behavioural sources, and for moves all that is recorded. */
export interface ExportRequest {
  readonly what: Exported;
  readonly format: Format;
  readonly asOf: number | null;
  readonly now: Date;
  /** Which of its rows; absent: all. Moves and signals are never chosen. */
  readonly isChosen?: ((row: { readonly account_id: string; readonly user_id?: string }) => boolean) | undefined;
}

const text = (...names: readonly string[]): readonly ExportColumn[] => names.map((name) => ({ name, type: 'text' }));
const number = (...names: readonly string[]): readonly ExportColumn[] =>
  names.map((name) => ({ name, type: 'number' }));

const TABLES: Readonly<Record<Exported, (engines: Engines, request: ExportRequest) => Promise<Table>>> = {
  accounts: accountTable,
  users: userTable,
  moves: moveTable,
  signals: signalTable,
};

/** Writes an export, row by row, and ends the stream; answers how many rows it has. */
export async function writeExport(engines: Engines, request: ExportRequest, out: Writable): Promise<number> {
  const { columns, rows } = await TABLES[request.what](engines, request);
  return request.format === 'csv' ? writeCsv(columns, rows, out) : writeParquet(columns, rows, out);
}

async function accountTable(engines: Engines, { asOf, now, isChosen = () => true }: ExportRequest): Promise<Table> {
  const named = firmographicNames(engines.model);
  const numeric = new Set(['employees', 'revenue']);
  const columns = [
    ...text('account_id', 'as_of', 'name', 'relationship'),
    ...number('eligible'),
    ...text('lifecycle', 'direction', 'cohort', 'archetype', 'value_tier'),
    ...number('value_score', 'arr'),
    ...text('csm'),
    ...text('segment', 'since', 'home', 'raw', 'likely_segment'),
    ...number('overridden', 'score', 'health'),
    ...text('job', 'coverage_segment', 'coverage_model', 'waiting_segment', 'waiting_move_on', 'unknown'),
    ...named.flatMap((name) => (numeric.has(name) ? number(name) : text(name))),
  ];
  const accounts = await listAccounts(engines, { asOf, now });
  return { columns, rows: each(accounts.filter(isChosen).map(accountRow)) };
}

function accountRow({
  coverage,
  waiting,
  unknown,
  firmographics,
  eligible,
  overridden,
  ...row
}: AccountRow): ExportRow {
  return {
    ...firmographics,
    ...row,
    eligible: eligible === null ? null : Number(eligible),
    overridden: Number(overridden),
    coverage_segment: coverage?.segment ?? null,
    coverage_model: coverage?.model ?? null,
    waiting_segment: waiting?.segment ?? null,
    waiting_move_on: waiting?.moveOn ?? null,
    unknown: unknown.map(({ signal }) => signal).join(';'),
  };
}

async function userTable(engines: Engines, { asOf, isChosen = () => true }: ExportRequest): Promise<Table> {
  const columns = [
    ...text('account_id', 'user_id', 'as_of', 'tier', 'stalled_step'),
    ...USER_MEASURES.flatMap((name) => (name === 'drop_off_step' ? text(name) : number(name))),
  ];
  const query = { asOf: await resolveAsOf(engines, asOf), run: engines.run };
  const users = listUsers({ ...engines, catalogue: SIGNAL_CATALOGUE }, query);
  const isAsked = (row: UserRow): boolean =>
    isChosen({ account_id: String(row['account_id']), user_id: String(row['user_id']) });
  return { columns, rows: map(only(users, isAsked), (row) => plain(columns, row)) };
}

async function* only<T>(rows: AsyncIterable<T>, isAsked: (row: T) => boolean): AsyncGenerator<T> {
  for await (const row of rows) if (isAsked(row)) yield row;
}

async function moveTable(engines: Engines, { asOf }: ExportRequest): Promise<Table> {
  const columns = [
    ...number('move_id'),
    ...text('account_id', 'at', 'from', 'to', 'home', 'cause', 'recorded_at', 'run_id', 'model_version'),
  ];
  const moves = await listMoves(engines, asOf === null ? {} : { until: asOf });
  return { columns, rows: each(moves.map((row) => ({ ...row }))) };
}

async function signalTable(engines: Engines, { asOf }: ExportRequest): Promise<Table> {
  const entries = signalEntries(engines.model, SIGNAL_CATALOGUE).filter(({ entity }) => entity === 'account');
  const classes = ['relationship', 'cohort', 'lifecycle', 'direction', 'archetype', 'value_tier'] as const;
  const own = new Set(entries.map(({ name }) => name));
  const columns = [
    ...text('account_id', 'as_of', ...classes.filter((name) => !own.has(name))),
    ...entries.flatMap(({ name, type }) => (type === 'number' || type === 'flag' ? number(name) : text(name))),
  ];
  const asOfs = [await resolveAsOf(engines, asOf)];
  const rows = readSignals({ ...engines, catalogue: SIGNAL_CATALOGUE }, { entity: 'account', asOfs, run: engines.run });
  return { columns, rows: map(rows, ({ signals, ...row }) => plain(columns, { ...row, ...signals })) };
}

/** Values of the columns of a row: what is of another type is written as text, and unknown where a number is needed. */
function plain(columns: readonly ExportColumn[], row: Readonly<Record<string, unknown>>): ExportRow {
  return Object.fromEntries(
    columns.map(({ name, type }) => {
      const value = row[name] ?? null;
      if (type === 'number') return [name, typeof value === 'number' ? value : null];
      return [name, value === null ? null : String(value)];
    }),
  );
}

async function* each<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows;
}

async function* map<From, To>(rows: AsyncIterable<From>, to: (row: From) => To): AsyncGenerator<To> {
  for await (const row of rows) yield to(row);
}
