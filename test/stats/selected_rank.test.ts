import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logRankScorer } from '../../src/stats/log_rank_scores.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { type CutRows, planCuts, selectCut } from '../../src/stats/selected_rank.ts';
import { cutInterval, permutationTest } from '../../src/stats/selected_rank_resampling.ts';
import { expectAllClose, expectClose, expectRelative, reference } from './reference.ts';

type Columns<Name extends string> = Readonly<Record<Name, readonly number[]>>;

function selected(rows: CutRows) {
  const result = selectCut(rows);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result;
}

describe('as R maxstat', () => {
  for (const name of ['lung_age', 'veteran_karno']) {
    test(name, () => {
      const wanted = reference<
        Columns<'x' | 'score' | 'statistics' | 'cuts'> & Readonly<Record<'statistic' | 'cut' | 'p94' | 'p92', number>>
      >(`maxstat_${name}`);
      const rows = reference<Columns<'time' | 'event'>>(`data_${name.split('_')[0]}`);
      const scores = logRankScorer(rows)(null);
      expectAllClose(scores, wanted.score, 1e-10);
      const result = selected({ value: wanted.x, outcome: { kind: 'survival', followUp: rows } });
      expectAllClose(
        result.tried.map(({ z }) => Math.abs(z)),
        wanted.statistics,
        1e-9,
      );
      expect(result.tried.map(({ cut }) => cut)).toEqual(wanted.cuts);
      expectClose(result.statistic, wanted.statistic, 1e-9);
      expect(result.best.cut).toBe(wanted.cut);
      expectRelative(result.asymptoticP!.lausen1992, Math.min(1, wanted.p92), 1e-8);
      expectRelative(result.asymptoticP!.lausen1994, Math.min(1, wanted.p94), 1e-8);
      const plain = selected({ value: wanted.x, outcome: { kind: 'score', score: wanted.score } });
      expectClose(plain.statistic, wanted.statistic, 1e-9);
    });
  }

  test('log-rank scores where no events tie', () => {
    const wanted = reference<Columns<'x' | 'time' | 'event'> & Readonly<Record<'statistic' | 'cut', number>>>(
      'maxstat_log_rank_no_ties',
    );
    const result = selected({ value: wanted.x, outcome: { kind: 'survival', followUp: wanted } });
    expectClose(result.statistic, wanted.statistic, 1e-9);
    expect(result.best.cut).toBe(wanted.cut);
  });
});

test('log-rank scores under weights are those of repeated rows, with delayed entry', () => {
  const row = fc.record({
    entry: fc.integer({ min: 0, max: 5 }),
    span: fc.integer({ min: 1, max: 6 }),
    event: fc.integer({ min: 0, max: 1 }),
    weight: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (drawn) => {
      const follow = (rows: typeof drawn) => ({
        entry: rows.map(({ entry }) => entry),
        time: rows.map(({ entry, span }) => entry + span),
        event: rows.map(({ event }) => event),
      });
      const weighted = logRankScorer(follow(drawn))(drawn.map(({ weight }) => weight));
      const repeated = drawn.flatMap((each, index) => Array.from({ length: each.weight }, () => ({ each, index })));
      const wanted = logRankScorer(follow(repeated.map(({ each }) => each)))(null);
      repeated.forEach(({ index }, at) => {
        expectClose(weighted[index], wanted[at], 1e-9);
      });
      expectClose(
        wanted.reduce((sum, score) => sum + score, 0),
        0,
        1e-9,
      );
    }),
  );
});

/** Accounts with some landmarks each; values and outcomes of one account are alike; `effect` acts above 0.5. */
function landmarks(random: RandomStream, accounts: number, effect: number, most = 3): CutRows {
  const value: number[] = [];
  const time: number[] = [];
  const event: number[] = [];
  const cluster: number[] = [];
  for (let account = 0; account < accounts; account += 1) {
    const level = random.next();
    const fails = random.exponential() * Math.exp(level > 0.5 ? effect : 0);
    const count = 1 + random.below(most);
    for (let landmark = 0; landmark < count && fails > landmark * 0.2; landmark += 1) {
      const left = fails - landmark * 0.2;
      value.push(level + 0.01 * random.next());
      time.push(Math.min(left, 1));
      event.push(left <= 1 ? 1 : 0);
      cluster.push(account);
    }
  }
  return { value, outcome: { kind: 'survival', followUp: { time, event } }, cluster };
}

describe('resampling of whole accounts', () => {
  test('on noise, p is below 0.05 in about 5% and below 0.5 in about half; of shuffled rows it is not', () => {
    const random = randomStream(80, 'noise');
    const count = 600;
    const seen = { clustered: 0, half: 0, rows: 0 };
    for (let replicate = 0; replicate < count; replicate += 1) {
      const rows = landmarks(random, 80, 0);
      const ours = permutationTest(rows, 99, random);
      if (ours.kind === 'refused') throw new Error(ours.reason);
      if (ours.p <= 0.05) seen.clustered += 1;
      if (ours.p <= 0.5) seen.half += 1;
      const naive = permutationTest({ value: rows.value, outcome: rows.outcome }, 99, random);
      if (naive.kind === 'tested' && naive.p <= 0.05) seen.rows += 1;
    }
    expect(seen.clustered / count).toBeGreaterThan(0.03);
    expect(seen.clustered / count).toBeLessThan(0.07);
    expect(seen.half / count).toBeGreaterThan(0.43);
    expect(seen.half / count).toBeLessThan(0.57);
    expect(seen.rows / count).toBeGreaterThan(0.1);
  });

  test('a planted cut is found, with its direction and an interval that holds it', () => {
    const random = randomStream(81, 'planted');
    const rows = landmarks(random, 600, 1.2);
    const result = selected(rows);
    expect(result.best.cut).toBeGreaterThan(0.45);
    expect(result.best.cut).toBeLessThan(0.55);
    expect(result.eventsAbove).toBe('fewer');
    expect(result.asymptoticP).toBeNull();
    expect(permutationTest(rows, 199, randomStream(81, 'p'))).toMatchObject({ p: 1 / 200, kind: 'tested' });
    const interval = cutInterval(rows, 200, randomStream(81, 'interval'));
    if (interval.kind === 'refused') throw new Error(interval.reason);
    expect(interval.interval[0]).toBeLessThanOrEqual(0.51);
    expect(interval.interval[1]).toBeGreaterThanOrEqual(0.49);
    expect(interval.interval[1] - interval.interval[0]).toBeLessThan(0.4);
    expect(cutInterval(rows, 200, randomStream(81, 'interval'))).toEqual(interval);
    const turned = { ...rows, value: Array.from(rows.value, (each) => -each) };
    expect(selected(turned).eventsAbove).toBe('more');
  });
});

describe('cuts, refusals and speed', () => {
  const outcome = (score: readonly number[]) => ({ kind: 'score', score }) as const;
  const many = Array.from({ length: 40 }, (_, row) => row);

  test('cuts lie within the bounds and are thinned evenly', () => {
    const plan = planCuts({ value: many, outcome: outcome(many) }, { lowest: 0.25, highest: 0.75, maxCuts: 5 });
    expect([...plan.sizes]).toEqual([10, 15, 20, 25, 30]);
    expect(planCuts({ value: many, outcome: outcome(many) }, {}).sizes.length).toBe(33);
  });

  test('nothing to cut and nothing to tell apart are refused', () => {
    const same = many.map(() => 1);
    const random = randomStream(1);
    for (const [rows, reason] of [
      [{ value: same, outcome: outcome(many) }, 'no_cut'],
      [{ value: [], outcome: outcome([]) }, 'no_cut'],
      [{ value: many, outcome: outcome(same) }, 'no_variation'],
    ] as const) {
      expect(selectCut(rows)).toEqual({ kind: 'refused', reason });
      expect(permutationTest(rows, 9, random)).toEqual({ kind: 'refused', reason });
      expect(cutInterval(rows, 9, random)).toEqual({ kind: 'refused', reason });
    }
    const few = { value: many, outcome: outcome(many), cluster: many.map((row) => row % 10) };
    expect(permutationTest(few, 9, random)).toEqual({ kind: 'refused', reason: 'too_few_clusters', needed: 20 });
    expect(cutInterval(few, 9, random)).toEqual({ kind: 'refused', reason: 'too_few_clusters', needed: 20 });
  });

  test('impossible arguments throw', () => {
    const random = randomStream(1);
    const rows = { value: many, outcome: outcome(many) };
    expect(() => selectCut({ value: [1], outcome: outcome([]) })).toThrow('value has 1 rows where time has 0');
    expect(() => selectCut({ value: [Number.NaN], outcome: outcome([1]) })).toThrow(
      'row 0: a value is a finite number',
    );
    expect(() => selectCut({ value: [1], outcome: outcome([Number.NaN]) })).toThrow(
      'row 0: a score is a finite number',
    );
    expect(() => selectCut(rows, { lowest: 0.9, highest: 0.1 })).toThrow('the lowest first; got 0.9 and 0.1');
    expect(() => selectCut(rows, { maxCuts: 1 })).toThrow('at least 2 cuts are tried; got 1');
    expect(() => permutationTest(rows, 0, random)).toThrow('permutations are a positive whole number');
    expect(() => cutInterval(rows, 0.5, random)).toThrow('replicates are a positive whole number');
  });

  test('199 permutations over 5,000 rows and 50 cuts take a moment', () => {
    const random = randomStream(82, 'speed');
    const rows = landmarks(random, 3300, 0.2);
    const started = performance.now();
    const result = permutationTest(rows, 199, random, { maxCuts: 50 });
    expect(result.kind).toBe('tested');
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
