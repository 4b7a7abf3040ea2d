import { normalCdf } from './normal.ts';
import type { RandomStream } from './random.ts';
import type { Refusal } from './refusal.ts';

/**
 * A case and its controls.
 *
 * Shape: each holds one value per week and signal, cell = week x signals + signal; null where it is not known. Weeks are
 * in the order of time.
 */
interface MatchedSet {
  readonly subject: ArrayLike<number | null>;
  readonly controls: readonly ArrayLike<number | null>[];
}

/** Matched sets over the same weeks and signals. */
export interface MatchedSets {
  readonly weeks: number;
  readonly signals: number;
  readonly sets: readonly MatchedSet[];
}

/** How a band is asked for: level 0.95, at least 20 sets to a cell, power to see a standardised difference of 0.5. */
export interface BandOptions {
  readonly permutations: number;
  readonly level?: number;
  readonly fewestSets?: number;
  readonly powerAt?: number;
}

/**
 * Case less controls in one week of one signal.
 *
 * Shape: `difference` in the signal's unit; `standardised`, its error and `interval` (simultaneous) in standard deviations
 * of the controls; `p` adjusted for all weeks and signals; `power` to see the difference asked about in this cell.
 */
interface BandEstimate {
  readonly difference: number;
  readonly standardised: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
  readonly z: number;
  readonly p: number;
  readonly power: number;
}

/** A cell of a band: `sets` have a value of the case and of a control there; no estimate where they are too few or alike. */
interface BandCell {
  readonly week: number;
  readonly signal: number;
  readonly sets: number;
  readonly estimate: BandEstimate | null;
}

/** A simultaneous band; `critical` is how many standard errors it reaches, `cells` are in the order of values. */
export interface SimultaneousBand {
  readonly kind: 'estimated';
  readonly sets: number;
  readonly critical: number;
  readonly permutations: number;
  readonly cells: readonly BandCell[];
}

/**
 * In which weeks do cases differ from their controls, all weeks and signals looked at together?
 *
 * Refuses `too_few_sets` where no cell has as many sets as asked for, `no_variation` where no cell has differing values.
 * Throws for values that are not numbers or null, and rows of another length.
 *
 * Why: of many weeks one differs by chance; the band holds for all of them at once, so the earliest week off zero is no
 * selection. The standard deviation that standardises is taken as known.
 * Source: permutation of the case within its set, maximum of |z| over cells (Westfall and Young 1993; Maris and
 * Oostenveld 2007).
 */
export function simultaneousBand(
  data: MatchedSets,
  random: RandomStream,
  options: BandOptions,
): SimultaneousBand | Refusal<'too_few_sets' | 'no_variation'> {
  const { permutations, level = 0.95, fewestSets = 20, powerAt = 0.5 } = options;
  const rank = Math.ceil((permutations + 1) * level);
  if (!(Number.isInteger(permutations) && rank <= permutations)) {
    throw new Error(`a band of level ${level} needs more permutations than ${permutations}`);
  }
  const size = data.weeks * data.signals;
  const contrasts = data.sets.map((set, index) => contrastsOf(set, size, index));
  const fewest = Math.max(2, fewestSets);
  const observed = sumUp(contrasts, () => 0, size);
  if (observed.count.every((count) => count < fewest)) {
    return { kind: 'refused', reason: 'too_few_sets', needed: fewest };
  }
  const z = standardise(observed, fewest);
  const spread = controlSpread(data, size);
  if (!z.some((value, cell) => Number.isFinite(value) && (spread[cell] as number) > 0)) {
    return { kind: 'refused', reason: 'no_variation' };
  }
  const maxima = new Float64Array(permutations);
  for (let round = 0; round < permutations; round += 1) {
    maxima[round] = largest(standardise(sumUp(contrasts, random.below, size), fewest));
  }
  maxima.sort();
  const critical = maxima[rank - 1] as number;
  const cells = Array.from({ length: size }, (_, cell) => ({
    week: Math.floor(cell / data.signals),
    signal: cell % data.signals,
    sets: observed.count[cell] as number,
    estimate: estimateOf(observed, fewest, spread, cell, { critical, maxima, powerAt }),
  }));
  return { kind: 'estimated', sets: data.sets.length, critical, permutations, cells };
}

/**
 * The first week of a signal from which the band stays off zero, on one side, to the last week; null where it does not
 * (also where the last weeks have too few sets).
 */
export function earliestDivergence(
  band: SimultaneousBand,
  signal: number,
): { readonly week: number; readonly side: 'higher' | 'lower' } | null {
  const cells = band.cells.filter((cell) => cell.signal === signal).toSorted((a, b) => b.week - a.week);
  const side = sideOf(cells[0]);
  if (side === null) return null;
  const back = cells.findIndex((cell) => sideOf(cell) !== side);
  return { week: (cells.at(back < 0 ? -1 : back - 1) as BandCell).week, side };
}

function sideOf(cell: BandCell | undefined): 'higher' | 'lower' | null {
  const interval = cell?.estimate?.interval;
  if (interval === undefined) return null;
  if (interval[0] > 0) return 'higher';
  return interval[1] < 0 ? 'lower' : null;
}

/** For each member of a set: its value less the mean of the others', by cell; NaN where either is unknown. */
function contrastsOf({ subject, controls }: MatchedSet, size: number, index: number): readonly Float64Array[] {
  const members = [subject, ...controls].map((values) => read(values, size, index));
  const total = new Float64Array(size);
  const known = new Float64Array(size);
  for (const values of members) {
    for (let cell = 0; cell < size; cell += 1) {
      const value = values[cell] as number;
      if (Number.isNaN(value)) continue;
      total[cell] = (total[cell] as number) + value;
      known[cell] = (known[cell] as number) + 1;
    }
  }
  return members.map((values) =>
    values.map((value, cell) => {
      const others = (known[cell] as number) - 1;
      return others > 0 ? value - ((total[cell] as number) - value) / others : Number.NaN;
    }),
  );
}

function read(values: ArrayLike<number | null>, size: number, index: number): Float64Array {
  if (values.length !== size) throw new Error(`set ${index}: ${size} values are weeks x signals; got ${values.length}`);
  return Float64Array.from({ length: size }, (_, cell) => {
    const value = values[cell] ?? null;
    if (value === null) return Number.NaN;
    if (!Number.isFinite(value)) throw new Error(`set ${index}: a value is a finite number or null; got ${value}`);
    return value;
  });
}

interface Sums {
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function sumUp(contrasts: readonly (readonly Float64Array[])[], pick: (members: number) => number, size: number): Sums {
  const count = new Float64Array(size);
  const sum = new Float64Array(size);
  const squares = new Float64Array(size);
  for (const members of contrasts) {
    const values = members[pick(members.length)] as Float64Array;
    for (let cell = 0; cell < size; cell += 1) {
      const value = values[cell] as number;
      if (Number.isNaN(value)) continue;
      count[cell] = (count[cell] as number) + 1;
      sum[cell] = (sum[cell] as number) + value;
      squares[cell] = (squares[cell] as number) + value * value;
    }
  }
  return { count, sum, squares };
}

/** The error of the mean contrast of a cell; NaN where it has too few sets or they are alike. */
function errorOf({ count, sum, squares }: Sums, cell: number, fewest: number): number {
  const n = count[cell] as number;
  if (n < fewest) return Number.NaN;
  const total = squares[cell] as number;
  const variance = (total - ((sum[cell] as number) * (sum[cell] as number)) / n) / (n - 1);
  return variance > 1e-12 * total ? Math.sqrt(variance / n) : Number.NaN;
}

function standardise(sums: Sums, fewest: number): Float64Array {
  return sums.sum.map((sum, cell) => sum / (sums.count[cell] as number) / errorOf(sums, cell, fewest));
}

function largest(z: Float64Array): number {
  let most = 0;
  for (let cell = 0; cell < z.length; cell += 1) {
    const size = Math.abs(z[cell] as number);
    if (size > most) most = size;
  }
  return most;
}

/** The standard deviation of the controls' values in each cell. */
function controlSpread({ sets }: MatchedSets, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, cell) => {
    let n = 0;
    let mean = 0;
    let squares = 0;
    for (const { controls } of sets) {
      for (const values of controls) {
        const value = values[cell] ?? null;
        if (value === null) continue;
        n += 1;
        const step = value - mean;
        mean += step / n;
        squares += step * (value - mean);
      }
    }
    return n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
  });
}

function estimateOf(
  sums: Sums,
  fewest: number,
  spread: Float64Array,
  cell: number,
  { critical, maxima, powerAt }: { readonly critical: number; readonly maxima: Float64Array; readonly powerAt: number },
): BandEstimate | null {
  const unit = spread[cell] as number;
  const standardError = errorOf(sums, cell, fewest) / unit;
  if (!Number.isFinite(standardError) || unit === 0) return null;
  const difference = (sums.sum[cell] as number) / (sums.count[cell] as number);
  const standardised = difference / unit;
  const z = standardised / standardError;
  const asLarge = maxima.filter((maximum) => maximum >= Math.abs(z)).length;
  const effect = powerAt / standardError;
  return {
    difference,
    standardised,
    standardError,
    interval: [standardised - critical * standardError, standardised + critical * standardError],
    z,
    p: (asLarge + 1) / (maxima.length + 1),
    power: normalCdf(effect - critical) + normalCdf(-effect - critical),
  };
}
