import type { Value } from '../rule/condition.ts';
import type { Values } from './decision.ts';

/** What is measured of every account as of one instant, column by column, in memory. Grain: account. */
export interface Frame {
  /** Milliseconds. */
  readonly asOf: number;
  /** Version of the model by which it was measured. */
  readonly version: string;
  readonly accountIds: readonly string[];
  readonly names: readonly string[];
  readonly column: (name: string) => readonly Value[] | null;
  /** Why values are null, as codes: 0 they are not, 1 there is no data, 2 not yet, 3 never. */
  readonly reasons: (name: string) => Uint8Array | null;
}

/** Rows of profiles as they come from the warehouse. */
type Row = Readonly<Record<string, unknown>>;

const REASON = '__null';

/** A frame of profiles with one as-of, in their order. */
export function frameOf(rows: readonly Row[], asOf: number, version: string): Frame {
  const columns = new Map<string, Value[]>();
  const reasons = new Map<string, Uint8Array>();
  for (const name of Object.keys(rows[0] ?? {})) {
    if (!name.endsWith(REASON))
      columns.set(
        name,
        rows.map((row) => readValue(row[name])),
      );
    else
      reasons.set(
        name.slice(0, -REASON.length),
        Uint8Array.from(rows, (row) => Number(row[name] ?? 0)),
      );
  }
  return {
    ...{ asOf, version, names: [...columns.keys()] },
    accountIds: rows.map((row) => String(row['account_id'])),
    column: (name) => columns.get(name) ?? null,
    reasons: (name) => reasons.get(name) ?? null,
  };
}

/** The values of one account of a frame, by its place. */
export function valuesAt({ column }: Frame, place: number): Values {
  return { get: (name) => column(name)?.[place] };
}

function readValue(value: unknown): Value {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String) : null;
}
