import { type ClusterKeys, indexClusters } from './clusters.ts';
import { randomStream } from './random.ts';
import { type Refusal, refuse } from './refusal.ts';

/** What is shuffled. */
export interface PermutationInput {
  /** One number a row, the same in all rows of a cluster: exposed or not, a class's number, an outcome. */
  readonly labels: ArrayLike<number>;
  /** One key a row: labels move from cluster to cluster. Default: every row stands alone. */
  readonly clusters?: ClusterKeys;
  /** Greater means further from chance (for both sides hand in a size); null where the labels give no value. */
  readonly statistic: (labels: Float64Array) => number | null;
  readonly seed: number | string;
  /** Default 999. */
  readonly permutations?: number;
}

/** How often chance gives a statistic as great as the one seen. */
export interface Permutation {
  readonly kind: 'estimated';
  readonly observed: number;
  /** (1 + shuffles at least as great) / (1 + shuffles); never 0. */
  readonly p: number;
  readonly permutations: number;
}

const DEFAULT_PERMUTATIONS = 999;
const TIE = 1e-12;

/**
 * Whether labels of accounts have to do with anything: a statistic of the labels against the same after shuffling them
 * among accounts.
 *
 * Shape: a shuffle that gives no value counts as one at least as great, which errs towards chance.
 * Refuses: labels that are all the same, or that give no value as they are (refusals); labels that differ within a
 * cluster (throws).
 * Source: Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9, 39: p is never 0.
 */
export function permutationTest(input: PermutationInput): Permutation | Refusal {
  const rows = input.labels.length;
  const keys = input.clusters ?? Int32Array.from({ length: rows }, (_, row) => row);
  const { of, count } = indexClusters(keys, rows);
  const ofCluster = new Float64Array(count).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const cluster = of[row] as number;
    const label = input.labels[row] as number;
    if (Number.isNaN(label)) throw new Error(`the label of row ${row} is NaN`);
    if (!Number.isNaN(ofCluster[cluster]) && ofCluster[cluster] !== label) {
      throw new Error(`rows of cluster ${keys[row]} have different labels`);
    }
    ofCluster[cluster] = label;
  }
  if (new Set(ofCluster).size < 2) return refuse(`all ${count} clusters have the same label`);
  const spread = (): Float64Array => Float64Array.from(of, (cluster) => ofCluster[cluster] as number);
  const observed = input.statistic(spread());
  if (observed === null) return refuse('the labels as they are do not give the statistic');
  const permutations = input.permutations ?? DEFAULT_PERMUTATIONS;
  const random = randomStream(input.seed, 'permutation');
  const bar = observed - TIE * Math.abs(observed);
  let atLeast = 0;
  for (let shuffle = 0; shuffle < permutations; shuffle++) {
    random.shuffle(ofCluster);
    const value = input.statistic(spread());
    if (value === null || value >= bar) atLeast++;
  }
  return { kind: 'estimated', observed, p: (atLeast + 1) / (permutations + 1), permutations };
}
