import { auc } from '../stats/auc.ts';
import { clusteredBootstrap } from '../stats/bootstrap.ts';
import type { Known } from './prediction.ts';
import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** The claim that one behavioural signal predicts 30% better than industry and size (R096), on one's own data. */
export interface Claim {
  /** The signal that was best before the split; null where none could be chosen. */
  readonly signal: string | null;
  readonly ratio: number | null;
  readonly ratioInterval: Pair | null;
  readonly difference: number | null;
  readonly differenceInterval: Pair | null;
  readonly claimed: number;
  readonly n: number;
  readonly events: number;
  readonly verdict: Verdict;
  readonly sentence: string;
}

/** A predictor that could be chosen: how well it did before the split, and its chances after it. */
export interface Contender {
  readonly predictor: {
    readonly name: string;
    readonly kind: string;
    readonly dimension: string | null;
    readonly leak: string | null;
  };
  readonly inTime: number | null;
  readonly laterScores: Float64Array | null;
  readonly outOfTime: { readonly difference: number | null; readonly differenceInterval: Pair | null };
}

const CLAIMED = 1.3;

/**
 * Chosen on landmarks before the split, measured after it: the best of many would look too good where it was chosen.
 *
 * Ratio of the areas under the curve; interval by a bootstrap of whole accounts. Holds: the interval lies at the claimed
 * ratio or above; fails: below it.
 */
export function claimOf(
  contenders: readonly Contender[],
  later: Known,
  { seed, resamples }: { readonly seed: number; readonly resamples: number },
): Claim {
  const base = contenders.find(({ predictor }) => predictor.kind === 'baseline')?.laterScores ?? null;
  const best = contenders
    .filter(({ predictor }) => predictor.kind === 'signal' && predictor.dimension === 'behavioural')
    .filter(({ predictor, laterScores }) => predictor.leak === null && laterScores !== null)
    .reduce<Contender | null>((most, each) => ((each.inTime ?? 0) > (most?.inTime ?? 0) ? each : most), null);
  const counts = { claimed: CLAIMED, n: later.rows.length, events: later.churns };
  const none = { signal: null, ratio: null, ratioInterval: null, difference: null, differenceInterval: null };
  const scores = best?.laterScores ?? null;
  if (best === null || scores === null || base === null) {
    const sentence = `That one behavioural signal predicts better than industry and size was not tested: ${later.churns} churns after the split.`;
    return { ...none, ...counts, verdict: 'too_little_data', sentence };
  }
  const statistic = (rows: ArrayLike<number>): number | null => {
    const pick = (column: ArrayLike<number>) => Array.from(rows, (row) => column[row] as number);
    const outcomes = pick(later.outcomes);
    const [one, other] = [auc(pick(scores), outcomes), auc(pick(base), outcomes)];
    return one.kind === 'refused' || other.kind === 'refused' || other.auc === 0 ? null : one.auc / other.auc;
  };
  const drawn = clusteredBootstrap({ clusters: later.clusters, statistic, seed, resamples });
  const ratio = drawn.kind === 'estimated' ? drawn.estimate : null;
  const ratioInterval = drawn.kind === 'estimated' ? drawn.percentileInterval : null;
  const { difference, differenceInterval } = best.outOfTime;
  const row = { signal: best.predictor.name, ratio, ratioInterval, difference, differenceInterval, ...counts };
  const verdict = verdictOn(ratioInterval);
  return { ...row, verdict, sentence: sentenceOf(row, verdict) };
}

function verdictOn(interval: Pair | null): Verdict {
  if (interval === null) return 'too_little_data';
  if (interval[0] >= CLAIMED) return 'holds';
  return interval[1] < CLAIMED ? 'fails' : 'too_little_data';
}

function sentenceOf({ signal, ratio, ratioInterval }: Omit<Claim, 'verdict' | 'sentence'>, verdict: Verdict): string {
  if (ratio === null || ratioInterval === null)
    return `${signal} was best before the split and could not be measured after it.`;
  const found = `${signal}, the best single behavioural signal before the split, was ${ratio.toFixed(2)} times as good as industry and size after it (95% interval ${ratioInterval[0].toFixed(2)} to ${ratioInterval[1].toFixed(2)})`;
  if (verdict === 'holds') return `${found}: at least the 30% better that is claimed.`;
  if (verdict === 'fails') return `${found}: less than the 30% better that is claimed.`;
  return `${found}: whether it is the 30% better that is claimed cannot be told.`;
}
