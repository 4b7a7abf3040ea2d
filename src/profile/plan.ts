import type { Model } from '../definition/model.ts';
import type { Coverage } from './coverage.ts';

/** Milliseconds of the 24 hours that SIGNALS calls a day. */
export const DAY_MS = 86_400_000;
/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;

/**
 * One computation of profiles: instants of one phase (equal time of day), measured together.
 *
 * Shape: `instants` ascending, milliseconds. Scratch tables carry `at` (one of the instants) beside the entity; days
 * are numbered from `phase`, so that day k before an instant is the 24 hours that SIGNALS means, at midnight and now.
 */
export interface Plan {
  readonly model: Model;
  readonly coverage: Coverage;
  readonly database: string;
  /** Name part that makes the scratch tables of this computation its own. */
  readonly run: string;
  readonly instants: readonly number[];
  /** Accounts to compute; null: all. Names a table with a column account_id. */
  readonly only: string | null;
  /** Where `only` is one of the slices that all are computed in: whether its events fit into memory. Absent: it is none. */
  readonly slice?: { readonly hasRoom: boolean };
}

/** The scratch table of that name in this computation. */
export function scratch(plan: Plan, name: string): string {
  return `${plan.database}.scratch_${plan.run}_${name}`;
}

/** Earliest and latest instant of the plan. */
export function extent(plan: Plan): { readonly from: number; readonly to: number } {
  const from = plan.instants[0];
  const to = plan.instants[plan.instants.length - 1];
  if (from === undefined || to === undefined) throw new Error('a plan needs an instant');
  return { from, to };
}

/** Time of day that all instants of the plan share, in milliseconds after midnight. */
export function phase(plan: Plan): number {
  return extent(plan).from % DAY_MS;
}

/** SQL: the number of the 24-hour day, counted from the plan's phase, in which a millisecond instant lies. */
export function dayNumber(plan: Plan, ms: string): string {
  return `intDiv(${ms} - ${phase(plan)}, ${DAY_MS})`;
}

/** SQL: array of the plan's instants as milliseconds. */
export function instantArray(plan: Plan): string {
  return `[${plan.instants.map((instant) => `toInt64(${instant})`).join(', ')}]`;
}

/** SQL: array of the plan's instants as day numbers; day k before such an instant is `number - 1 - k`. */
export function dayArray(plan: Plan): string {
  return `[${plan.instants.map((instant) => `toInt64(${(instant - phase(plan)) / DAY_MS})`).join(', ')}]`;
}

/** SQL: the instant, in milliseconds, of a day number of `dayArray`. */
export function instantOfDay(plan: Plan, day: string): string {
  return `${day} * ${DAY_MS} + ${phase(plan)}`;
}

/** SQL text literal. */
export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** SQL list of text literals; an empty list matches nothing. */
export function quoteList(texts: readonly string[]): string {
  return texts.length === 0 ? `('')` : `(${texts.map(quote).join(', ')})`;
}

/** Milliseconds of an instant column. */
export function milliseconds(column: string): string {
  return `toUnixTimestamp64Milli(${column})`;
}
