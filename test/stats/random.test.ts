import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/stats/random.ts';

describe('a stream of chance', () => {
  test('is the same for the same seed and labels, and another for others', () => {
    const first = (...labels: [number | string, ...(number | string)[]]) => randomStream(...labels).next();
    expect(first(1, 'milestone')).toBe(first(1, 'milestone'));
    const values = [first(1), first('1'), first(2), first(1, 'a'), first(1, 'ab', 'c'), first(1, 'a', 'bc')];
    expect(new Set(values).size).toBe(values.length);
    expect(Array.from(randomStream(7, 'pinned').draws(1000, 5))).toEqual([919, 668, 793, 568, 920]);
  });

  test('uniform, normal and exponential values have their moments', () => {
    const random = randomStream(20, 'moments');
    const count = 200_000;
    const mean = (draw: () => number): number => {
      let sum = 0;
      for (let at = 0; at < count; at += 1) sum += draw();
      return sum / count;
    };
    expect(Math.abs(mean(random.next) - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(mean(random.normal))).toBeLessThan(0.01);
    expect(Math.abs(mean(() => random.normal() ** 2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(mean(() => random.normal() ** 4) - 3)).toBeLessThan(0.12);
    expect(Math.abs(mean(random.exponential) - 1)).toBeLessThan(0.01);
  });

  test('whole numbers and orders are equally likely', () => {
    const random = randomStream(21, 'orders');
    const seen = new Map<string, number>();
    for (let at = 0; at < 24_000; at += 1) {
      const values = Int32Array.from([0, 1, 2, 3]);
      random.shuffle(values);
      seen.set(values.join(), (seen.get(values.join()) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    const chiSquare = [...seen.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(49.7);
    const drawn = random.draws(3, 30_000);
    for (const value of [0, 1, 2]) {
      expect(Math.abs(drawn.filter((each) => each === value).length - 10_000)).toBeLessThan(330);
    }
  });

  test('impossible arguments throw', () => {
    expect(() => randomStream(Number.NaN)).toThrow('a seed is a finite number; got NaN');
    expect(() => randomStream(1).below(0)).toThrow('below a positive whole number; got 0');
  });
});
