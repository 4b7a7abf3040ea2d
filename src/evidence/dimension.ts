import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { twoSidedP } from '../stats/normal.ts';
import { type Calendar, calendarOf, renewalShareOf } from './calendar.ts';
import { type Claim, claimOf } from './dimension_claim.ts';
import { DAY_MS } from './history.ts';
import { type Leak, leakReason } from './leak.ts';
import type { Panel } from './panel.ts';
import { aucOf, gainOf, type Known, knownBy, predictHeldOut, predictLater } from './prediction.ts';
import { columnsOf } from './predictor.ts';
import type { PanelSignal } from './signal.ts';
import { accountsForLeast, tooLittle, type Verdict, verdictOf, WORTH_ACTING, whyNotHolds } from './verdict.ts';

type Pair = readonly [number, number];

/** An area under the curve, with its interval. */
interface Power {
  readonly auc: number | null;
  readonly interval: Pair | null;
  readonly n: number;
  readonly events: number;
  /** Beyond industry and size, on the same rows. */
  readonly difference: number | null;
  readonly differenceInterval: Pair | null;
}

/** What predicts churn, and how well: a row of `evidence dimensions --json`. */
export interface DimensionRow extends Power {
  readonly predictor: string;
  readonly kind: 'baseline' | 'signal' | 'dimension' | 'all';
  readonly dimension: string | null;
  readonly leak: Leak | null;
  /** Signals in it that say anything: a dimension of none is not populated (R005). */
  readonly signals: number;
  /** Against chance (AUC one half). */
  readonly p: number | null;
  readonly q: number | null;
  /** Against industry and size. */
  readonly differenceP: number | null;
  readonly differenceQ: number | null;
  readonly tried: number;
  /** Fitted before the split, tested after it. */
  readonly outOfTime: Power;
  readonly horizonDays: number;
  readonly renewalShare: number | null;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** Every predictor, the claim of the source (R096), and what was looked at. */
export interface DimensionReport {
  readonly rows: readonly DimensionRow[];
  readonly claim: Claim;
  readonly known: Known;
  readonly splitMs: number;
  readonly calendar: Calendar;
}

/** What to look at. */
export interface DimensionOptions {
  readonly signals: readonly PanelSignal[];
  readonly bands: readonly string[];
  readonly horizonDays: number;
  readonly splitMs: number | null;
  readonly seed: number;
  readonly resamples: number;
}

interface Predictor {
  readonly name: string;
  readonly kind: DimensionRow['kind'];
  readonly dimension: string | null;
  readonly leak: Leak | null;
  readonly signals: readonly PanelSignal[];
}

const BASE = new Set(['industry', 'employees']);
const DIMENSIONS = ['firmographic', 'behavioural', 'lifecycle', 'needs', 'value'] as const;

/**
 * How well does each kind of knowledge predict who churns within the horizon, beside industry and size?
 *
 * Every row is predicted by a ridge logistic regression that never saw its account, and once more by one fitted on
 * landmarks whose horizon was over before the split. Intervals and p by DeLong, rows of an account clustered
 * (Obuchowski). An input cannot come from after its landmark: profiles are computed as of it, from facts before it.
 * Leaking and composite signals are in no dimension. Benjamini-Hochberg over single signals, and over dimensions apart.
 */
export function testDimensions(panel: Panel, options: DimensionOptions): DimensionReport {
  const bare = calendarOf(panel, options.splitMs);
  const middle =
    bare.rows.length === 0 ? bare.splitMs : Math.round((bare.firstMs + bare.followedMs) / 2 / DAY_MS) * DAY_MS;
  const splitMs = options.splitMs ?? middle;
  const calendar = { ...bare, splitMs };
  const known = knownBy(calendar.rows, calendar.followedMs, options.horizonDays);
  const earlier = knownBy(calendar.rows, splitMs, options.horizonDays);
  const late = calendar.rows.filter(({ landmarkMs }) => landmarkMs >= splitMs);
  const later = knownBy(late, calendar.followedMs, options.horizonDays);
  const predictors = predictorsOf(options);
  const measured = measureAll(panel, predictors, { known, earlier, later }, options.seed);
  const qs = corrected(measured, ({ p }) => p);
  const gainQs = corrected(measured, ({ gain }) => gain?.p ?? null);
  const rows = measured.map((one, place) => judge(one, qs[place] ?? null, gainQs[place] ?? null, known, options));
  const claim = claimOf(measured, later, options);
  return { rows, claim, known, splitMs, calendar };
}

function predictorsOf({ signals, bands }: DimensionOptions): readonly Predictor[] {
  const usable = signals.filter(({ leak, isComposite }) => leak === null && !isComposite);
  const isBand = ({ name }: PanelSignal): boolean => bands.includes(name);
  const base = signals.filter((signal) => BASE.has(signal.name) || isBand(signal));
  const single = signals.filter(({ dimension, isComposite, leak, isNumber }) => {
    return !isComposite && (dimension === 'behavioural' || (leak !== null && isNumber));
  });
  const of = (name: string) => signals.filter((signal) => signal.leak === null && signal.dimension === name);
  const inDimension = (name: string) => of(name).filter((signal) => !signal.isComposite || name === 'lifecycle');
  const whole = { dimension: null, leak: null };
  return [
    { ...whole, name: 'industry and size', kind: 'baseline', signals: base },
    ...DIMENSIONS.map((name): Predictor => {
      const own =
        name === 'firmographic' ? [...new Set([...inDimension(name), ...signals.filter(isBand)])] : inDimension(name);
      return { name, kind: 'dimension', dimension: name, leak: null, signals: own };
    }),
    { ...whole, name: 'all dimensions', kind: 'all', signals: usable },
    ...single.map((signal): Predictor => {
      const { name, dimension, leak } = signal;
      return { name, kind: 'signal', dimension, leak, signals: [signal] };
    }),
  ];
}

/** A predictor with its figures, before correction. */
interface Measured {
  readonly predictor: Predictor;
  readonly power: Power;
  readonly p: number | null;
  readonly gain: ReturnType<typeof gainOf>;
  readonly outOfTime: Power;
  readonly laterScores: Float64Array | null;
  readonly inTime: number | null;
  /** Signals that have a value for anybody. */
  readonly populated: number;
}

interface Samples {
  readonly known: Known;
  readonly earlier: Known;
  readonly later: Known;
}

function measureAll(
  panel: Panel,
  predictors: readonly Predictor[],
  { known, earlier, later }: Samples,
  seed: number,
): readonly Measured[] {
  const isTestable = tooLittle(known.churns, [known.churns / 2]) === null;
  const isTestableLater = Math.min(earlier.churns, later.churns) >= 10;
  const heldOut = ({ signals }: Predictor) => (isTestable ? predictHeldOut(panel, signals, known, seed) : null);
  const laterOf = ({ signals }: Predictor) => (isTestableLater ? predictLater(panel, signals, earlier, later) : null);
  const [first] = predictors;
  if (first === undefined) return [];
  const base = { scores: heldOut(first), later: laterOf(first) };
  return predictors.map((predictor) => {
    const scores = predictor === first ? base.scores : heldOut(predictor);
    const laterScores = predictor === first ? base.later : laterOf(predictor);
    const gain = predictor === first ? null : gainOf(scores, base.scores, known);
    const power = powerOf(scores, known, gain);
    const error = aucOf(scores, known)?.standardError ?? null;
    const z = power.auc === null || error === null || error === 0 ? null : (power.auc - 0.5) / error;
    const isContender = predictor.kind === 'signal' && predictor.leak === null && isTestableLater;
    const early = isContender ? aucOf(predictHeldOut(panel, predictor.signals, earlier, seed), earlier) : null;
    return {
      predictor,
      power,
      p: z === null ? null : twoSidedP(z),
      gain,
      outOfTime: powerOf(laterScores, later, predictor === first ? null : gainOf(laterScores, base.later, later)),
      laterScores,
      inTime: early?.auc ?? null,
      populated: predictor.signals.filter((signal) => columnsOf(panel, signal, known.rows).length > 0).length,
    };
  });
}

function powerOf(scores: Float64Array | null, known: Known, gain: ReturnType<typeof gainOf>): Power {
  const found = aucOf(scores, known);
  return {
    auc: found?.auc ?? null,
    interval: found?.interval ?? null,
    n: known.rows.length,
    events: known.churns,
    difference: gain?.difference ?? null,
    differenceInterval: gain?.interval ?? null,
  };
}

/** q over single signals, and over dimensions apart; leaking signals are in no family. */
function corrected(measured: readonly Measured[], pOf: (one: Measured) => number | null): readonly (number | null)[] {
  const inFamily = (isSignal: boolean) =>
    benjaminiHochberg(
      measured.map((one) => {
        const { kind, leak } = one.predictor;
        return leak === null && (kind === 'signal') === isSignal ? pOf(one) : null;
      }),
    );
  const [ofSignals, ofDimensions] = [inFamily(true), inFamily(false)];
  return measured.map((_, place) => ofSignals[place] ?? ofDimensions[place] ?? null);
}

function judge(
  { predictor, power, p, gain, outOfTime, populated }: Measured,
  q: number | null,
  differenceQ: number | null,
  known: Known,
  options: DimensionOptions,
): DimensionRow {
  const isBase = predictor.kind === 'baseline';
  const { interval } = power;
  const beyond =
    isBase && interval !== null ? ([interval[0] - 0.5, interval[1] - 0.5] as const) : power.differenceInterval;
  const late = isBase ? (outOfTime.auc === null ? null : outOfTime.auc - 0.5) : outOfTime.difference;
  const against = isBase ? q : differenceQ;
  const accounts = new Set(known.clusters).size;
  const claim =
    against === null || beyond === null
      ? null
      : { q: against, interval: beyond, isSameLater: late === null ? null : late > 0 };
  const verdict = claim === null ? 'too_little_data' : verdictOf({ ...claim, worth: WORTH_ACTING.auc });
  const few = tooLittle(known.churns, [known.churns / 2])?.reason ?? 'it says nothing of these accounts';
  const untested = predictor.leak === null ? few : leakReason(predictor.leak);
  const reason = claim === null ? untested : whyNotHolds(claim);
  const row = {
    predictor: predictor.name,
    kind: predictor.kind,
    dimension: predictor.dimension,
    leak: predictor.leak,
    signals: populated,
    ...power,
    p,
    q,
    differenceP: gain?.p ?? null,
    differenceQ,
    tried: predictorsOf(options).filter(
      ({ kind, leak }) => leak === null && (kind === 'signal') === (predictor.kind === 'signal'),
    ).length,
    outOfTime,
    horizonDays: options.horizonDays,
    renewalShare: renewalShareOf(known.rows, options.horizonDays),
    verdict,
    needed: verdict === 'too_little_data' ? { reason, accounts: accountsForLeast(accounts, known.churns) } : null,
  };
  return { ...row, sentence: sentenceOf(row) };
}

function sentenceOf(row: Omit<DimensionRow, 'sentence'>): string {
  if (row.auc === null || row.interval === null)
    return `${row.predictor}: not tested, ${row.needed?.reason ?? 'too little data'}.`;
  const [low, high] = row.interval;
  const found = `${row.predictor}: of an account that leaves within ${row.horizonDays} days and one that stays, it points to the right one in ${(100 * row.auc).toFixed(0)} of 100 pairs (95% interval ${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)}; chance is 50)`;
  if (row.leak !== null) return `${found}. Not judged, since ${row.needed?.reason}.`;
  const than = row.kind === 'baseline' ? 'chance' : 'industry and size';
  if (row.verdict === 'holds') return `${found}. That is better than ${than}, also on later data.`;
  if (row.verdict === 'fails')
    return `${found}. That it is better than ${than} by anything worth acting on can be ruled out.`;
  return `${found}. Whether it is better than ${than} cannot be told: ${row.needed?.reason}.`;
}
