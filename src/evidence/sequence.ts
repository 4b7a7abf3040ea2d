import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { type AgeContrast, contrastAtAge } from './age_contrast.ts';
import { type AgeRow, ageLandmark } from './age_landmark.ts';
import { accountsToSettle, verdictOnContrast, whyUnsettled } from './contrast.ts';
import type { History } from './history.ts';
import type { Verdict } from './verdict.ts';
import { writeCount, writePercent } from './wording.ts';

type Pair = readonly [number, number];

/** An order of first use, and how long accounts stay that took it: a row of `evidence sequences --json`. */
export interface SequenceRow {
  /** Feature areas in the order of first use. */
  readonly order: readonly string[];
  readonly ageDays: number;
  /** First of a pair: accounts with this order; then accounts that used the same areas first in another order. */
  readonly n: Pair;
  readonly events: Pair;
  /** Retention at the horizon of those with this order. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly othersRetention: number | null;
  readonly hazardRatio: number | null;
  readonly hazardInterval: Pair | null;
  readonly p: number | null;
  /** Benjamini-Hochberg over all orders at all ages. */
  readonly q: number | null;
  readonly tried: number;
  readonly horizonDays: number;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** What to ask; `areas` are those that have an order worth asking about. */
export interface SequenceOptions {
  readonly areas: readonly string[];
  readonly ages: readonly number[];
  readonly horizonDays: number;
  /** Orders that fewer accounts took are left out. */
  readonly leastAccounts: number;
}

const FIRST_AREAS = 3;

/**
 * Does the order in which the first three feature areas are first used go with staying? (R054)
 *
 * Unit: customer at an age, by the first three areas used before it. Each order is compared with other orders of the SAME
 * areas, within the bands, so that using more, or other, areas is not taken for order. Accounts with fewer areas by then
 * are in no row.
 */
export function testSequences(history: History, options: SequenceOptions): readonly SequenceRow[] {
  const asked = [...new Set(options.ages)].sort((a, b) => a - b).flatMap((age) => askedAt(history, age, options));
  const qs = benjaminiHochberg(asked.map(({ contrast }) => contrast.p));
  const tried = qs.filter((q) => q !== null).length;
  return asked.map(({ order, ageDays, contrast }, index) => {
    const q = qs[index] ?? null;
    const verdict = verdictOnContrast(contrast, q);
    const needed = { reason: whyUnsettled(contrast, q), accounts: accountsToSettle(contrast) };
    const { shares, intervals } = contrast;
    const row = {
      order,
      ageDays,
      n: contrast.accounts,
      events: contrast.events,
      estimate: shares === null ? null : 1 - shares[0],
      interval: intervals === null ? null : ([1 - intervals[0][1], 1 - intervals[0][0]] as const),
      othersRetention: shares === null ? null : 1 - shares[1],
      hazardRatio: contrast.hazardRatio,
      hazardInterval: contrast.interval,
      p: contrast.p,
      q,
      tried,
      horizonDays: options.horizonDays,
      verdict,
      needed: verdict === 'too_little_data' ? needed : null,
    };
    return { ...row, sentence: sentenceOf(row) };
  });
}

interface Asked {
  readonly order: readonly string[];
  readonly ageDays: number;
  readonly contrast: AgeContrast;
}

function askedAt(history: History, ageDays: number, options: SequenceOptions): readonly Asked[] {
  const { rows } = ageLandmark(history, ageDays);
  const orders = new Map(rows.map((row) => [row, firstAreas(row, options.areas)] as const));
  const counts = new Map<string, number>();
  for (const order of orders.values()) {
    if (order.length === FIRST_AREAS) counts.set(JSON.stringify(order), (counts.get(JSON.stringify(order)) ?? 0) + 1);
  }
  return [...counts.entries()]
    .filter(([, count]) => count >= options.leastAccounts)
    .sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1))
    .map(([key]) => {
      const order = JSON.parse(key) as readonly string[];
      const set = JSON.stringify([...order].sort());
      const same = rows.filter((row) => JSON.stringify([...(orders.get(row) ?? [])].sort()) === set);
      const isExposed = (row: AgeRow) => JSON.stringify(orders.get(row)) === key;
      const { horizonDays } = options;
      const question = { isExposed, outcome: 'churn' as const, horizonDays, followedMs: history.followedMs };
      return { order, ageDays, contrast: contrastAtAge(same, question) };
    });
}

function firstAreas({ account, landmarkMs }: AgeRow, areas: readonly string[]): readonly string[] {
  return account.reaches
    .flatMap(({ kind, name, times }) => {
      const at = times[0] ?? Number.POSITIVE_INFINITY;
      return kind === 'area' && areas.includes(name) && at < landmarkMs ? [{ name, at }] : [];
    })
    .sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))
    .slice(0, FIRST_AREAS)
    .map(({ name }) => name);
}

function sentenceOf(row: Omit<SequenceRow, 'sentence'>): string {
  const order = `${row.order.join(', then ')} within ${row.ageDays} days`;
  const taken = `${order}: ${writeCount(row.n[0], 'account')} took this order and ${row.n[1]} used the same areas in another`;
  if (row.p === null) return `${taken}. Not tested: ${row.needed?.reason ?? 'too little data'}.`;
  const stay = `${writePercent(row.estimate)} of them are still customers ${row.horizonDays} days later, ${writePercent(row.othersRetention)} of the others`;
  if (row.verdict === 'holds')
    return `${taken}; ${stay}. Order and staying go together more than chance explains; that does not prove that one causes the other.`;
  if (row.verdict === 'fails')
    return `${taken}; ${stay}. A difference worth acting on can be ruled out: the order does not matter.`;
  const accounts = row.needed?.accounts ?? null;
  return `${taken}; ${stay}. That is too little to tell${accounts === null ? '' : `; about ${writeCount(accounts, 'account')} would settle it`}.`;
}
