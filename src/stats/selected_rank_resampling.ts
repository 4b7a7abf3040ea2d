import { countLabels } from './follow_up.ts';
import { logRankScorer } from './log_rank_scores.ts';
import type { RandomStream } from './random.ts';
import type { Refusal } from './refusal.ts';
import {
  type CutOptions,
  type CutPlan,
  type CutRefusal,
  type CutRows,
  planCuts,
  scoresOf,
  standardisedSums,
} from './selected_rank.ts';

/**
 * How surprising the best cut would be if values and outcomes had nothing to do with each other.
 *
 * Shape: `p` counts the observed arrangement among the permuted, so it is never below 1 / (permutations + 1);
 * `traded` is how many clusters could change places.
 */
export interface PermutationTest {
  readonly kind: 'tested';
  readonly statistic: number;
  readonly p: number;
  readonly permutations: number;
  readonly traded: number;
}

/** Where the best cut falls when accounts are drawn anew. `replicates` counts the draws that had a cut. */
export interface CutInterval {
  readonly kind: 'estimated';
  readonly interval: readonly [number, number];
  readonly replicates: number;
}

const FEWEST_CLUSTERS = 20;
const EQUAL = 1e-10;

/**
 * A permutation test of the best cut, in which whole accounts change places.
 *
 * The values of an account, in the order of its rows, are laid beside the outcomes of another account with as many rows;
 * without clusters every row is an account. Refuses as `selectCut`, and `too_few_clusters` where fewer than 20 accounts
 * have another of as many rows.
 *
 * Why: rows of one account are alike in values and outcomes; shuffling rows would find cuts in noise. Accounts with
 * unequal numbers of rows are not exchangeable, since those who leave have fewer.
 * Source: permutation distribution of maximally selected statistics (Hothorn and Lausen 2003), restricted to blocks.
 */
export function permutationTest(
  rows: CutRows,
  permutations: number,
  random: RandomStream,
  options: CutOptions = {},
): PermutationTest | CutRefusal | Refusal<'too_few_clusters'> {
  if (!(Number.isInteger(permutations) && permutations > 0)) {
    throw new Error(`permutations are a positive whole number; got ${permutations}`);
  }
  const plan = planCuts(rows, options);
  if (plan.sizes.length === 0) return { kind: 'refused', reason: 'no_cut' };
  const scores = scoresOf(rows.outcome);
  const observed = standardisedSums(plan, scores);
  if (observed === null) return { kind: 'refused', reason: 'no_variation' };
  const clusters = clustersOf(rows);
  const classes = classesBySize(clusters);
  const traded = classes.reduce((sum, each) => sum + each.length, 0);
  if (traded < FEWEST_CLUSTERS) return { kind: 'refused', reason: 'too_few_clusters', needed: FEWEST_CLUSTERS };
  const statistic = largest(observed);
  const permuted = Float64Array.from(scores);
  let asLarge = 1;
  for (let round = 0; round < permutations; round += 1) {
    for (const members of classes) trade(clusters, members, scores, permuted, random);
    if (largest(standardisedSums(plan, permuted) ?? observed) >= statistic - EQUAL) asLarge += 1;
  }
  return { kind: 'tested', statistic, p: asLarge / (permutations + 1), permutations, traded };
}

/** Rows of clusters: those of cluster c are `members` from `starts[c]` to before `starts[c + 1]`. */
interface Clusters {
  readonly members: Uint32Array;
  readonly starts: Uint32Array;
}

function clustersOf({ value, cluster }: CutRows): Clusters {
  const count = value.length;
  const labels = cluster ?? Uint32Array.from({ length: count }, (_, row) => row);
  const starts = new Uint32Array(countLabels('cluster', labels) + 1);
  for (let row = 0; row < count; row += 1) {
    const after = (labels[row] as number) + 1;
    starts[after] = (starts[after] as number) + 1;
  }
  for (let c = 1; c < starts.length; c += 1) starts[c] = (starts[c] as number) + (starts[c - 1] as number);
  const next = Uint32Array.from(starts);
  const members = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) {
    const c = labels[row] as number;
    members[next[c] as number] = row;
    next[c] = (next[c] as number) + 1;
  }
  return { members, starts };
}

function sizeOf({ starts }: Clusters, c: number): number {
  return (starts[c + 1] as number) - (starts[c] as number);
}

/** Clusters of equal size together; those that have no other of their size are left out. */
function classesBySize(clusters: Clusters): readonly Uint32Array[] {
  const bySize = new Map<number, number[]>();
  for (let c = 0; c + 1 < clusters.starts.length; c += 1) {
    const size = sizeOf(clusters, c);
    if (size === 0) continue;
    const known = bySize.get(size);
    if (known === undefined) bySize.set(size, [c]);
    else known.push(c);
  }
  return [...bySize.values()].filter(({ length }) => length > 1).map((each) => Uint32Array.from(each));
}

function trade(
  clusters: Clusters,
  same: Uint32Array,
  scores: Float64Array,
  permuted: Float64Array,
  random: RandomStream,
): void {
  const { members, starts } = clusters;
  const size = sizeOf(clusters, same[0] as number);
  const from = Uint32Array.from(same);
  random.shuffle(from);
  for (let index = 0; index < same.length; index += 1) {
    const to = starts[same[index] as number] as number;
    const source = starts[from[index] as number] as number;
    for (let row = 0; row < size; row += 1) {
      permuted[members[to + row] as number] = scores[members[source + row] as number] as number;
    }
  }
}

function largest(z: Float64Array): number {
  let most = 0;
  for (let cut = 0; cut < z.length; cut += 1) most = Math.max(most, Math.abs(z[cut] as number));
  return most;
}

/**
 * An interval for the best cut, from accounts drawn anew with replacement; log-rank scores are computed anew each time.
 *
 * Refuses as `selectCut`, and `too_few_clusters` below 20 accounts. Candidate cuts stay those of the data itself.
 *
 * Why: a selected cut converges slowly and its bootstrap is no exact interval; read it as how far the cut can move.
 * Source: percentile bootstrap over clusters (Efron and Tibshirani 1993; Davison and Hinkley 1997, 3.8).
 */
export function cutInterval(
  rows: CutRows,
  replicates: number,
  random: RandomStream,
  options: CutOptions & { readonly level?: number } = {},
): CutInterval | CutRefusal | Refusal<'too_few_clusters'> {
  const { level = 0.95 } = options;
  if (!(Number.isInteger(replicates) && replicates > 0)) {
    throw new Error(`replicates are a positive whole number; got ${replicates}`);
  }
  const plan = planCuts(rows, options);
  if (plan.sizes.length === 0) return { kind: 'refused', reason: 'no_cut' };
  if (standardisedSums(plan, scoresOf(rows.outcome)) === null) return { kind: 'refused', reason: 'no_variation' };
  const clusters = clustersOf(rows);
  const filled = Uint32Array.from(clusters.starts.keys()).filter(
    (c) => c + 1 < clusters.starts.length && sizeOf(clusters, c) > 0,
  );
  if (filled.length < FEWEST_CLUSTERS) return { kind: 'refused', reason: 'too_few_clusters', needed: FEWEST_CLUSTERS };
  const { outcome } = rows;
  const scorer = outcome.kind === 'survival' ? logRankScorer(outcome.followUp) : null;
  const fixed = scorer === null ? scoresOf(outcome) : null;
  const weights = new Float64Array(rows.value.length);
  const cuts: number[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    drawClusters(clusters, filled, weights, random);
    const best = bestWeighted(plan, fixed ?? scorer?.(weights) ?? weights, weights);
    if (best !== null) cuts.push(rows.value[plan.order[(plan.sizes[best] as number) - 1] as number] as number);
  }
  cuts.sort((a, b) => a - b);
  if (cuts.length === 0) return { kind: 'refused', reason: 'no_variation' };
  const at = (share: number): number => cuts[Math.round(share * (cuts.length - 1))] as number;
  return { kind: 'estimated', interval: [at((1 - level) / 2), at((1 + level) / 2)], replicates: cuts.length };
}

function drawClusters(
  { members, starts }: Clusters,
  filled: Uint32Array,
  weights: Float64Array,
  random: RandomStream,
): void {
  weights.fill(0);
  for (let draw = 0; draw < filled.length; draw += 1) {
    const c = filled[random.below(filled.length)] as number;
    for (let at = starts[c] as number; at < (starts[c + 1] as number); at += 1) {
      const row = members[at] as number;
      weights[row] = (weights[row] as number) + 1;
    }
  }
}

/** The index of the cut that tells weighted scores apart best; null where none does. */
function bestWeighted({ order, sizes }: CutPlan, scores: Float64Array, weights: Float64Array): number | null {
  let total = 0;
  let mean = 0;
  for (let row = 0; row < scores.length; row += 1) {
    total += weights[row] as number;
    mean += (weights[row] as number) * (scores[row] as number);
  }
  mean /= total;
  let best: number | null = null;
  let most = 1e-24;
  let sum = 0;
  let below = 0;
  let place = 0;
  for (let cut = 0; cut < sizes.length; cut += 1) {
    for (; place < (sizes[cut] as number); place += 1) {
      const row = order[place] as number;
      sum += (weights[row] as number) * ((scores[row] as number) - mean);
      below += weights[row] as number;
    }
    if (below === 0 || below === total) continue;
    const square = (sum * sum) / (below * (total - below));
    if (square > most) {
      most = square;
      best = cut;
    }
  }
  return best;
}
