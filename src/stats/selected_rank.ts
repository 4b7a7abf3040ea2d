import { checkLength, countLabels, type FollowUp, orderBy } from './follow_up.ts';
import { logRankScorer } from './log_rank_scores.ts';
import { normalUpperTail } from './normal.ts';
import type { Refusal } from './refusal.ts';

/** What a cut is to tell apart: times to an event (by log-rank scores), or scores as they are (high: more). */
export type CutOutcome =
  | { readonly kind: 'survival'; readonly followUp: FollowUp }
  | { readonly kind: 'score'; readonly score: ArrayLike<number> };

/**
 * Values to be cut in two, and outcomes.
 *
 * Shape: one row per landmark; `cluster` (whole numbers from 0) says which rows are of one account.
 */
export interface CutRows {
  readonly value: ArrayLike<number>;
  readonly outcome: CutOutcome;
  readonly cluster?: ArrayLike<number> | undefined;
}

/** Which cuts are tried: between these shares of rows, and at most so many, evenly spread over the rows (all if unsaid). */
export interface CutOptions {
  readonly lowest?: number;
  readonly highest?: number;
  readonly maxCuts?: number;
}

/**
 * One cut: rows with values up to `cut` are below it, from `next` on above.
 *
 * Shape: `z` is the standardised sum of scores below the cut, positive where the event comes more often below.
 */
interface TriedCut {
  readonly cut: number;
  readonly next: number;
  readonly below: number;
  readonly z: number;
}

/**
 * The cut that tells outcomes apart best.
 *
 * Shape: `statistic` is the largest |z| of `tried`; `eventsAbove` says on which side there are more events. `asymptoticP`
 * takes rows as independent and is null where rows are clustered: see `permutationTest`.
 */
export interface SelectedCut {
  readonly kind: 'selected';
  readonly best: TriedCut;
  readonly statistic: number;
  readonly eventsAbove: 'fewer' | 'more';
  readonly tried: readonly TriedCut[];
  readonly asymptoticP: { readonly lausen1992: number; readonly lausen1994: number } | null;
}

/** Why no cut is selected: no value changes within the bounds, or no outcome differs from another. */
export type CutRefusal = Refusal<'no_cut' | 'no_variation'>;

/** Rows in order of value, and the cuts to try: how many rows are below each. */
export interface CutPlan {
  readonly order: Uint32Array;
  readonly sizes: Uint32Array;
}

/**
 * At which value do outcomes part most?
 *
 * Refuses as `CutRefusal` says. Throws for columns of different lengths and values that are not finite.
 *
 * Source: Lausen and Schumacher 1992; Hothorn and Lausen 2003; as R `maxstat.test` (`pmethod` "Lau92", "Lau94").
 */
export function selectCut(rows: CutRows, options: CutOptions = {}): SelectedCut | CutRefusal {
  const plan = planCuts(rows, options);
  const scores = scoresOf(rows.outcome);
  if (plan.sizes.length === 0) return { kind: 'refused', reason: 'no_cut' };
  const z = standardisedSums(plan, scores);
  if (z === null) return { kind: 'refused', reason: 'no_variation' };
  const tried = Array.from(plan.sizes, (below, index): TriedCut => {
    const valueAt = (place: number): number => rows.value[plan.order[place] as number] as number;
    return { cut: valueAt(below - 1), next: valueAt(below), below, z: z[index] as number };
  });
  const best = tried.reduce((most, each) => (Math.abs(each.z) > Math.abs(most.z) ? each : most));
  const statistic = Math.abs(best.z);
  return {
    kind: 'selected',
    best,
    statistic,
    eventsAbove: best.z > 0 ? 'fewer' : 'more',
    tried,
    asymptoticP: rows.cluster === undefined ? asymptoticP(statistic, plan, options) : null,
  };
}

/** Scores of an outcome: log-rank scores of times, or the scores themselves. Throws for scores that are not finite. */
export function scoresOf(outcome: CutOutcome): Float64Array {
  if (outcome.kind === 'survival') return logRankScorer(outcome.followUp)(null);
  return Float64Array.from(outcome.score, (score, row) => {
    if (!Number.isFinite(score)) throw new Error(`row ${row}: a score is a finite number; got ${score}`);
    return score;
  });
}

/** Checks rows and options (throws) and lays out the cuts to try. */
export function planCuts({ value, outcome, cluster }: CutRows, options: CutOptions): CutPlan {
  const { lowest = 0.1, highest = 0.9, maxCuts = Number.POSITIVE_INFINITY } = options;
  if (!(lowest >= 0 && lowest < highest && highest <= 1)) {
    throw new Error(`cuts lie between two shares, the lowest first; got ${lowest} and ${highest}`);
  }
  if (!(maxCuts >= 2)) throw new Error(`at least 2 cuts are tried; got ${maxCuts}`);
  checkLength('value', value, outcome.kind === 'survival' ? outcome.followUp.time.length : outcome.score.length);
  if (cluster !== undefined) {
    checkLength('cluster', cluster, value.length);
    countLabels('cluster', cluster);
  }
  const count = value.length;
  for (let row = 0; row < count; row += 1) {
    if (!Number.isFinite(value[row])) throw new Error(`row ${row}: a value is a finite number; got ${value[row]}`);
  }
  const order = orderBy(value);
  const sizes: number[] = [];
  const from = Math.max(1, Math.floor(count * lowest));
  for (let size = from; size <= Math.min(count - 1, Math.floor(count * highest)); size += 1) {
    if (value[order[size] as number] !== value[order[size - 1] as number]) sizes.push(size);
  }
  return { order, sizes: Uint32Array.from(thinned(sizes, maxCuts)) };
}

function thinned(sizes: readonly number[], most: number): readonly number[] {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (sizes.length <= most || first === undefined || last === undefined) return sizes;
  const kept = new Set<number>();
  let at = 0;
  for (let step = 0; step < most; step += 1) {
    const wanted = first + ((last - first) * step) / Math.max(1, most - 1);
    while (
      at + 1 < sizes.length &&
      Math.abs((sizes[at + 1] as number) - wanted) <= Math.abs((sizes[at] as number) - wanted)
    )
      at += 1;
    kept.add(sizes[at] as number);
  }
  return [...kept];
}

/** The standardised sum of scores below each cut of a plan; null where no score differs from another. */
export function standardisedSums({ order, sizes }: CutPlan, scores: Float64Array): Float64Array | null {
  const count = order.length;
  const mean = scores.reduce((sum, score) => sum + score / count, 0);
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  if (!(squares > 1e-24 * count * (1 + mean * mean))) return null;
  const z = new Float64Array(sizes.length);
  let sum = 0;
  let place = 0;
  for (let cut = 0; cut < sizes.length; cut += 1) {
    const size = sizes[cut] as number;
    for (; place < size; place += 1) sum += (scores[order[place] as number] as number) - mean;
    z[cut] = sum / Math.sqrt((size * (count - size) * squares) / (count * (count - 1)));
  }
  return z;
}

function asymptoticP(b: number, { order, sizes }: CutPlan, { lowest = 0.1, highest = 0.9 }: CutOptions) {
  const density = Math.exp((-b * b) / 2) / Math.sqrt(2 * Math.PI);
  const odds = (highest * (1 - lowest)) / ((1 - highest) * lowest);
  const lausen1992 = b < 1 ? 1 : (4 * density) / b + density * (b - 1 / b) * Math.log(odds);
  const count = order.length;
  let joint = 0;
  for (let cut = 1; cut < sizes.length; cut += 1) {
    const [small, large] = [sizes[cut - 1] as number, sizes[cut] as number];
    const t = Math.sqrt(1 - (small * (count - large)) / ((count - small) * large));
    joint += (Math.exp((-b * b) / 2) / Math.PI) * (t - ((b * b) / 4 - 1) * (t ** 3 / 6));
  }
  const within = (p: number): number => Math.min(1, Math.max(0, p));
  return { lausen1992: within(lausen1992), lausen1994: within(2 * normalUpperTail(b) + joint) };
}
