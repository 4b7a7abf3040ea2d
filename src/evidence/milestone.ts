import { kaplanMeier, survivalAt } from '../stats/kaplan_meier.ts';
import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { accountsForEvents, eventsNeeded } from '../stats/sample_size.ts';
import { survivalDifference } from '../stats/survival_difference.ts';
import type { AgeLandmark } from './age_landmark.ts';
import { type Candidate, type Counts, candidatesOf, nameOf, type Vocabulary } from './candidate.ts';
import type { History } from './history.ts';
import { type Adjusted, adjustHolders } from './milestone_adjusted.ts';
import { compareReached, followUp, type Tested } from './milestone_comparison.ts';
import { type Naive, naiveComparison } from './milestone_naive.ts';
import { CUSTOMERS, type MilestoneSubject, type Population } from './milestone_population.ts';
import { type Verdict, verdictOf, WORTH_ACTING } from './verdict.ts';
import { writePercent } from './wording.ts';

type Pair = readonly [number, number];

/** One candidate at one age, tested: a row of `evidence milestones --json`. First of a pair: who had reached it by then. */
export interface MilestoneRow {
  readonly population: Population['name'];
  readonly outcome: Population['outcome'];
  readonly candidate: string;
  readonly kind: Candidate['kind'];
  /** The event, area, workflow or milestone that the candidate is about. */
  readonly name: string;
  /** What `count` counts: how often, or by how many different users. */
  readonly measure: Candidate['measure'];
  readonly count: number;
  readonly proxy: boolean;
  /** The primary milestone of the model. */
  readonly primary: boolean;
  readonly windowDays: number;
  readonly horizonDays: number | null;
  readonly n: Pair;
  readonly events: Pair;
  /** Events that each side would have had if they did not differ. */
  readonly expected: Pair | null;
  /** Share that is still a customer at the horizon; null for prospects. */
  readonly retention: Pair | null;
  /** Share that has become a customer by the horizon; null for customers. */
  readonly conversion: Pair | null;
  /** Of that share. */
  readonly interval: readonly [Pair, Pair] | null;
  readonly difference: number | null;
  readonly differenceInterval: Pair | null;
  /** Of leaving for customers, below 1 is good; of converting for prospects, above 1 is good. */
  readonly hazardRatio: number | null;
  readonly hazardInterval: Pair | null;
  readonly adjustedHazardRatio: number | null;
  readonly adjustedInterval: Pair | null;
  readonly carriedBy: string | null;
  /** The comparison that credits accounts for having lived long enough to reach it: a warning, no evidence; null for prospects. */
  readonly naive: Naive | null;
  readonly p: number | null;
  /** Benjamini-Hochberg over everything explored in this population; the p itself for the one comparison that the model named beforehand. */
  readonly q: number | null;
  /** Whether the model named this comparison as its primary one, or it is one of many that were tried. */
  readonly family: 'primary' | 'explored';
  /** Comparisons of the family. */
  readonly tried: number;
  readonly verdict: Verdict;
  /** Why it was not tested, or what would settle it; null where it holds or fails. */
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** What to test: ages in days, counts of events, the horizon, and the words of the model. */
export interface MilestoneOptions extends Vocabulary {
  readonly windows: readonly number[];
  /** Of times that an event must have happened, and of different users who must have done something. */
  readonly counts: Counts;
  readonly horizonDays: number;
}

/** Every candidate at every age, of one population. */
export interface MilestoneReport {
  readonly population: Population;
  readonly rows: readonly MilestoneRow[];
  /** Comparisons that were made, over which q is corrected. */
  readonly tried: number;
  readonly landmarks: readonly {
    readonly windowDays: number;
    readonly accounts: number;
    /** Accounts to whom the event came: churn, or conversion. */
    readonly events: number;
    readonly linked: number;
    readonly left: AgeLandmark['left'];
    /** Share of the customers whose term ends within the horizon; a horizon without renewals sees little. Null for prospects. */
    readonly renewalShare: number | null;
  }[];
}

/**
 * Do accounts that have done something by an age stay customers longer, or become customers sooner, than those that
 * have not?
 *
 * Unit: account at the age, customers or prospects then; before it is input, after it outcome. Log-rank and Cox within the
 * bands, Kaplan-Meier by side, Benjamini-Hochberg over all comparisons made in the population. Each one that holds is
 * fitted again beside the others that do.
 */
export function testMilestones(
  history: History,
  options: MilestoneOptions,
  population: Population = CUSTOMERS,
): MilestoneReport {
  const candidates = candidatesOf(history.accounts, options.counts, options);
  const ages = [...new Set(options.windows)].sort((a, b) => a - b);
  const landmarks = ages.map((days) => population.landmark(history, days));
  const tested = landmarks.flatMap((landmark) =>
    candidates
      .filter((candidate) => landmark.rows.length > 0 && isAskedAt(candidate, landmark.ageDays, options))
      .map((candidate) => compareReached(history, population, landmark, candidate)),
  );
  const primary = population.hasPrimary ? primaryAmong(tested, options) : null;
  const explored = benjaminiHochberg(tested.map((one) => (one === primary ? null : (one.logRank?.p ?? null))));
  const qs = tested.map((one, index) => (one === primary ? (one.logRank?.p ?? null) : (explored[index] ?? null)));
  const tried = explored.filter((q) => q !== null).length;
  const verdicts = tested.map((one, index) => verdictOn(one, qs[index] ?? null, population));
  const adjusted = adjustHolders(
    tested.filter((_, index) => verdicts[index] === 'holds'),
    primary,
    population.claimed,
  );
  const naive = new Map<Candidate, Naive>();
  for (const { candidate, logRank } of tested) {
    if (population === CUSTOMERS && logRank !== null && !naive.has(candidate)) {
      naive.set(candidate, naiveComparison(history, candidate, options.horizonDays));
    }
  }
  const rows = tested.map((one, index) => {
    const family = one === primary ? ('primary' as const) : ('explored' as const);
    const said = {
      q: qs[index] ?? null,
      verdict: verdicts[index] ?? 'too_little_data',
      family,
      tried: family === 'primary' ? 1 : tried,
    };
    const beside = { adjusted: adjusted.get(one) ?? null, naive: naive.get(one.candidate) ?? null };
    return rowOf(one, said, beside, { ...options, population });
  });
  return {
    population,
    rows,
    tried,
    landmarks: landmarks.map((landmark) => ({
      windowDays: landmark.ageDays,
      accounts: landmark.rows.length,
      events: landmark.rows.filter(({ outcome }) => outcome.isEvent).length,
      linked: landmark.rows.filter(({ outcome }) => outcome.isLinked).length,
      left: landmark.left,
      renewalShare: population === CUSTOMERS ? renewalShare(landmark.rows, options.horizonDays) : null,
    })),
  };
}

/** A declared milestone with days of its own cannot be reached later, and is not asked about before they are over. */
function isAskedAt({ kind, name }: Candidate, ageDays: number, { declared }: MilestoneOptions): boolean {
  const own = kind === 'milestone' ? declared.find((milestone) => milestone.name === name)?.withinDays : null;
  return own == null || own <= ageDays;
}

/** By this age an account is no longer new, and most trials have become contracts. */
const PRIMARY_AGE_DAYS = 30;

/** The one comparison that was named before anybody looked: the primary milestone at its age. */
function primaryAmong(tested: readonly Tested[], { declared, windows }: MilestoneOptions): Tested | null {
  const milestone = declared.find(({ isPrimary }) => isPrimary);
  const least = Math.max(PRIMARY_AGE_DAYS, milestone?.withinDays ?? 0);
  const age = [...windows].sort((a, b) => a - b).find((days) => days >= least);
  const isPrimary = ({ candidate, landmark }: Tested) =>
    candidate.kind === 'milestone' && candidate.name === milestone?.name && landmark.ageDays === age;
  return tested.find(isPrimary) ?? null;
}

function verdictOn({ hazard, isSameLater: isSame }: Tested, q: number | null, { claimed }: Population): Verdict {
  if (hazard === null || q === null) return 'too_little_data';
  const ends = hazard.interval.map((end) => claimed * Math.log(end)).sort((a, b) => a - b);
  const interval = [ends[0] ?? 0, ends[1] ?? 0] as const;
  return verdictOf({ q, interval, worth: -Math.log(WORTH_ACTING.hazardRatio), isSameLater: isSame });
}

const LEAST_WATCHED = 10;

/** The horizon, or the last day on which enough of both sides are still watched; of prospects, or have converted. */
function horizonOf(rows: readonly MilestoneSubject[], exposed: Int8Array, horizonDays: number): number | null {
  const ends = [0, 1].map((side) => {
    const days = rows.flatMap(({ outcome }, index) => (exposed[index] === side ? [outcome.knownDays] : []));
    return days.sort((a, b) => b - a)[LEAST_WATCHED - 1] ?? 0;
  });
  const horizon = Math.min(horizonDays, Math.floor(Math.min(...ends)));
  return horizon > 0 ? horizon : null;
}

function renewalShare(rows: readonly MilestoneSubject[], horizonDays: number): number | null {
  if (rows.length === 0) return null;
  const within = rows.filter(({ outcome }) => outcome.termDays !== null && outcome.termDays <= horizonDays);
  return within.length / rows.length;
}

function sharesOf(
  rows: readonly MilestoneSubject[],
  exposed: Int8Array,
  horizonDays: number | null,
  { shareOf, claimed }: Population,
) {
  if (horizonDays === null) return null;
  const curveOf = (side: number) => kaplanMeier(followUp(rows.filter((_, index) => exposed[index] === side)));
  const [reached, others] = [curveOf(1), curveOf(0)];
  const [high, low] = [survivalAt(reached, horizonDays), survivalAt(others, horizonDays)];
  const difference = survivalDifference(reached, others, horizonDays);
  if (high === null || low === null || difference.kind === 'refused') return null;
  const span = ([least, most]: Pair): Pair => (claimed === -1 ? [least, most] : [shareOf(most), shareOf(least)]);
  const [from, to] = difference.interval;
  return {
    shares: [shareOf(high.survival), shareOf(low.survival)] as Pair,
    interval: [span(high.interval), span(low.interval)] as readonly [Pair, Pair],
    difference: claimed === -1 ? difference.difference : 0 - difference.difference,
    differenceInterval: (claimed === -1 ? [from, to] : [0 - to, 0 - from]) as Pair,
  };
}

function rowOf(
  one: Tested,
  said: Pick<MilestoneRow, 'q' | 'verdict' | 'family' | 'tried'>,
  { adjusted, naive }: { readonly adjusted: Adjusted | null; readonly naive: Naive | null },
  { population, ...options }: MilestoneOptions & { readonly population: Population },
): MilestoneRow {
  const { candidate, landmark, exposed } = one;
  const { rows } = landmark;
  const count = (side: number, isCounted: (row: MilestoneSubject) => boolean) =>
    rows.filter((row, index) => exposed[index] === side && isCounted(row)).length;
  const n: Pair = [count(1, () => true), count(0, () => true)];
  const events: Pair = [count(1, ({ outcome }) => outcome.isEvent), count(0, ({ outcome }) => outcome.isEvent)];
  const horizonDays = horizonOf(rows, exposed, options.horizonDays);
  const shares = one.logRank === null ? null : sharesOf(rows, exposed, horizonDays, population);
  const groups = one.logRank?.groups ?? null;
  const row = {
    population: population.name,
    outcome: population.outcome,
    candidate: nameOf(candidate),
    kind: candidate.kind,
    name: candidate.name,
    measure: candidate.measure,
    count: candidate.count,
    proxy: candidate.isProxy,
    primary:
      candidate.kind === 'milestone' &&
      options.declared.some(({ name, isPrimary }) => isPrimary && name === candidate.name),
    windowDays: landmark.ageDays,
    horizonDays,
    n,
    events,
    expected: groups === null ? null : ([groups[0]?.expected ?? 0, groups[1]?.expected ?? 0] as Pair),
    retention: population === CUSTOMERS ? (shares?.shares ?? null) : null,
    conversion: population === CUSTOMERS ? null : (shares?.shares ?? null),
    interval: shares?.interval ?? null,
    difference: shares?.difference ?? null,
    differenceInterval: shares?.differenceInterval ?? null,
    hazardRatio: one.hazard?.ratio ?? null,
    hazardInterval: one.hazard?.interval ?? null,
    adjustedHazardRatio: adjusted?.hazardRatio ?? null,
    adjustedInterval: adjusted?.interval ?? null,
    carriedBy: adjusted?.carriedBy ?? null,
    naive: one.logRank === null ? null : naive,
    p: one.logRank?.p ?? null,
    ...said,
    needed:
      said.verdict === 'too_little_data'
        ? { reason: one.reason ?? doubtOf(one, said.q), accounts: accountsNeeded(n, events) }
        : null,
  };
  return { ...row, sentence: sentenceOf(row, population) };
}

/** Accounts at the age that would settle a hazard ratio worth acting on, at the shares seen. */
function accountsNeeded(n: Pair, events: Pair): number | null {
  const all = n[0] + n[1];
  const share = n[0] / all;
  const eventShare = (events[0] + events[1]) / all;
  if (!(share > 0 && share < 1 && eventShare > 0 && eventShare < 1)) return null;
  const needed = eventsNeeded({ hazardRatio: WORTH_ACTING.hazardRatio, exposedShare: share });
  return accountsForEvents(needed, eventShare);
}

const ALPHA = 0.05;

/** Why something that is surprising enough does not hold: the last months do not show it. */
function doubtOf({ isSameLater }: Tested, q: number | null): string | null {
  if (q === null || q > ALPHA || isSameLater === true) return null;
  return isSameLater === null
    ? 'nobody left in the last quarter of the time watched who could be compared'
    : 'in the last quarter of the time watched it is the other way round';
}

function isContrary({ hazardInterval }: Pick<MilestoneRow, 'hazardInterval'>, claimed: -1 | 1): boolean {
  return hazardInterval?.every((end) => claimed * Math.log(end) < 0) === true;
}

function sentenceOf(row: Omit<MilestoneRow, 'sentence'>, { words, claimed }: Population): string {
  const what = `${row.candidate} within ${row.windowDays} days`;
  if (row.p === null) return `${what}: not tested, ${row.needed?.reason ?? 'too little data'}.`;
  const shares = row.retention ?? row.conversion;
  const found =
    shares === null
      ? `${row.n[0]} ${words.accounts} had done it and ${row.n[1]} had not`
      : `${writePercent(shares[0])} of the ${row.n[0]} ${words.accounts} that had done it ${words.are} ${row.horizonDays} days later, ${writePercent(shares[1])} of the ${row.n[1]} that had not`;
  if (row.verdict === 'holds') {
    const carried =
      row.carriedBy === null ? '' : ` Most of that is carried by ${row.carriedBy}; it is no milestone of its own.`;
    return `${what}: ${found}. They went together more than chance explains.${carried} That does not prove that one causes the other.`;
  }
  if (row.verdict === 'fails') {
    return isContrary(row, claimed)
      ? `${what}: ${found}. What is claimed of a milestone can be ruled out: it goes the other way.`
      : `${what}: ${found}. A difference worth acting on can be ruled out.`;
  }
  const accounts = row.needed?.accounts ?? null;
  if (row.needed?.reason != null) return `${what}: ${found}. It is not taken to hold: ${row.needed.reason}.`;
  return `${what}: ${found}. That is too little to tell${accounts === null ? '' : `; about ${accounts.toLocaleString('en-US')} accounts would`}.`;
}
