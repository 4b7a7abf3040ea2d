import { DAY, millis } from './instants.ts';
import { given, sum } from './numbers.ts';
import type { ContractRow, RateRow } from './rows.ts';

/** One version of a contract, in the workspace's currency. */
export interface ContractVersion {
  readonly contract: string;
  readonly known: number;
  readonly starts: number;
  readonly ends: number | null;
  readonly termEnds: number | null;
  readonly kind: string;
  readonly isPaid: boolean;
  /** Converted at the rate of the contract's start. */
  readonly arr: number;
  readonly seats: number | null;
  readonly quota: number | null;
  readonly usageUnit: string | null;
}

/** The last rate of the currency begun by the contract's start, else its first; 1 for the workspace's own. */
function rateAt(currency: string | null, starts: number, rates: readonly RateRow[], home: string): number {
  if (currency === null || currency === home) return 1;
  const own = rates.filter((rate) => rate.currency === currency).sort((a, b) => millis(a.from) - millis(b.from));
  const begun = own.filter((rate) => millis(rate.from) <= starts);
  const rate = begun[begun.length - 1] ?? own[0];
  if (rate === undefined) throw new Error(`no rate for ${currency}`);
  return rate.per_unit;
}

/** A contract row as a version; `position` makes rows without an id contracts of their own. */
export function versionOf(
  row: ContractRow,
  rates: readonly RateRow[],
  currency: string,
  position: number,
): ContractVersion {
  const starts = millis(row.starts);
  const kind = given(row.kind) ?? 'paid';
  return {
    contract: given(row.contract_id) ?? `row ${position}`,
    known: millis(row.known) ?? starts,
    starts,
    ends: millis(row.ends),
    termEnds: millis(row.term_ends),
    kind,
    isPaid: kind === 'paid' || kind === 'addon',
    arr: row.arr * rateAt(given(row.currency), starts, rates, currency),
    seats: row.seats,
    quota: row.quota,
    usageUnit: given(row.usage_unit),
  };
}

/**
 * The version of each contract that speaks at `t`: of those known and begun before `t` the one known last. An
 * amendment that starts at or after `t` does not yet replace the version before it.
 */
export function versionsAt(versions: readonly ContractVersion[], t: number): ContractVersion[] {
  const begun = versions.filter((version) => version.known < t && version.starts < t);
  return begun.filter((version) =>
    begun.every((other) => other.contract !== version.contract || other.known <= version.known),
  );
}

/** Whether a version is in force at the last instant before `t`. */
export function isInForce(version: ContractVersion, t: number): boolean {
  return version.starts < t && (version.ends === null || version.ends >= t);
}

/** Paid contracts in force at `t`, by what was known then. */
export function paidContracts(versions: readonly ContractVersion[], t: number): ContractVersion[] {
  return versionsAt(versions, t).filter((version) => version.isPaid && isInForce(version, t));
}

/** The last end of a paid contract before `t`, null where there was none. */
export function lastEnd(versions: readonly ContractVersion[], t: number): number | null {
  const ends = versionsAt(versions, t)
    .filter((version) => version.isPaid && version.ends !== null && version.ends > version.starts)
    .map((version) => version.ends ?? 0)
    .filter((end) => end < t);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Whether the account has or had a paid contract, by what is known at `t`. */
export function everPaid(versions: readonly ContractVersion[], t: number): boolean {
  return versionsAt(versions, t).some((version) => version.isPaid);
}

/** Whether the account is a customer at `t`: a paid contract in force, or ended less than the grace before. */
export function isCustomerAt(versions: readonly ContractVersion[], t: number, graceDays: number): boolean {
  if (paidContracts(versions, t).length > 0) return true;
  const end = lastEnd(versions, t);
  return end !== null && t - end < graceDays * DAY;
}

/**
 * ARR at `t` by what was known then, null for an account that is no customer at `t`. In the grace it is the ARR at the
 * instant of the last end.
 */
export function arrAt(versions: readonly ContractVersion[], t: number, graceDays: number): number | null {
  const inForce = paidContracts(versions, t);
  if (inForce.length > 0) return sum(inForce.map((version) => version.arr));
  const end = lastEnd(versions, t);
  if (end === null || t - end >= graceDays * DAY) return null;
  return sum(paidContracts(versions, end).map((version) => version.arr));
}

/** A stretch of time as a customer; `end` is the churn day, null while it lasts. */
export interface Spell {
  readonly start: number;
  readonly end: number | null;
}

/**
 * The spells of an account as a customer, by what is known at `t`. Gaps shorter than the grace are no churn, and a
 * churn is dated back to the end of the last contract once the grace has passed.
 */
export function spellsAt(versions: readonly ContractVersion[], t: number, graceDays: number): Spell[] {
  const paid = versionsAt(versions, t)
    .filter((version) => version.isPaid && (version.ends === null || version.ends > version.starts))
    .map((version) => ({
      start: version.starts,
      end: version.ends === null || version.ends >= t ? Number.POSITIVE_INFINITY : version.ends,
    }))
    .sort((a, b) => a.start - b.start);
  const joined: { start: number; end: number }[] = [];
  for (const next of paid) {
    const last = joined[joined.length - 1];
    if (last !== undefined && next.start - last.end < graceDays * DAY) last.end = Math.max(last.end, next.end);
    else joined.push({ ...next });
  }
  return joined.map(({ start, end }) => ({ start, end: t - end >= graceDays * DAY ? end : null }));
}
