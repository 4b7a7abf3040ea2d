import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/stats/random.ts';
import { kendall, spearman } from '../../src/stats/rank_correlation.ts';
import { distance, estimated, reference } from './references/reference.ts';

describe('against R and SciPy', () => {
  for (const name of ['rank_mtcars', 'rank_ties']) {
    const { title, input, list } = reference(name);
    test(title, () => {
      const rho = estimated(spearman(input('x'), input('y')));
      expect(distance([rho.correlation, rho.p], list('spearman'))).toBeLessThan(1e-10);
      const tau = estimated(kendall(input('x'), input('y')));
      const theirs = list('kendall');
      expect(tau.correlation).toBeCloseTo(theirs[0]!, 10);
      expect(tau.p / theirs.at(-1)!).toBeCloseTo(1, 8);
    });
  }
});

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })), {
  minLength: 3,
  maxLength: 40,
});

test('tau-b is the count over all pairs', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const x = rows.map(([each]) => each);
      const y = rows.map(([, each]) => each);
      const found = kendall(x, y);
      let score = 0;
      let untiedX = 0;
      let untiedY = 0;
      for (let i = 0; i < rows.length; i++) {
        for (let j = 0; j < i; j++) {
          score += Math.sign(x[i]! - x[j]!) * Math.sign(y[i]! - y[j]!);
          if (x[i] !== x[j]) untiedX++;
          if (y[i] !== y[j]) untiedY++;
        }
      }
      if (found.kind === 'refused') expect(Math.min(untiedX, untiedY)).toBe(0);
      else expect(found.correlation).toBeCloseTo(score / Math.sqrt(untiedX * untiedY), 10);
    }),
  );
});

test('only the order matters, and turning one round turns the sign', () => {
  fc.assert(
    fc.property(pairs, (rows) => {
      const x = rows.map(([each]) => each);
      const y = rows.map(([, each]) => each);
      for (const measure of [spearman, kendall]) {
        const found = measure(x, y);
        if (found.kind === 'refused') continue;
        expect(measure(x.map(Math.exp), y)).toMatchObject({ correlation: found.correlation, p: found.p });
        const turned = estimated(
          measure(
            x.map((each) => -each),
            y,
          ),
        );
        expect(turned.correlation).toBeCloseTo(-found.correlation, 10);
      }
    }),
  );
});

test('95% intervals cover', () => {
  const random = randomStream(1, 'rank');
  const slope = 0.8;
  const r = slope / Math.hypot(1, slope);
  const truth = { spearman: (6 / Math.PI) * Math.asin(r / 2), kendall: (2 / Math.PI) * Math.asin(r) };
  const covered = { spearman: 0, kendall: 0 };
  const trials = 1500;
  for (let trial = 0; trial < trials; trial++) {
    const x = Array.from({ length: 60 }, () => random.normal());
    const y = x.map((each) => slope * each + random.normal());
    const holds = ([low, high]: readonly [number, number], value: number) => (low <= value && value <= high ? 1 : 0);
    covered.spearman += holds(estimated(spearman(x, y)).interval!, truth.spearman);
    covered.kendall += holds(estimated(kendall(x, y)).interval!, truth.kendall);
  }
  for (const count of Object.values(covered)) {
    expect(count / trials).toBeGreaterThan(0.93);
    expect(count / trials).toBeLessThan(0.97);
  }
});

test('too little', () => {
  for (const measure of [spearman, kendall]) {
    expect(measure([1, 2], [1, 2])).toEqual({ kind: 'refused', reason: '2 pairs: 3 or more are needed' });
    expect(measure([1, 1, 1], [1, 2, 3])).toEqual({ kind: 'refused', reason: 'one of the two never varies' });
    expect(measure([1, 2, 3, 4], [2, 1, 4, 3])).toMatchObject({ kind: 'estimated', interval: null });
    expect(measure([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])).toMatchObject({ correlation: 1, interval: null });
    expect(estimated(measure([1, 2, 3], [1, 2, 3])).p).toBeCloseTo(1 / 3, 12);
  }
});

test('impossible input is refused', () => {
  expect(() => spearman([1, 2, 3], [1, 2])).toThrow('3 x for 2 y');
  expect(() => kendall([1, 2, Number.NaN], [1, 2, 3])).toThrow('row 2 has NaN');
});
