import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FollowUp } from '../../src/stats/follow_up.ts';
import {
  kaplanMeier,
  medianSurvival,
  restrictedMean,
  type SurvivalScale,
  survivalAt,
  survivalLimits,
} from '../../src/stats/kaplan_meier.ts';
import { randomStream } from '../../src/stats/random.ts';
import { columnsOf, data, expectAllClose, expectClose, numbers, reference, titled } from './reference.ts';

interface CurveReference {
  readonly tau: number;
  readonly rmean: readonly [number, number];
  readonly curve: Readonly<
    Record<
      | 'time'
      | 'atRisk'
      | 'eventCount'
      | 'censored'
      | 'survival'
      | 'standardError'
      | 'lower'
      | 'upper'
      | 'at'
      | 'atSurvival'
      | 'atLower'
      | 'atUpper',
      readonly number[]
    >
  > & { readonly median: number | null; readonly medianLower: number | null; readonly medianUpper: number | null };
}

function compareWithR(rows: FollowUp, name: string, scale: SurvivalScale): void {
  const { curve: wanted, tau, rmean } = reference<CurveReference>(`km_${name}_${scale}`);
  const curve = kaplanMeier(rows);
  for (const column of ['time', 'atRisk', 'eventCount', 'censored', 'survival', 'standardError'] as const) {
    expectAllClose(curve[column], wanted[column], 1e-10);
  }
  const limits = survivalLimits(curve, { scale });
  wanted.survival.forEach((survival, step) => {
    if (survival === 1 || survival === 0) return;
    expectClose(limits.lower[step], wanted.lower[step], 1e-10);
    expectClose(limits.upper[step], wanted.upper[step], 1e-10);
  });
  wanted.at.forEach((time, index) => {
    const at = survivalAt(curve, time, { scale })!;
    expectAllClose(
      [at.survival, ...at.interval],
      [wanted.atSurvival[index]!, wanted.atLower[index]!, wanted.atUpper[index]!],
      1e-10,
    );
  });
  const { median, interval } = medianSurvival(curve, { scale });
  expectAllClose([median, ...interval], [wanted.median, wanted.medianLower, wanted.medianUpper], 1e-10);
  const mean = restrictedMean(curve, tau);
  if (mean.kind === 'refused') throw new Error(mean.reason);
  expectAllClose([mean.mean, mean.standardError], rmean, 1e-10);
}

describe('as R survfit', () => {
  for (const scale of ['log', 'log-log'] as const) {
    for (const name of ['lung', 'veteran', 'heart', 'aml']) {
      test(`${name}, ${scale}`, () => compareWithR(reference(`data_${name}`), name, scale));
    }
    test(`lung by sex, ${scale}`, () => {
      const lung = reference<FollowUp & { sex: number[] }>('data_lung');
      for (const sex of [0, 1]) {
        const rows = lung.sex.flatMap((each, row) => (each === sex ? [row] : []));
        const pick = (column: ArrayLike<number>) => rows.map((row) => column[row]!);
        compareWithR({ time: pick(lung.time), event: pick(lung.event) }, `lung_sex${sex}`, scale);
      }
    });
  }

  test.skipIf(data === null)(titled('rossi and waltons, curves of outside data'), () => {
    const sources = [
      { file: 'lifelines_rossi.csv', time: 'week', event: 'arrest', name: 'rossi', by: 'fin' },
      { file: 'lifelines_waltons_dataset.csv', time: 'T', event: 'E', name: 'waltons', by: 'group' },
    ];
    for (const { file, time, event, name, by } of sources) {
      const columns = columnsOf(join(data!, 'survival', file));
      for (const split of ['all', by]) {
        const wanted = columnsOf(join(data!, 'survival', `ref_km_${name}_${split}.csv`));
        for (const stratum of new Set(wanted['strata']!)) {
          const value = stratum.split('=')[1];
          const keep = (_: string, row: number) => split === 'all' || columns[by]![row] === value;
          const curve = kaplanMeier({
            time: numbers(columns[time]!.filter(keep)),
            event: numbers(columns[event]!.filter(keep)),
          });
          const of = (column: string) =>
            numbers(wanted[column]!.filter((_, row) => wanted['strata']![row] === stratum));
          const limits = survivalLimits(curve, { scale: 'log' });
          expectAllClose(curve.time, of('time'));
          expectAllClose(curve.atRisk, of('n.risk'));
          expectAllClose(curve.survival, of('surv'), 1e-12);
          of('surv').forEach((survival, step) => {
            if (survival < 1e-12) return;
            expectClose(Math.sqrt(curve.hazardVariance[step]!), of('std.err')[step], 1e-10);
            expectClose(limits.lower[step], of('lower')[step], 1e-10);
            expectClose(limits.upper[step], of('upper')[step], 1e-10);
          });
        }
      }
    }
  });

  test.skipIf(data === null)(titled('survival of telco customers by contract'), () => {
    const telco = columnsOf(join(data!, 'telco', 'Telco-Customer-Churn.csv'));
    const wanted = JSON.parse(referenceFile('telco', 'REFERENCE_telco_R.json')) as {
      surv_at_12_24_48_72: { strata: string; time: number; surv: number }[];
      km_contract: { group: string; rmean: number; 'se(rmean)': number; median: number | null }[];
    };
    const curveOf = (stratum: string) => {
      const keep = (_: string, row: number) => telco['Contract']![row] === stratum.split('=')[1];
      return kaplanMeier({
        time: numbers(telco['tenure']!.filter(keep)),
        event: telco['Churn']!.filter(keep).map((churn) => (churn === 'Yes' ? 1 : 0)),
      });
    };
    for (const { strata, time, surv } of wanted.surv_at_12_24_48_72) {
      expectClose(survivalAt(curveOf(strata), time)!.survival, surv, 1e-10);
    }
    for (const { group, median, ...row } of wanted.km_contract) {
      expect(medianSurvival(curveOf(group)).median).toBe(median);
      const mean = restrictedMean(curveOf(group), 72);
      if (mean.kind === 'refused') throw new Error(mean.reason);
      expectAllClose([mean.mean, mean.standardError], [row.rmean, row['se(rmean)']], 1e-9);
    }
  });
});

describe('properties', () => {
  const subjects = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 1 })), {
    minLength: 1,
    maxLength: 60,
  });
  const follow = (rows: readonly (readonly [number, number])[]) => ({
    time: rows.map(([time]) => time),
    event: rows.map(([, event]) => event),
  });

  test('without cut-offs it is the share still without the event', () => {
    fc.assert(
      fc.property(subjects, fc.integer({ min: 0, max: 30 }), (rows, at) => {
        const time = rows.map(([each]) => each);
        const found = survivalAt(kaplanMeier({ time, event: time.map(() => 1) }), at);
        expectClose(found?.survival ?? 0, time.filter((each) => each > at).length / time.length, 1e-12);
      }),
    );
  });

  test('never rises, stays in its limits, and is the same whatever the order of rows and with entries at 0', () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const later = rows.map(([time, event]) => [time + 1, event] as const);
        const curve = kaplanMeier(follow(later));
        expect(kaplanMeier(follow(later.toReversed()))).toEqual(curve);
        expect(kaplanMeier({ ...follow(later), entry: later.map(() => 0) })).toEqual(curve);
        for (const scale of ['log', 'log-log'] as const) {
          const { lower, upper } = survivalLimits(curve, { scale });
          curve.survival.forEach((share, step) => {
            expect(share).toBeLessThanOrEqual(curve.survival[step - 1] ?? 1);
            expect(lower[step]).toBeLessThanOrEqual(share);
            expect(upper[step]).toBeGreaterThanOrEqual(share);
          });
        }
      }),
    );
  });
});

describe('coverage, speed and refusals', () => {
  test('95% log-log intervals cover 93 to 97%', () => {
    const random = randomStream(30, 'km coverage');
    let covered = 0;
    const replicates = 4000;
    for (let replicate = 0; replicate < replicates; replicate += 1) {
      const time: number[] = [];
      const event: number[] = [];
      for (let row = 0; row < 80; row += 1) {
        const [fails, ends] = [random.exponential(), 2 * random.exponential()];
        time.push(Math.min(fails, ends));
        event.push(fails <= ends ? 1 : 0);
      }
      const [lower, upper] = survivalAt(kaplanMeier({ time, event }), 0.5)!.interval;
      if (lower <= Math.exp(-0.5) && Math.exp(-0.5) <= upper) covered += 1;
    }
    expect(covered / replicates).toBeGreaterThan(0.93);
    expect(covered / replicates).toBeLessThan(0.97);
  });

  test('nothing is said past the last follow-up, of no rows, or of a median that is not reached', () => {
    const curve = kaplanMeier({ time: [5, 6, 7], event: [1, 0, 0] });
    expect(survivalAt(curve, 7.5)).toBeNull();
    expect(survivalAt(curve, 7)?.survival).toBeCloseTo(2 / 3);
    expect(restrictedMean(curve, 8)).toEqual({ kind: 'refused', reason: 'follow_up_too_short', needed: 8 });
    expect(medianSurvival(curve).median).toBeNull();
    expect(survivalAt(kaplanMeier({ time: [], event: [] }), 0)).toBeNull();
    const over = kaplanMeier({ time: [1, 2], event: [1, 1] });
    expect(survivalAt(over, 9)?.survival).toBe(0);
    expect(restrictedMean(over, 9)).toMatchObject({ kind: 'estimated', mean: 1.5 });
  });

  test('where nobody or everybody has had the event, the limits are not the estimate', () => {
    const none = survivalAt(kaplanMeier({ time: [5, 5, 5, 5], event: [0, 0, 0, 0] }), 3)!;
    expectAllClose(none.interval, [0.025 ** (1 / 4), 1], 1e-12);
    const all = survivalAt(kaplanMeier({ time: [5, 5, 5, 5], event: [1, 1, 1, 1] }), 5)!;
    expectAllClose(all.interval, [0, 1 - 0.025 ** (1 / 4)], 1e-12);
    const last = survivalAt(kaplanMeier({ time: [4, 5], event: [1, 1] }), 5)!;
    expect(last.interval[1]).toBe(survivalAt(kaplanMeier({ time: [4, 5], event: [1, 1] }), 4)!.interval[1]);
  });

  test('impossible columns throw and say what is wrong', () => {
    expect(() => kaplanMeier({ time: [1, 2], event: [1] })).toThrow('event has 1 rows where time has 2');
    expect(() => kaplanMeier({ time: [-1], event: [1] })).toThrow('row 0: a time is 0 or more; got -1');
    expect(() => kaplanMeier({ time: [Number.NaN], event: [1] })).toThrow('row 0: a time is 0 or more; got NaN');
    expect(() => kaplanMeier({ time: [1], event: [2] })).toThrow('row 0: an event is 0 or 1; got 2');
    expect(() => kaplanMeier({ time: [1], event: [1], entry: [1] })).toThrow('before the time; got 1, time 1');
    expect(() => restrictedMean(kaplanMeier({ time: [1], event: [1] }), 0)).toThrow('tau is positive; got 0');
    expect(() => survivalAt(kaplanMeier({ time: [1], event: [1] }), -1)).toThrow('a time is 0 or more; got -1');
  });

  test('100,000 rows take a moment', () => {
    const random = randomStream(31, 'km speed');
    const time = Float64Array.from({ length: 100_000 }, () => random.exponential());
    const event = Uint8Array.from(time, () => random.below(2));
    const started = performance.now();
    kaplanMeier({ time, event, entry: time.map((each) => each / 2) });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

function referenceFile(folder: string, file: string): string {
  return readFileSync(join(data!, folder, file), 'utf8');
}
