import { describe, expect, test } from 'vitest';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { mixExplained, varianceExplained } from '../../src/stats/variance_explained.ts';
import { estimated, reference } from './references/reference.ts';

describe('against R', () => {
  const warp = reference('variance_warpbreaks');
  test(warp.title, () => {
    const found = estimated(varianceExplained(warp.input('y'), warp.input('group').map(String)));
    expect(found.f).toBeCloseTo(warp.number('f'), 9);
    expect(found.fTestP).toBeCloseTo(warp.number('p'), 9);
    expect(found.etaSquared).toBeCloseTo(warp.number('eta2'), 10);
    expect(found.omegaSquared).toBeCloseTo(warp.number('omega2'), 10);
    expect(found.p).toBeNull();
    const shuffled = estimated(varianceExplained(warp.input('y'), warp.input('group').map(String), { seed: 1 }));
    expect(Math.abs(shuffled.p! - found.fTestP)).toBeLessThan(0.01);
  });

  const hair = reference('association_hair_eye');
  test(hair.title, () => {
    const rows = hair
      .input('rows')
      .flatMap((count, cell) =>
        Array.from({ length: count }, () => ({ hair: `h${Math.floor(cell / 4)}`, eye: `e${cell % 4}` })),
      );
    const eyes = rows.map(({ eye }) => eye);
    const hairs = rows.map((row) => row.hair);
    const found = estimated(mixExplained(eyes, hairs));
    expect(found.tau).toBeCloseTo(hair.number('tau'), 10);
    expect(found.uncertainty).toBeCloseTo(hair.number('uncertainty'), 10);
    expect(estimated(mixExplained(eyes, hairs, { seed: 1, permutations: 99 })).p).toBe(0.01);
  });
});

/** Accounts with several rows of one cohort each, and bands that have nothing to do with it. */
function unrelated(random: RandomStream, accounts: number, rowsEach: number, bands: number) {
  const rows = Array.from({ length: accounts }, (_, account) => {
    const cohort = `cohort ${random.below(3)}`;
    const band = `band ${random.below(bands)}`;
    return Array.from({ length: rowsEach }, () => ({
      account,
      cohort,
      band,
      value: Number(cohort.at(-1)) + random.normal(),
    }));
  }).flat();
  return {
    clusters: rows.map(({ account }) => account),
    cohorts: rows.map(({ cohort }) => cohort),
    bands: rows.map(({ band }) => band),
    values: rows.map(({ value }) => value),
  };
}

test('bands that say nothing: tau is inflated, tau above chance is not, and p keeps its level with repeated rows', () => {
  const random = randomStream(1, 'bands');
  const trials = 150;
  const small = { mix: 0, variance: 0 };
  let inflated = 0;
  let aboveChance = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { clusters, cohorts, bands, values } = unrelated(random, 40, 3, 6);
    const shuffle = { seed: trial, permutations: 99, clusters };
    const mix = estimated(mixExplained(cohorts, bands, shuffle));
    inflated += mix.tau / trials;
    aboveChance += mix.tauAboveChance! / trials;
    if (mix.p! <= 0.05) small.mix++;
    if (estimated(varianceExplained(values, bands, shuffle)).p! <= 0.05) small.variance++;
  }
  expect(inflated).toBeGreaterThan(0.08);
  expect(Math.abs(aboveChance)).toBeLessThan(0.02);
  for (const count of Object.values(small)) expect(count / trials).toBeLessThan(0.1);
});

test('a band that says everything', () => {
  const bands = Array.from({ length: 40 }, (_, row) => (row % 2 === 0 ? 'small' : 'large'));
  const found = estimated(mixExplained(bands, bands, { seed: 1, permutations: 99 }));
  expect(found.tau).toBeCloseTo(1, 12);
  expect(found.uncertainty).toBeCloseTo(1, 12);
  expect(found.tauAboveChance).toBeCloseTo(1, 12);
  const values = bands.map((band) => (band === 'small' ? 1 : 2));
  expect(varianceExplained(values, bands)).toMatchObject({ etaSquared: 1, omegaSquared: 1, fTestP: 0 });
});

test('too little', () => {
  expect(varianceExplained([1, 2], ['a', 'a'])).toEqual({ kind: 'refused', reason: '1 bands: two or more are needed' });
  expect(varianceExplained([1, 2], ['a', 'b'])).toMatchObject({ kind: 'refused' });
  expect(varianceExplained([0.1, 0.1, 0.1], ['a', 'b', 'b'])).toEqual({
    kind: 'refused',
    reason: 'all values are the same',
  });
  expect(mixExplained(['x', 'y'], ['a', 'a'])).toMatchObject({ kind: 'refused' });
  expect(mixExplained(['x', 'x'], ['a', 'b'])).toMatchObject({ kind: 'refused' });
});

test('impossible input is refused', () => {
  expect(() => varianceExplained([1, 2], ['a'])).toThrow('1 bands for 2 rows');
  expect(() => varianceExplained([1, Number.NaN], ['a', 'b'])).toThrow('value 1 is NaN');
  expect(() => mixExplained(['x', 'y'], ['a'])).toThrow('1 bands for 2 rows');
  expect(() => mixExplained(['x', 'y'], ['a', 'b'], { seed: 1, clusters: ['c', 'c'] })).toThrow('cluster c');
});
