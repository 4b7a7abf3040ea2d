import type { Model } from '../definition/model.ts';
import type { CoverageReport } from '../ingest/report.ts';
import type { SignalEntry } from '../model/signal.ts';
import type { FactTable, FactTableName } from '../model/table.ts';
import { FACT_TABLES, TRACKING_SOURCE } from '../model/tables.ts';
import type { LastArrival } from './last-arrivals.ts';

const DAY_MS = 86_400_000;

/**
 * How an input stands: `current` reaches today, `behind` is a stream that ends before, `held` says how things stood when it
 * last came, `empty` is a source that has given no row, `absent` is a table that no source fills.
 */
export type InputState = 'current' | 'behind' | 'held' | 'empty' | 'absent';

/** One source of one table: what it covers, when it was last heard of, and what follows. Instants are ISO text. */
export interface Input {
  readonly table: FactTableName;
  /** Null: no source fills the table. */
  readonly source: string | null;
  readonly state: InputState;
  readonly rows: number;
  readonly receivedAt: string | null;
  /** The latest thing that it tells of; null: it has no instants. */
  readonly happenedAt: string | null;
  readonly coversFrom: string | null;
  /** Exclusive; null: unknown, or the table is no stream. */
  readonly completeThrough: string | null;
  /** Whole days from the end of what is covered to now; null: not a stream, or nothing is covered. */
  readonly behindDays: number | null;
  /** Signals that are measured of this table. */
  readonly signals: number;
  /** What follows from how it stands, in a sentence. */
  readonly follows: string;
}

/** What the inputs are made of. */
export interface InputParts {
  readonly model: Pick<Model, 'sources'>;
  readonly coverage: readonly CoverageReport[];
  readonly arrivals: readonly LastArrival[];
  readonly held: readonly { readonly table: string; readonly source: string; readonly rows: number }[];
  readonly signals: readonly SignalEntry[];
  /** Milliseconds. */
  readonly now: number;
}

/** Every input there is or could be, in the order of the tables: streams that are behind stand first. Pure. */
export function inputsOf(parts: InputParts): readonly Input[] {
  const inputs = FACT_TABLES.flatMap((table) => {
    const names = sourcesOf(table.name, parts);
    return names.length === 0 ? [inputOf(table, null, parts)] : names.map((name) => inputOf(table, name, parts));
  });
  const order: readonly InputState[] = ['behind', 'current', 'held', 'empty', 'absent'];
  return inputs.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function sourcesOf(table: FactTableName, { model, coverage, arrivals }: InputParts): readonly string[] {
  const held = coverage.filter((row) => row.table === table && (row.rows > 0 || row.completeThrough !== null));
  const named = [
    ...model.sources.filter((source) => source.table === table).map(({ name }) => name),
    ...held.map(({ source }) => source),
    ...arrivals.filter((row) => row.table === table).map(({ source }) => source),
  ];
  return [...new Set(named)];
}

function inputOf(table: FactTable, source: string | null, parts: InputParts): Input {
  const covered = parts.coverage.find((row) => row.table === table.name && row.source === source);
  const arrival = parts.arrivals.find((row) => row.table === table.name && row.source === source);
  const end = covered?.completeThrough ?? null;
  const signals = parts.signals.filter(({ inputs }) => inputs.includes(table.name)).length;
  const behindDays =
    end === null || !table.isStream ? null : Math.max(0, Math.floor((parts.now - Date.parse(end)) / DAY_MS));
  const said = {
    ...{ table: table.name, source, signals, behindDays },
    rows: parts.held.find((row) => row.table === table.name && row.source === source)?.rows ?? 0,
    receivedAt: arrival?.receivedAt ?? null,
    happenedAt: arrival?.happenedAt ?? null,
    coversFrom: covered?.coversFrom ?? null,
    completeThrough: table.isStream ? end : null,
  };
  const state = stateOf(said, table.isStream);
  return { ...said, state, follows: followsOf(state, said, table) };
}

type Said = Omit<Input, 'state' | 'follows'>;

function stateOf({ source, rows, receivedAt, behindDays }: Said, isStream: boolean): InputState {
  if (source === null) return 'absent';
  if (rows === 0 && receivedAt === null) return 'empty';
  if (!isStream) return 'held';
  return behindDays === null || behindDays > 0 ? 'behind' : 'current';
}

function followsOf(
  state: InputState,
  { signals, behindDays, completeThrough, source }: Said,
  table: FactTable,
): string {
  const read = signals === 1 ? '1 signal' : `${signals} signals`;
  const isRead = signals === 1 ? 'is' : 'are';
  const day = completeThrough?.slice(0, 10);
  switch (state) {
    case 'absent':
      return signals === 0
        ? `No source fills it, and no signal needs it.`
        : `No source fills it: what ${read} would take from it is unknown, and not zero.`;
    case 'empty':
      return source === TRACKING_SOURCE
        ? 'Nothing has come by the tracking API yet.'
        : `Its source has given no row yet: ${read} wait for it.`;
    case 'behind':
      return behindDays === null
        ? `How far it reaches is not known: ${read} that need a whole window of it ${isRead} unknown.`
        : `It ends before ${day}, ${behindDays === 1 ? 'a day' : `${behindDays} days`} ago: after that ${read} that need a whole window of it ${isRead} unknown, and not zero.`;
    case 'current':
      return `It reaches today: ${read} ${isRead} measured through now.`;
    case 'held':
      return `It says how ${table.name.replaceAll('_', ' ')} stood when it last came; a change since is not known.`;
  }
}
