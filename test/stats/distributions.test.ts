import { describe, expect, test } from 'vitest';
import {
  chiSquareCdf,
  chiSquareLogUpperTail,
  chiSquareQuantile,
  chiSquareUpperTail,
} from '../../src/stats/chi_square.ts';
import {
  criticalZ,
  normalCdf,
  normalLogUpperTail,
  normalQuantile,
  normalUpperTail,
  twoSidedP,
} from '../../src/stats/normal.ts';
import { studentTCdf, studentTQuantile, studentTTwoSidedP, studentTUpperTail } from '../../src/stats/student_t.ts';
import { expectClose, expectRelative, reference } from './reference.ts';

type Columns = Readonly<Record<string, readonly number[]>>;

function each(columns: Columns, names: readonly string[], body: (...values: number[]) => void): void {
  const first = columns[names[0]!]!;
  first.forEach((_, row) => {
    body(...names.map((name) => columns[name]![row]!));
  });
}

describe('normal', () => {
  const columns = reference<Columns>('normal');
  test('cdf and upper tail as R, to the far tail', () => {
    each(columns, ['z', 'cdf', 'upper'], (z, cdf, upper) => {
      expectRelative(normalCdf(z!), cdf!, 1e-12);
      expectRelative(normalUpperTail(z!), upper!, 1e-12);
      expectRelative(twoSidedP(z!), 2 * Math.min(cdf!, upper!), 1e-12);
    });
  });
  test('the logarithm of the tail where the tail is no double any more', () => {
    each(columns, ['zFar', 'logUpper'], (z, log) => expectRelative(normalLogUpperTail(z!), log!, 1e-12));
    expectRelative(normalLogUpperTail(-1), Math.log(normalUpperTail(-1)), 1e-12);
  });
  test('quantiles as R', () => {
    each(columns, ['p', 'quantile'], (p, quantile) => expectClose(normalQuantile(p!), quantile!, 1e-12));
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expectClose(criticalZ(0.95), 1.959963984540054, 1e-14);
  });
  test('impossible arguments throw', () => {
    expect(() => normalQuantile(1.1)).toThrow('a probability lies from 0 to 1; got 1.1');
    expect(() => criticalZ(95)).toThrow('the level of an interval lies between 0 and 1; got 95');
  });
});

describe('chi-square', () => {
  const columns = reference<Columns>('chi_square');
  test('cdf, upper tail and its logarithm as R', () => {
    each(columns, ['x', 'df', 'cdf', 'upper', 'logUpper'], (x, df, cdf, upper, log) => {
      expectRelative(chiSquareCdf(x!, df!), cdf!, 1e-11);
      expectRelative(chiSquareUpperTail(x!, df!), upper!, 1e-11);
      expectRelative(chiSquareLogUpperTail(x!, df!), log!, 1e-11);
    });
  });
  test('quantiles as R', () => {
    each(columns, ['p', 'pDf', 'quantile'], (p, df, quantile) =>
      expectRelative(chiSquareQuantile(p!, df!), quantile!, 1e-9),
    );
  });
  test('impossible arguments throw', () => {
    expect(() => chiSquareUpperTail(-1, 1)).toThrow('a chi-square value is 0 or more; got -1');
    expect(() => chiSquareUpperTail(1, 0)).toThrow('degrees of freedom are positive; got 0');
    expect(() => chiSquareQuantile(2, 1)).toThrow('a probability lies from 0 to 1');
  });
});

describe('student t', () => {
  const columns = reference<Columns>('student_t');
  test('cdf and upper tail as R', () => {
    each(columns, ['t', 'df', 'cdf', 'upper'], (t, df, cdf, upper) => {
      expectRelative(studentTCdf(t!, df!), cdf!, 1e-10);
      expectRelative(studentTUpperTail(t!, df!), upper!, 1e-10);
      expectRelative(studentTTwoSidedP(t!, df!), 2 * Math.min(cdf!, upper!), 1e-10);
    });
  });
  test('quantiles as R', () => {
    each(columns, ['p', 'pDf', 'quantile'], (p, df, quantile) =>
      expectRelative(studentTQuantile(p!, df!), quantile!, 1e-9),
    );
  });
  test('impossible arguments throw', () => {
    expect(() => studentTCdf(1, -1)).toThrow('degrees of freedom are positive; got -1');
    expect(() => studentTCdf(Number.NaN, 1)).toThrow('a t value is a number');
    expect(() => studentTQuantile(-0.1, 1)).toThrow('a probability lies from 0 to 1');
  });
});
