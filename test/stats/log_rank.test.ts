import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GroupedFollowUp, logRank, logRankTrend } from '../../src/stats/log_rank.ts';
import { randomStream } from '../../src/stats/random.ts';
import {
  columnsOf,
  data,
  expectAllClose,
  expectClose,
  expectRelative,
  numbers,
  reference,
  titled,
} from './reference.ts';

interface TestReference {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly variance: readonly number[];
  readonly chiSquare: number;
  readonly p: number;
}

type Columns<Name extends string> = Readonly<Record<Name, readonly number[]>>;

function tested(rows: GroupedFollowUp) {
  const result = logRank(rows);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result;
}

function compareWithR(rows: GroupedFollowUp, name: string): void {
  const wanted = reference<TestReference>(name);
  const result = tested(rows);
  expectAllClose(
    result.groups.map(({ observed }) => observed),
    wanted.observed,
  );
  expectAllClose(
    result.groups.map(({ expected }) => expected),
    wanted.expected,
    1e-10,
  );
  expectAllClose(result.variance, wanted.variance, 1e-10);
  expectClose(result.chiSquare, wanted.chiSquare, 1e-10);
  expectRelative(result.p, wanted.p, 1e-9);
  expectRelative(result.logP, Math.log(wanted.p), 1e-9);
}

const lung = reference<Columns<'time' | 'event' | 'sex' | 'ecog'>>('data_lung');

describe('as R survdiff', () => {
  test('two groups', () => compareWithR({ ...lung, group: lung.sex }, 'log_rank_lung_sex'));
  test('four groups', () => compareWithR({ ...lung, group: lung.ecog }, 'log_rank_lung_ecog'));
  test('strata', () => {
    const veteran = reference<Columns<'time' | 'event' | 'cell' | 'trt'>>('data_veteran');
    compareWithR({ ...veteran, group: veteran.cell, strata: veteran.trt }, 'log_rank_veteran_cell');
  });
  test('trend', () => {
    const result = logRankTrend({ ...lung, group: lung.ecog }, [0, 1, 2, 3]);
    if (result.kind === 'refused') throw new Error(result.reason);
    expectClose(result.z, reference<{ z: number }>('log_rank_trend_lung').z, 1e-10);
    expectClose(result.oneSidedP * 2, result.p, 1e-12);
  });
  test('delayed entry: the score test of coxph where no events tie', () => {
    const rows = reference<GroupedFollowUp & { chiSquare: number }>('log_rank_heart_no_ties');
    expectClose(tested(rows).chiSquare, rows.chiSquare, 1e-6);
  });
  test('delayed entry, ties and strata: the test of Mantel and Haenszel over event times', () => {
    const { strata, ...rows } = reference<
      GroupedFollowUp & Readonly<Record<'chiSquare' | 'stratified', number>> & { strata: readonly number[] }
    >('log_rank_heart_ties');
    expectClose(tested(rows).chiSquare, rows.chiSquare, 1e-9);
    expectClose(tested({ ...rows, strata }).chiSquare, rows.stratified, 1e-9);
  });

  test.skipIf(data === null)(titled('rossi, waltons and telco, tests of outside data'), () => {
    const wanted = JSON.parse(readFileSync(join(data!, 'survival', 'REFERENCE_r_survival.json'), 'utf8'));
    const rossi = columnsOf(join(data!, 'survival', 'lifelines_rossi.csv'));
    const waltons = columnsOf(join(data!, 'survival', 'lifelines_waltons_dataset.csv'));
    const telco = columnsOf(join(data!, 'telco', 'Telco-Customer-Churn.csv'));
    const contracts = ['Month-to-month', 'One year', 'Two year'];
    const cases = [
      {
        rows: {
          time: numbers(rossi['week']!),
          event: numbers(rossi['arrest']!),
          group: numbers(rossi['fin']!),
        },
        wanted: wanted.rossi_fin.logrank,
      },
      {
        rows: {
          time: numbers(waltons['T']!),
          event: numbers(waltons['E']!),
          group: waltons['group']!.map((group) => (group === 'control' ? 0 : 1)),
        },
        wanted: wanted.waltons_group.logrank,
      },
      {
        rows: {
          time: numbers(telco['tenure']!),
          event: telco['Churn']!.map((churn) => (churn === 'Yes' ? 1 : 0)),
          group: telco['Contract']!.map((contract) => contracts.indexOf(contract)),
        },
        wanted: JSON.parse(readFileSync(join(data!, 'telco', 'REFERENCE_telco_R.json'), 'utf8')).logrank_contract,
      },
    ];
    for (const { rows, wanted } of cases) {
      const result = tested(rows);
      expectAllClose(
        result.groups.map(({ expected }) => expected),
        wanted.exp,
        1e-10,
      );
      expectClose(result.chiSquare, wanted.chisq, 1e-10);
      if (wanted.p > 0) expectRelative(result.p, wanted.p, 1e-9);
      else expectClose(result.logP, -wanted.chisq / 2, 1e-9);
    }
  });
});

describe('properties', () => {
  const rows = fc.array(
    fc.record({
      time: fc.integer({ min: 1, max: 15 }),
      event: fc.integer({ min: 0, max: 1 }),
      group: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 5, maxLength: 60 },
  );
  test('another order of rows or names of groups changes nothing, and observed sum to expected', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom([1, 2, 0], [2, 1, 0], [0, 2, 1]), (drawn, names) => {
        const column = (key: 'time' | 'event' | 'group') => drawn.map((row) => row[key]);
        const plain = logRank({ time: column('time'), event: column('event'), group: column('group') });
        const renamed = logRank({
          time: column('time').toReversed(),
          event: column('event').toReversed(),
          group: column('group')
            .toReversed()
            .map((group) => names[group]!),
        });
        expect(renamed.kind).toBe(plain.kind);
        const sum = (part: 'observed' | 'expected') => plain.groups.reduce((total, group) => total + group[part], 0);
        expectClose(sum('observed'), sum('expected'), 1e-10);
        if (plain.kind === 'refused' || renamed.kind === 'refused') return;
        expect(renamed.df).toBe(plain.df);
        expectClose(renamed.chiSquare, plain.chiSquare, 1e-6);
      }),
    );
  });
});

describe('refusals and speed', () => {
  test('nothing to compare is a value', () => {
    expect(logRank({ time: [1, 2], event: [0, 0], group: [0, 1] })).toMatchObject({
      kind: 'refused',
      reason: 'no_events',
      groups: [
        { subjects: 1, observed: 0, expected: 0 },
        { subjects: 1, observed: 0, expected: 0 },
      ],
    });
    const alone = { time: [1, 2, 3], event: [1, 1, 1], group: [1, 1, 1] };
    expect(logRank(alone)).toMatchObject({ kind: 'refused', reason: 'no_comparison' });
    expect(logRankTrend(alone, [0, 1])).toMatchObject({ kind: 'refused', reason: 'no_comparison' });
    expect(logRankTrend({ ...alone, event: [0, 0, 0] }, [0, 1])).toMatchObject({ reason: 'no_events' });
    expect(logRank({ time: [1, 2], event: [1, 1], group: [0, 1], strata: [0, 1] })).toMatchObject({
      reason: 'no_comparison',
    });
    expect(logRank({ time: [], event: [], group: [] })).toMatchObject({ reason: 'no_events' });
  });

  test('impossible arguments throw', () => {
    expect(() => logRank({ time: [1], event: [1], group: [] })).toThrow('group has 0 rows where time has 1');
    expect(() => logRank({ time: [1], event: [1], group: [0.5] })).toThrow('row 0: group is a whole number from 0');
    expect(() => logRank({ time: [1], event: [1], group: [0], strata: [-1] })).toThrow('strata is a whole number');
    expect(() => logRankTrend({ time: [1], event: [1], group: [1] }, [0])).toThrow('2 groups need as many scores');
    expect(() => logRankTrend({ time: [1], event: [1], group: [0] }, [Number.NaN])).toThrow('finite numbers');
  });

  test('100,000 rows take a moment', () => {
    const random = randomStream(41, 'log-rank speed');
    const time = Float64Array.from({ length: 100_000 }, () => random.exponential());
    const event = Uint8Array.from(time, () => random.below(2));
    const group = Uint8Array.from(time, () => random.below(3));
    const started = performance.now();
    logRank({ time, event, group });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
