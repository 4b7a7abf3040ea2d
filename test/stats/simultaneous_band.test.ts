import { describe, expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { earliestDivergence, type MatchedSets, simultaneousBand } from '../../src/stats/simultaneous_band.ts';
import { expectClose, reference } from './reference.ts';

interface Drawing {
  readonly sets: number;
  readonly weeks: number;
  readonly signals: number;
  /** What a case has more than its controls, by week and signal, in standard deviations of the controls. */
  readonly effect: (week: number, signal: number) => number;
  readonly unknown?: number;
}

/** Series that remember their last weeks, of members of a set that are alike. */
function draw(random: RandomStream, { sets, weeks, signals, effect, unknown = 0 }: Drawing): MatchedSets {
  const member = (level: number, isCase: boolean) => {
    const last = Array.from({ length: signals }, random.normal);
    return Array.from({ length: weeks * signals }, (_, cell) => {
      const [week, signal] = [Math.floor(cell / signals), cell % signals];
      last[signal] = 0.8 * last[signal]! + 0.6 * random.normal();
      const value = (level + last[signal]!) / Math.SQRT2 + (isCase ? effect(week, signal) : 0);
      return random.next() < unknown ? null : 10 + 3 * value;
    });
  };
  return {
    weeks,
    signals,
    sets: Array.from({ length: sets }, () => {
      const level = random.normal();
      const controls = Array.from({ length: 1 + random.below(4) }, () => member(level, false));
      return { subject: member(level, true), controls };
    }),
  };
}

function estimated(...parts: Parameters<typeof simultaneousBand>) {
  const band = simultaneousBand(...parts);
  if (band.kind === 'refused') throw new Error(band.reason);
  return band;
}

describe('a simultaneous band', () => {
  test('holds the truth in all cells at once in about 95%, with and without a true difference', () => {
    const random = randomStream(100, 'band coverage');
    for (const effect of [() => 0, (week: number) => week / 12]) {
      let held = 0;
      const replicates = 500;
      for (let replicate = 0; replicate < replicates; replicate += 1) {
        const data = draw(random, { sets: 60, weeks: 8, signals: 2, effect, unknown: 0.1 });
        const band = estimated(data, random, { permutations: 99 });
        const isHeld = band.cells.every(({ week, estimate }) => {
          const scale = estimate!.difference / estimate!.standardised / 3;
          const truth = effect(week) / scale;
          return estimate!.interval[0] <= truth && truth <= estimate!.interval[1];
        });
        if (isHeld) held += 1;
      }
      expect(held / replicates).toBeGreaterThan(0.92);
      expect(held / replicates).toBeLessThan(0.98);
    }
  });

  test('its z is that of the paired t-test of R, and its p says the same as its interval', () => {
    const wanted = reference<
      Readonly<Record<'subject' | 'control', readonly number[]>> & Readonly<Record<'t' | 'difference' | 'd', number>>
    >('paired_t');
    const sets = wanted.subject.map((value, row) => ({ subject: [value], controls: [[wanted.control[row]!]] }));
    const band = estimated({ weeks: 1, signals: 1, sets }, randomStream(101), { permutations: 199 });
    const estimate = band.cells[0]!.estimate!;
    expectClose(estimate.z, wanted.t, 1e-10);
    expectClose(estimate.difference, wanted.difference, 1e-10);
    expectClose(estimate.standardised, wanted.d, 1e-10);

    const data = draw(randomStream(102), { sets: 50, weeks: 10, signals: 3, effect: (week) => week / 15 });
    for (const { estimate } of estimated(data, randomStream(103), { permutations: 199 }).cells) {
      expect(estimate!.p <= 0.05).toBe(estimate!.interval[0] > 0 || estimate!.interval[1] < 0);
    }
  });

  test('finds where a difference begins and stays, and on which side', () => {
    const effect = (week: number, signal: number) => (signal === 0 && week >= 14 ? -0.9 : 0);
    const data = draw(randomStream(104), { sets: 300, weeks: 20, signals: 2, effect });
    const band = estimated(data, randomStream(105), { permutations: 199 });
    expect(earliestDivergence(band, 0)).toEqual({ week: 14, side: 'lower' });
    expect(earliestDivergence(band, 1)).toBeNull();
    const higher = {
      ...data,
      sets: data.sets.map((set) => ({ ...set, subject: Array.from(set.controls[0]!, (value) => value! + 9) })),
    };
    expect(earliestDivergence(estimated(higher, randomStream(105), { permutations: 199 }), 1)).toEqual({
      week: 0,
      side: 'higher',
    });
  });

  test('its power is the share of such differences that are seen', () => {
    const random = randomStream(106, 'power');
    let promised = 0;
    let seen = 0;
    for (let replicate = 0; replicate < 300; replicate += 1) {
      const data = draw(random, { sets: 50, weeks: 6, signals: 1, effect: (week) => (week === 5 ? 0.5 : 0) });
      const { estimate } = estimated(data, random, { permutations: 99 }).cells[5]!;
      promised += estimate!.power / 300;
      if (estimate!.interval[0] > 0) seen += 1 / 300;
    }
    expect(Math.abs(promised - seen)).toBeLessThan(0.08);
    expect(promised).toBeGreaterThan(0.2);
  });
});

describe('refusals', () => {
  const options = { permutations: 99 };
  test('too few sets, cells with too few, and values that are all alike', () => {
    const few = draw(randomStream(107), { sets: 10, weeks: 2, signals: 1, effect: () => 0 });
    expect(simultaneousBand(few, randomStream(1), options)).toEqual({
      kind: 'refused',
      reason: 'too_few_sets',
      needed: 20,
    });
    expect(simultaneousBand({ ...few, sets: [] }, randomStream(1), options)).toMatchObject({ reason: 'too_few_sets' });
    const alike = { weeks: 1, signals: 1, sets: Array.from({ length: 30 }, () => ({ subject: [1], controls: [[1]] })) };
    expect(simultaneousBand(alike, randomStream(1), options)).toEqual({ kind: 'refused', reason: 'no_variation' });
    const known = draw(randomStream(108), { sets: 30, weeks: 2, signals: 1, effect: () => 0 });
    const gaps = {
      ...known,
      sets: known.sets.map((set, index) => (index < 15 ? { ...set, subject: [set.subject[0]!, null] } : set)),
    };
    const { cells } = estimated(gaps, randomStream(1), options);
    expect(cells.map(({ sets }) => sets)).toEqual([30, 15]);
    expect(cells.map(({ estimate }) => estimate === null)).toEqual([false, true]);
    expect(earliestDivergence(estimated(gaps, randomStream(1), options), 0)).toBeNull();
  });

  test('impossible arguments throw', () => {
    const sets = [{ subject: [1, 2], controls: [[1]] }];
    expect(() => simultaneousBand({ weeks: 2, signals: 1, sets }, randomStream(1), options)).toThrow('set 0: 2 values');
    const nan = [{ subject: [Number.NaN], controls: [[1]] }];
    expect(() => simultaneousBand({ weeks: 1, signals: 1, sets: nan }, randomStream(1), options)).toThrow('or null');
    expect(() => simultaneousBand({ weeks: 1, signals: 1, sets: [] }, randomStream(1), { permutations: 9 })).toThrow(
      'a band of level 0.95 needs more permutations than 9',
    );
  });
});
