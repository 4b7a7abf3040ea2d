import { describe, expect, test } from 'vitest';
import { selectFollowUp } from '../../src/stats/follow_up.ts';
import { kaplanMeier, type SurvivalCurve, survivalAt } from '../../src/stats/kaplan_meier.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { restrictedMeanDifference } from '../../src/stats/restricted_mean.ts';
import { survivalDifference } from '../../src/stats/survival_difference.ts';
import { expectAllClose, expectClose, reference } from './reference.ts';

const lung = reference<Readonly<Record<'time' | 'event' | 'sex', readonly number[]>>>('data_lung');
const bySex = [0, 1].map((sex) => kaplanMeier(selectFollowUp(lung, (row) => lung.sex[row] === sex)));
const [men, women] = bySex as [SurvivalCurve, SurvivalCurve];

function drawn(random: RandomStream, rows: number, hazard: number): SurvivalCurve {
  const fails = Array.from({ length: rows }, () => random.exponential() / hazard);
  const ends = fails.map(() => 1 + random.next());
  return kaplanMeier({
    time: fails.map((each, row) => Math.min(each, ends[row]!)),
    event: fails.map((each, row) => (each <= ends[row]! ? 1 : 0)),
  });
}

describe('a difference of survival at a horizon', () => {
  test('squares and adds the distances to the two log-log limits, which are those of R', () => {
    const result = survivalDifference(women, men, 365);
    if (result.kind === 'refused') throw new Error(result.reason);
    const wanted = [1, 0].map((sex) => {
      const { curve } = reference<{ curve: Readonly<Record<'atSurvival' | 'atLower' | 'atUpper', readonly [number]>> }>(
        `km_lung_sex${sex}_log-log`,
      );
      return { at: curve.atSurvival[0], low: curve.atLower[0], high: curve.atUpper[0] };
    });
    const [one, two] = wanted as [(typeof wanted)[0], (typeof wanted)[0]];
    expectClose(result.difference, one.at - two.at, 1e-10);
    expectAllClose(
      result.interval,
      [
        one.at - two.at - Math.hypot(one.at - one.low, two.high - two.at),
        one.at - two.at + Math.hypot(one.high - one.at, two.at - two.low),
      ],
      1e-10,
    );
  });

  test('its p is the level at which the interval touches 0, and is the same the other way round', () => {
    const there = survivalDifference(women, men, 365);
    const back = survivalDifference(men, women, 365);
    if (there.kind === 'refused' || back.kind === 'refused') throw new Error('refused');
    expectClose(back.p, there.p, 1e-10);
    expectClose(back.difference, -there.difference, 1e-12);
    const touching = survivalDifference(women, men, 365, { level: 1 - there.p });
    expectClose((touching as typeof there).interval[0], 0, 1e-8);
    expect(survivalDifference(men, men, 365)).toMatchObject({ difference: 0, p: 1 });
  });

  test('a group without events has an interval of its own', () => {
    const none = kaplanMeier({ time: Array(30).fill(400), event: Array(30).fill(0) });
    const result = survivalDifference(none, men, 365);
    if (result.kind === 'refused') throw new Error(result.reason);
    expect(result.difference - result.interval[0]).toBeGreaterThan(
      survivalAt(none, 365)!.interval[1] - 0.025 ** (1 / 30),
    );
  });

  test('95% intervals cover 93 to 97%, also of rare events, and p is below 0.05 in about 5%', () => {
    const random = randomStream(70, 'difference coverage');
    for (const [rows, first, second, low, high] of [
      [60, 1, 0.6, 0.93, 0.97],
      [100, 0.08, 0.05, 0.93, 0.985],
      [80, 0.7, 0.7, 0.93, 0.97],
    ] as const) {
      let covered = 0;
      const truth = Math.exp(-first * 0.9) - Math.exp(-second * 0.9);
      for (let replicate = 0; replicate < 2000; replicate += 1) {
        const result = survivalDifference(drawn(random, rows, first), drawn(random, rows, second), 0.9);
        if (result.kind === 'refused') throw new Error(result.reason);
        const [lower, upper] = result.interval;
        const isCovered = lower <= truth && truth <= upper;
        if (isCovered) covered += 1;
        if (first === second && result.difference !== 0) expect(result.p >= 0.05).toBe(isCovered);
      }
      expect(covered / 2000).toBeGreaterThan(low);
      expect(covered / 2000).toBeLessThan(high);
    }
  });

  test('a horizon past the last follow-up is refused', () => {
    const short = kaplanMeier({ time: [1, 2], event: [1, 0] });
    expect(survivalDifference(short, men, 3)).toEqual({ kind: 'refused', reason: 'follow_up_too_short', needed: 3 });
    expect(survivalDifference(men, short, 3)).toEqual({ kind: 'refused', reason: 'follow_up_too_short', needed: 3 });
  });
});

describe('a difference of restricted means', () => {
  test('is that of the means of R, with their errors', () => {
    const result = restrictedMeanDifference(women, men, 600);
    if (result.kind === 'refused') throw new Error(result.reason);
    const [[mean0, se0], [mean1, se1]] = [0, 1].map(
      (sex) => reference<{ rmean: readonly [number, number] }>(`km_lung_sex${sex}_log`).rmean,
    ) as [[number, number], [number, number]];
    expectClose(result.difference, mean1 - mean0, 1e-10);
    expectClose(result.standardError, Math.hypot(se0, se1), 1e-10);
    expectClose(result.z, (mean1 - mean0) / Math.hypot(se0, se1), 1e-10);
  });

  test('95% intervals cover 93 to 97%', () => {
    const random = randomStream(71, 'restricted mean coverage');
    const mean = (hazard: number) => (1 - Math.exp(-hazard)) / hazard;
    let covered = 0;
    for (let replicate = 0; replicate < 2500; replicate += 1) {
      const result = restrictedMeanDifference(drawn(random, 80, 1), drawn(random, 80, 0.5), 1);
      if (result.kind === 'refused') throw new Error(result.reason);
      if (result.interval[0] <= mean(1) - mean(0.5) && mean(1) - mean(0.5) <= result.interval[1]) covered += 1;
    }
    expect(covered / 2500).toBeGreaterThan(0.93);
    expect(covered / 2500).toBeLessThan(0.97);
  });

  test('too short a follow-up and no events are refused', () => {
    const none = kaplanMeier({ time: [5, 5], event: [0, 0] });
    expect(restrictedMeanDifference(none, men, 6)).toMatchObject({ kind: 'refused', reason: 'follow_up_too_short' });
    expect(restrictedMeanDifference(men, none, 6)).toMatchObject({ kind: 'refused', reason: 'follow_up_too_short' });
    expect(restrictedMeanDifference(none, none, 5)).toEqual({ kind: 'refused', reason: 'no_events' });
  });
});
