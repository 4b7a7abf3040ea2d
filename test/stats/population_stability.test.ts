import { describe, expect, test } from 'vitest';
import { categoricalStability, numericStability } from '../../src/stats/population_stability.ts';
import { binOf, quantileCuts } from '../../src/stats/quantile_bins.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { estimated, reference } from './references/reference.ts';

const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

test('the index from its definition', () => {
  const before = [...many(60, 'a'), ...many(30, 'b'), ...many(10, 'c')];
  const after = [...many(40, 'a'), ...many(40, 'b'), ...many(20, 'c')];
  const found = estimated(categoricalStability(before, after));
  const expected = -0.2 * Math.log(0.4 / 0.6) + 0.1 * Math.log(0.4 / 0.3) + 0.1 * Math.log(0.2 / 0.1);
  expect(found.psi).toBeCloseTo(expected, 12);
  expect(found.bins.map(({ label, referenceShare }) => [label, referenceShare])).toEqual([
    ['a', 0.6],
    ['b', 0.3],
    ['c', 0.1],
  ]);
});

const tail = reference('psi_tail');
test(tail.title, () => {
  const [n, m, bins] = ['n', 'm', 'bins'].map((key) => tail.input(key)[0]!) as [number, number, number];
  const before = Array.from({ length: n }, (_, row) => `${row % bins}`);
  const after = Array.from({ length: m }, (_, row) => `${row % bins}`);
  const found = estimated(categoricalStability(before, after));
  expect(found.threshold).toBeCloseTo(tail.number('threshold'), 10);
  expect(found.expected).toBeCloseTo((bins - 1) * (1 / n + 1 / m), 12);
  expect(found.p).toBeGreaterThan(0.999);
  const moved = estimated(categoricalStability(before, [...after.slice(40), ...many(40, '3')]));
  expect(moved.p).toBeLessThan(tail.number('p'));
});

describe('bins', () => {
  const cutsOf = (values: readonly number[], bins: number) => [...quantileCuts(values, bins)];

  test('hold about equally many; ties share one and the last is never empty', () => {
    expect(cutsOf([4, 3, 2, 1], 2)).toEqual([2]);
    expect(cutsOf([0, 0, 0, 0, 0, 1, 2, 3], 4)).toEqual([0, 1]);
    expect(cutsOf([1, 5, 5, 5, 5], 5)).toEqual([1]);
    expect(cutsOf([7, 7, 7], 10)).toEqual([]);
    expect([0, 2, 2.5].map((value) => binOf(Float64Array.of(0, 2), value))).toEqual([0, 1, 2]);
    expect(() => quantileCuts([1], 0)).toThrow('0 bins');
  });

  test('missing is one of its own, also where only one side has it', () => {
    const before = Array.from({ length: 200 }, (_, row) => row);
    const after = before.map((value) => (value % 2 === 0 ? Number.NaN : value));
    const found = estimated(numericStability(before, after, { bins: 4 }));
    expect(found.bins.map(({ label }) => label)).toEqual([
      'to 49',
      'above 49 to 99',
      'above 99 to 149',
      'above 149',
      'missing',
    ]);
    expect(found.bins[4]!.currentShare).toBeCloseTo(0.5, 1);
    expect(found.p).toBeLessThan(1e-6);
  });

  test('a reference of one value: below, at and above it', () => {
    const before = many(50, 3);
    const same = estimated(numericStability(before, before));
    expect([same.psi, same.p, same.threshold]).toEqual([0, 1, 0]);
    const moved = estimated(numericStability(before, [...many(40, 3), ...many(10, 4)]));
    expect(moved.bins.map(({ label }) => label)).toEqual(['3', 'above 3']);
    expect(moved.p).toBeLessThan(0.01);
  });
});

test('the threshold is exceeded once in twenty where nothing moved, whatever the size, shape and missing', () => {
  const random = randomStream(1, 'stability');
  const draw = (stream: RandomStream) =>
    stream.next() < 0.1 ? Number.NaN : stream.next() < 0.2 ? 0 : Math.exp(stream.normal());
  const trials = 1500;
  for (const [n, m] of [
    [300, 300],
    [1500, 200],
  ] as const) {
    let exceeded = 0;
    for (let trial = 0; trial < trials; trial++) {
      const before = Array.from({ length: n }, () => draw(random));
      const found = estimated(
        numericStability(
          before,
          Array.from({ length: m }, () => draw(random)),
        ),
      );
      if (found.psi > found.threshold) exceeded++;
    }
    expect(exceeded / trials).toBeGreaterThan(0.03);
    expect(exceeded / trials).toBeLessThan(0.07);
  }
});

test('an unmoved distribution of 100 rows against 100 exceeds the usual 0.1 most of the time', () => {
  const random = randomStream(2, 'usual');
  const draw = () => Array.from({ length: 100 }, () => random.normal());
  const over = Array.from({ length: 400 }, () => estimated(numericStability(draw(), draw())).psi > 0.1);
  expect(over.filter(Boolean).length / over.length).toBeGreaterThan(0.8);
});

test('too few rows for the bins are a refusal', () => {
  const rows = Array.from({ length: 200 }, (_, row) => row);
  expect(numericStability(rows, rows.slice(0, 49))).toEqual({
    kind: 'refused',
    reason: '200 rows against 49: 10 bins need 50 on each side',
  });
  expect(categoricalStability([], [])).toMatchObject({ kind: 'refused' });
});
