import betaincinv from '@stdlib/math-base-special-betaincinv';
import gammaln from '@stdlib/math-base-special-gammaln';
import { DEFAULT_LEVEL, type Interval } from './interval.ts';
import { type Count, wilsonInterval } from './proportion.ts';

/** The rate of one group. */
interface GroupRate {
  /** Successes by trials; null without trials. */
  readonly raw: number | null;
  /** Drawn towards the overall rate, the more so the fewer its trials; null where nothing is known. */
  readonly estimate: number | null;
  /** Where the group's true rate lies; for a shrunk one a posterior interval. Null where nothing is known. */
  readonly interval: Interval | null;
}

/** Rates of groups, shrunk towards each other, or plain where there are too few groups to learn from. */
export interface ShrunkRates {
  readonly kind: 'shrunk' | 'plain';
  /** The rate to which groups are drawn; null where there is not one trial. */
  readonly overall: number | null;
  /** With about how many trials the overall rate counts in each group; null where plain. */
  readonly weight: number | null;
  /** In the order given. */
  readonly groups: readonly GroupRate[];
}

const MIN_GROUPS = 3;
/** How widely groups may vary: from not at all to a distribution worth a ninth of a trial. */
const WIDEST_SPREAD = 3;
const GRID = 40;
const ZOOMS = 2;
const NEGLIGIBLE = 1e-7;

/**
 * The rates of groups of which some are small: each is drawn towards all, as far as the groups resemble each other.
 *
 * Shape: in [0, 1]. Rates are taken to vary between groups by a beta distribution whose mean and spread are themselves
 * uncertain: `estimate` is the posterior mean, the interval that of the beta with the posterior's mean and variance.
 * Refuses: with fewer than 3 groups that have trials, and where nobody or everybody succeeded, each group keeps its own
 * rate and Wilson interval (`plain`); successes below 0 or above trials (throws).
 * Why not the most likely beta alone, as plain empirical Bayes has it: with a dozen groups it is often a point, and the
 * intervals of 95% then cover 80%.
 * Source: Gelman et al. 2013, Bayesian Data Analysis, section 5.3: prior uniform on the mean and on one by the root of
 * the number of trials that the distribution is worth (here up to 3); Deely and Lindley 1981 (Bayes empirical Bayes).
 */
export function shrinkRates(counts: readonly Count[], level = DEFAULT_LEVEL): ShrunkRates {
  const wilson = counts.map((count) => wilsonInterval(count, { level }));
  const known = counts.filter(({ trials }) => trials > 0);
  const successes = known.reduce((sum, count) => sum + count.successes, 0);
  const trials = known.reduce((sum, count) => sum + count.trials, 0);
  if (known.length < MIN_GROUPS || successes === 0 || successes === trials) {
    const groups = counts.map((count, place) => {
      const raw = rawRate(count);
      return { raw, estimate: raw, interval: wilson[place] ?? null };
    });
    return { kind: 'plain', overall: trials > 0 ? successes / trials : null, weight: null, groups };
  }
  const beliefs = posteriorOf(known);
  return {
    kind: 'shrunk',
    overall: beliefs.reduce((sum, { share, mean }) => sum + share * mean, 0),
    weight: Math.exp(beliefs.reduce((sum, { share, weight }) => sum + share * Math.log(weight), 0)),
    groups: counts.map((count) => ({ raw: rawRate(count), ...shrunk(count, beliefs, level) })),
  };
}

function rawRate({ successes, trials }: Count): number | null {
  return trials > 0 ? successes / trials : null;
}

function shrunk({ successes, trials }: Count, beliefs: readonly Belief[], level: number) {
  let estimate = 0;
  let square = 0;
  for (const { share, mean, weight } of beliefs) {
    const total = weight + trials;
    const own = (mean * weight + successes) / total;
    estimate += share * own;
    square += share * ((own * (1 - own)) / (total + 1) + own * own);
  }
  const variance = square - estimate * estimate;
  const total = (estimate * (1 - estimate)) / variance - 1;
  const tail = (1 - level) / 2;
  const interval: Interval = [
    betaincinv(tail, estimate * total, (1 - estimate) * total),
    betaincinv(tail, estimate * total, (1 - estimate) * total, true),
  ];
  return { estimate, interval };
}

/** One possible distribution of rates between groups, and how much of the belief it has. */
interface Belief {
  readonly share: number;
  readonly mean: number;
  /** In trials. */
  readonly weight: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A grid over mean and spread, drawn again and closer around the cells that matter. */
function posteriorOf(counts: readonly Count[]): readonly Belief[] {
  let means: Range = { from: 0, to: 1 };
  let spreads: Range = { from: 0, to: WIDEST_SPREAD };
  let cells = gridOf(counts, means, spreads);
  for (let zoom = 0; zoom < ZOOMS; zoom++) {
    means = around(
      cells.map(({ mean }) => mean),
      means,
    );
    spreads = around(
      cells.map(({ spread }) => spread),
      spreads,
    );
    cells = gridOf(counts, means, spreads);
  }
  const all = cells.reduce((sum, { height }) => sum + height, 0);
  return cells.map(({ mean, spread, height }) => ({ share: height / all, mean, weight: 1 / (spread * spread) }));
}

interface Cell {
  readonly mean: number;
  readonly spread: number;
  readonly height: number;
}

function gridOf(counts: readonly Count[], means: Range, spreads: Range): readonly Cell[] {
  const middles = ({ from, to }: Range): readonly number[] =>
    Array.from({ length: GRID }, (_, cell) => from + ((cell + 0.5) * (to - from)) / GRID);
  const cells = middles(means).flatMap((mean) =>
    middles(spreads).map((spread) => ({ mean, spread, log: logLikelihood(counts, mean, 1 / (spread * spread)) })),
  );
  const top = cells.reduce((most, { log }) => Math.max(most, log), Number.NEGATIVE_INFINITY);
  return cells
    .map(({ mean, spread, log }) => ({ mean, spread, height: Math.exp(log - top) }))
    .filter(({ height }) => height > NEGLIGIBLE);
}

function around(places: readonly number[], { from, to }: Range): Range {
  const cell = (to - from) / GRID;
  return {
    from: Math.max(from, places.reduce((least, place) => Math.min(least, place), to) - 1.5 * cell),
    to: Math.min(to, places.reduce((most, place) => Math.max(most, place), from) + 1.5 * cell),
  };
}

function logLikelihood(counts: readonly Count[], mean: number, weight: number): number {
  const a = mean * weight;
  const b = (1 - mean) * weight;
  const none = gammaln(a) + gammaln(b) - gammaln(a + b);
  return counts.reduce(
    (sum, { successes, trials }) =>
      sum + gammaln(a + successes) + gammaln(b + trials - successes) - gammaln(a + b + trials) - none,
    0,
  );
}
