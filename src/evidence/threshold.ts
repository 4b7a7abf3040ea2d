import { logRankScorer } from '../stats/log_rank_scores.ts';
import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { randomStream } from '../stats/random.ts';
import { accountsForEvents, eventsNeeded } from '../stats/sample_size.ts';
import { type CutRows, selectCut } from '../stats/selected_rank.ts';
import { cutInterval, permutationTest } from '../stats/selected_rank_resampling.ts';
import {
  type Calendar,
  type CustomerRow,
  calendarOf,
  labels,
  onePerQuarter,
  renewalShareOf,
  type Watched,
  watch,
} from './calendar.ts';
import { type Leak, leakReason } from './leak.ts';
import type { ModelThreshold } from './model_threshold.ts';
import type { Panel } from './panel.ts';
import type { PanelSignal } from './signal.ts';
import { type CutTest, isWorseSide, type Side, testCut } from './threshold_test.ts';
import { tooLittle, type Verdict, verdictOf, WORTH_ACTING, whyNotHolds } from './verdict.ts';
import { writeNumber } from './wording.ts';

type Pair = readonly [number, number];

/** One signal, its best cut and how that did later: a row of `evidence thresholds --json`. */
export interface ThresholdRow {
  readonly signal: string;
  readonly leak: Leak | null;
  readonly own: boolean;
  /** Values up to it are below; null where no cut was sought. */
  readonly cut: number | null;
  /** The least value seen above the cut. */
  readonly next: number | null;
  readonly cutInterval: Pair | null;
  /** Which side is at risk. */
  readonly side: Side | null;
  /** Landmarks of accounts searched, different churns after them before the split, and rows without a value. */
  readonly n: number;
  readonly events: number;
  readonly unknown: number;
  /** Share of the rows searched that lie at risk. */
  readonly shareAtRisk: number | null;
  readonly p: number | null;
  readonly q: number | null;
  /** Signals over which q is corrected. */
  readonly tried: number;
  /** After the split: all accounts, those that were searched too, and those that were not. */
  readonly tested: CutTest | null;
  readonly testedSeen: CutTest | null;
  readonly testedNew: CutTest | null;
  readonly horizonDays: number;
  /** Null: nobody is watched yet. */
  readonly split: string | null;
  /** Share of rows after the split whose term ends within the horizon. */
  readonly renewalShare: number | null;
  readonly modelThresholds: readonly { readonly path: string; readonly operator: string; readonly value: number }[];
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** What to look for: the signals, the horizon in days, and the chance to use. */
export interface ThresholdOptions {
  readonly signals: readonly PanelSignal[];
  readonly horizonDays: number;
  readonly splitMs: number | null;
  readonly permutations: number;
  readonly seed: number;
  readonly model: readonly ModelThreshold[];
}

/** Every signal, and what was looked at. */
export interface ThresholdReport {
  readonly rows: readonly ThresholdRow[];
  readonly tried: number;
  readonly calendar: Calendar;
}

interface Found {
  readonly signal: PanelSignal;
  readonly watched: Watched;
  readonly unknown: number;
  readonly cut: number | null;
  readonly next: number | null;
  readonly cutInterval: Pair | null;
  readonly side: Side | null;
  readonly shareAtRisk: number | null;
  readonly p: number | null;
  readonly reason: string | null;
}

const LOWEST = 0.1;
const LEAST_EXPECTED = 5;
const MOST_CUTS = 200;

/**
 * At which value of each signal do those who leave part from those who stay, and is it still so later?
 *
 * Sought on one landmark per account and quarter before the split, outcomes censored at the split (log-rank scores within
 * each landmark, so that seasons tell nothing); p by permutation of whole accounts, Benjamini-Hochberg over signals. Tested
 * on every landmark after the split, within landmarks, rows of an account clustered: no day of outcome is used twice.
 * Leaking signals are searched, marked and never win.
 */
export function testThresholds(panel: Panel, options: ThresholdOptions): ThresholdReport {
  const calendar = calendarOf(panel, options.splitMs);
  const before = calendar.rows.filter(({ landmarkMs }) => landmarkMs < calendar.splitMs);
  const searched = onePerQuarter(before, calendar.firstMs);
  const signals = options.signals.filter(({ isNumber }) => isNumber);
  const found = signals.map((signal) => seek(panel, searched, calendar, signal, options));
  const qs = benjaminiHochberg(found.map(({ p, signal }) => (signal.leak === null ? p : null)));
  const tried = qs.filter((q) => q !== null).length;
  const later = { ...calendar, rows: calendar.rows.filter(({ landmarkMs }) => landmarkMs >= calendar.splitMs) };
  const rows = found.map((one, index) => judge(panel, later, one, qs[index] ?? null, tried, options));
  return { rows, tried, calendar };
}

function seek(
  panel: Panel,
  searched: readonly CustomerRow[],
  calendar: Calendar,
  signal: PanelSignal,
  options: ThresholdOptions,
): Found {
  const values = panel.numbers(signal.name);
  const known = searched.filter(({ index }) => !Number.isNaN(values[index]));
  const span = { fromMs: Number.NEGATIVE_INFINITY, untilMs: calendar.splitMs, horizonDays: options.horizonDays };
  const watched = watch(known, span);
  const bare = { signal, watched, unknown: searched.length - known.length };
  const none = { cut: null, next: null, cutInterval: null, side: null, shareAtRisk: null, p: null };
  const few = tooLittle(watched.churns, [watched.churns / 2]);
  if (few !== null) return { ...bare, ...none, ...few };
  const rows = cutRowsOf(watched, values);
  const lowest = Math.max(LOWEST, LEAST_EXPECTED / watched.churns);
  const cuts = { lowest, highest: 1 - lowest, maxCuts: MOST_CUTS };
  const selected = selectCut(rows, cuts);
  const chance = (purpose: string) => randomStream(options.seed, 'threshold', signal.name, purpose);
  const test = permutationTest(rows, options.permutations, chance('permutation'), cuts);
  if (selected.kind === 'refused' || test.kind === 'refused') {
    return { ...bare, ...none, reason: 'no cut leaves enough accounts on both sides' };
  }
  const interval = cutInterval(rows, options.permutations, chance('bootstrap'), cuts);
  const side = selected.eventsAbove === 'more' ? 'above' : 'below';
  const below = selected.best.below / watched.rows.length;
  return {
    ...bare,
    cut: selected.best.cut,
    next: selected.best.next,
    cutInterval: interval.kind === 'estimated' ? interval.interval : null,
    side,
    shareAtRisk: side === 'below' ? below : 1 - below,
    p: test.p,
    reason: null,
  };
}

/** Log-rank scores within each landmark: the hazard of a season is that of everybody in it. */
function cutRowsOf({ rows, time, event }: Watched, values: Float64Array): CutRows {
  const score = new Float64Array(rows.length);
  const places = new Map<number, number[]>();
  for (const [place, { landmarkMs }] of rows.entries()) {
    const list = places.get(landmarkMs);
    if (list === undefined) places.set(landmarkMs, [place]);
    else list.push(place);
  }
  for (const list of places.values()) {
    const pick = (column: ArrayLike<number>) => list.map((place) => column[place] as number);
    const scores = logRankScorer({ time: pick(time), event: pick(event) })(null);
    for (const [at, place] of list.entries()) score[place] = scores[at] as number;
  }
  return {
    value: rows.map(({ index }) => values[index] as number),
    outcome: { kind: 'score', score },
    cluster: labels(rows.map(({ cluster }) => cluster)),
  };
}

/** `calendar`: with the rows after the split alone. */
function testLater(panel: Panel, calendar: Calendar, one: Found, { horizonDays }: ThresholdOptions) {
  const { cut, side, signal } = one;
  if (cut === null || side === null) return { tested: null, seen: null, fresh: null, isSameLater: null, rows: [] };
  const values = panel.numbers(signal.name);
  const after = calendar.rows.filter(({ index }) => !Number.isNaN(values[index]));
  const span = { fromMs: calendar.splitMs, untilMs: Number.POSITIVE_INFINITY, horizonDays };
  const seenBefore = new Set(one.watched.rows.map(({ cluster }) => cluster));
  const part = (isSeen: boolean) =>
    watch(
      after.filter(({ cluster }) => seenBefore.has(cluster) === isSeen),
      span,
    );
  const later = watch(after, { ...span, fromMs: calendar.laterMs });
  return {
    tested: testCut(watch(after, span), values, cut, side),
    seen: testCut(part(true), values, cut, side),
    fresh: testCut(part(false), values, cut, side),
    isSameLater: isWorseSide(later, values, cut, side),
    rows: after,
  };
}

function judge(
  panel: Panel,
  calendar: Calendar,
  one: Found,
  q: number | null,
  tried: number,
  options: ThresholdOptions,
): ThresholdRow {
  const { signal, watched } = one;
  const { tested, seen, fresh, isSameLater, rows } = testLater(panel, calendar, one, options);
  const interval = tested?.interval ?? null;
  const claim =
    q === null || interval === null
      ? null
      : { q, interval: [Math.log(interval[0]), Math.log(interval[1])] as const, isSameLater };
  const worth = -Math.log(WORTH_ACTING.hazardRatio);
  const verdict = claim === null ? 'too_little_data' : verdictOf({ ...claim, worth });
  const barred = signal.leak === null ? null : leakReason(signal.leak);
  const untested = one.reason ?? tested?.reason ?? 'one side has no churn after the split';
  const reason = barred ?? (claim === null ? untested : whyNotHolds(claim));
  const row = {
    signal: signal.name,
    leak: signal.leak,
    own: signal.isOwn,
    cut: one.cut,
    next: one.next,
    cutInterval: one.cutInterval,
    side: one.side,
    n: watched.rows.length,
    events: watched.churns,
    unknown: one.unknown,
    shareAtRisk: one.shareAtRisk,
    p: one.p,
    q,
    tried,
    tested: bareTest(tested),
    testedSeen: bareTest(seen),
    testedNew: bareTest(fresh),
    horizonDays: options.horizonDays,
    split: Number.isFinite(calendar.splitMs) ? new Date(calendar.splitMs).toISOString() : null,
    renewalShare: renewalShareOf(rows, options.horizonDays),
    modelThresholds: options.model
      .filter((rule) => rule.signal === signal.name)
      .map(({ path, operator, value }) => ({ path, operator, value })),
    verdict,
    needed: verdict === 'too_little_data' ? { reason, accounts: barred === null ? accountsNeeded(one) : null } : null,
  };
  return { ...row, sentence: writeThreshold(row) };
}

function bareTest(test: CutTest | null): CutTest | null {
  if (test === null) return null;
  const { n, events, hazardRatio, interval, p } = test;
  return { n, events, hazardRatio, interval, p };
}

/** Accounts that would settle a hazard ratio worth acting on after the split, at the shares seen before it. */
function accountsNeeded({ watched, shareAtRisk }: Found): number | null {
  const accounts = new Set(watched.rows.map(({ cluster }) => cluster)).size;
  const eventShare = watched.churns / accounts;
  const share = shareAtRisk ?? 0.5;
  if (!(share > 0 && share < 1 && eventShare > 0 && eventShare < 1)) return null;
  return accountsForEvents(eventsNeeded({ hazardRatio: WORTH_ACTING.hazardRatio, exposedShare: share }), eventShare);
}

function writeThreshold(row: Omit<ThresholdRow, 'sentence'>): string {
  const { signal, cut, side, tested, needed } = row;
  if (cut === null || side === null) return `${signal}: not searched, ${needed?.reason ?? 'too little data'}.`;
  const day = row.split?.slice(0, 10) ?? 'the split';
  const where = `${signal} ${side === 'below' ? 'at or below' : 'above'} ${writeNumber(cut)}`;
  if (row.leak !== null) return `${where}: not judged, since ${needed?.reason}.`;
  if (tested?.hazardRatio == null || tested.interval === null) {
    return `${where} parts those who leave best before ${day}, and cannot be tested after it: ${needed?.reason ?? 'one side has no churn'}.`;
  }
  const [low, high] = tested.interval;
  const found = `${where}: after ${day} such accounts left ${writeNumber(tested.hazardRatio)} times as often as the others (95% interval ${writeNumber(low)} to ${writeNumber(high)})`;
  if (row.verdict === 'holds') {
    return `${found}. The number was found on earlier data and held on later data; that does not prove a cause.`;
  }
  if (row.verdict === 'fails') return `${found}. A difference worth acting on can be ruled out.`;
  return `${found}. That is too little to tell: ${needed?.reason}.`;
}
