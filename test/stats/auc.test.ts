import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc, aucDifference } from '../../src/stats/auc.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { distance, estimated, reference } from './references/reference.ts';
import { TELCO_FOLDER, telcoReference, telcoRows, telcoTitle } from './references/telco.ts';

const PREDICTORS = ['s100b', 'wfns', 'ndka'] as const;

describe('against pROC', () => {
  const { title, input, list } = reference('auc_asah');
  test(title, () => {
    const found = PREDICTORS.map((name) => estimated(auc(input(name), input('y'))));
    expect(
      distance(
        found.map((each) => each.auc),
        list('auc'),
      ),
    ).toBeLessThan(1e-12);
    expect(
      distance(
        found.map((each) => each.standardError! ** 2),
        list('variance'),
      ),
    ).toBeLessThan(1e-12);
    expect(
      distance(
        found.map((each) => each.plainInterval![0]),
        list('low'),
      ),
    ).toBeLessThan(1e-9);
    expect(
      distance(
        found.map((each) => each.plainInterval![1]),
        list('high'),
      ),
    ).toBeLessThan(1e-9);
    const paired = ['wfns', 'ndka'].map((name) => estimated(aucDifference(input('s100b'), input(name), input('y'))));
    expect(
      distance(
        paired.map((each) => each.z!),
        list('z'),
      ),
    ).toBeLessThan(1e-9);
    expect(
      distance(
        paired.map((each) => each.p!),
        list('p'),
      ),
    ).toBeLessThan(1e-9);
    expect(
      distance(
        paired.map((each) => each.interval![0]),
        list('difference_low'),
      ),
    ).toBeLessThan(1e-9);
    expect(
      distance(
        paired.map((each) => each.interval![1]),
        list('difference_high'),
      ),
    ).toBeLessThan(1e-9);
  });

  test.skipIf(TELCO_FOLDER === null)(telcoTitle('AUC, DeLong interval and paired test'), () => {
    const rows = telcoRows().filter((row) => row['TotalCharges']!.trim() !== '');
    const expected = telcoReference();
    const churn = rows.map((row) => (row['Churn'] === 'Yes' ? 1 : 0));
    const scores = (name: string, sign: number) => rows.map((row) => sign * Number(row[name]));
    for (const [name, sign] of [
      ['tenure', -1],
      ['MonthlyCharges', 1],
      ['TotalCharges', -1],
    ] as const) {
      const found = estimated(auc(scores(name, sign), churn));
      const theirs = expected.univariate_auc[name];
      expect(found.auc).toBeCloseTo(theirs.auc, 9);
      expect(found.standardError! ** 2).toBeCloseTo(theirs.var_delong, 12);
      expect(distance(found.plainInterval!, theirs.delong_ci)).toBeLessThan(1e-9);
    }
    const paired = estimated(aucDifference(scores('tenure', -1), scores('MonthlyCharges', 1), churn));
    expect(paired.z).toBeCloseTo(expected.delong_tenure_vs_monthly.statistic, 7);
    expect(distance(paired.interval!, expected.delong_tenure_vs_monthly.ci)).toBeLessThan(1e-9);
  });
});

describe('rows of one account', () => {
  const { y, s100b, wfns } = Object.fromEntries(
    ['y', 's100b', 'wfns'].map((name) => [name, reference('auc_asah').input(name)]),
  ) as Record<'y' | 's100b' | 'wfns', readonly number[]>;

  test(reference('auc_clustered').title, () => {
    const { input, list, number } = reference('auc_clustered');
    const options = { clusters: input('cluster') };
    const found = [s100b, wfns].map((scores) => estimated(auc(scores, y, options)).standardError! ** 2);
    expect(distance(found, list('variance'))).toBeLessThan(1e-12);
    const difference = estimated(aucDifference(s100b, wfns, y, options)).standardError! ** 2;
    const [first, second] = list('variance');
    expect(difference).toBeCloseTo(first! + second! - 2 * number('covariance'), 12);
  });

  test('one row a cluster is DeLong', () => {
    const clusters = y.map((_, row) => `account ${row}`);
    expect(estimated(auc(s100b, y, { clusters })).standardError).toBeCloseTo(
      estimated(auc(s100b, y)).standardError!,
      12,
    );
    const paired = estimated(aucDifference(s100b, wfns, y, { clusters }));
    expect(paired.z).toBeCloseTo(estimated(aucDifference(s100b, wfns, y)).z!, 10);
  });

  test('every row written three times changes nothing where clusters are told', () => {
    const thrice = (values: readonly number[]): number[] => [...values, ...values, ...values];
    const once = estimated(auc(s100b, y, { clusters: y.map((_, row) => row) }));
    const found = estimated(auc(thrice(s100b), thrice(y), { clusters: thrice(y.map((_, row) => row)) }));
    expect(found.auc).toBeCloseTo(once.auc, 12);
    expect(found.standardError).toBeCloseTo(once.standardError!, 12);
  });
});

const tied = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 1)), { minLength: 2, maxLength: 40 });

test('AUC is the count over all pairs', () => {
  fc.assert(
    fc.property(tied, (rows) => {
      const found = auc(
        rows.map(([score]) => score),
        rows.map(([, outcome]) => outcome),
      );
      const ups = rows.filter(([, outcome]) => outcome === 1);
      const downs = rows.filter(([, outcome]) => outcome === 0);
      if (found.kind === 'refused') return ups.length === 0 || downs.length === 0;
      const wins = ups.flatMap(([up]) => downs.map(([down]): number => (up > down ? 1 : up === down ? 0.5 : 0)));
      expect(found.auc).toBeCloseTo(wins.reduce((sum, win) => sum + win, 0) / wins.length, 12);
      return true;
    }),
  );
});

/** One data set: accounts with several rows each, account effects in score and outcome. */
function accountRows(random: RandomStream, accounts: number, rowsEach: number, strength: number) {
  const scores: number[] = [];
  const second: number[] = [];
  const outcomes: number[] = [];
  const clusters: number[] = [];
  for (let account = 0; account < accounts; account++) {
    const effect = random.normal();
    const risk = random.normal();
    for (let row = 0; row < rowsEach; row++) {
      const score = effect + random.normal();
      scores.push(score);
      second.push(0.8 * effect + random.normal());
      outcomes.push(random.next() < 1 / (1 + Math.exp(1 - strength * score - risk)) ? 1 : 0);
      clusters.push(account);
    }
  }
  return { scores, second, outcomes, clusters };
}

describe('coverage of 95% intervals', () => {
  test.each([
    ['DeLong, rows alone', 150, 1, 0.9],
    ['clusters of six', 80, 6, 0.7],
  ])('%s', (_, accounts, rowsEach, strength) => {
    const big = accountRows(randomStream(7, 'truth', accounts), 40_000, rowsEach, strength);
    const truth = estimated(auc(big.scores, big.outcomes)).auc;
    const truthSecond = estimated(auc(big.second, big.outcomes)).auc;
    const random = randomStream(8, 'samples', accounts);
    const replicates = 1500;
    const covered = { logit: 0, plain: 0, difference: 0 };
    const holds = (interval: readonly number[] | null, value: number): number =>
      interval !== null && interval[0]! <= value && value <= interval[1]! ? 1 : 0;
    for (let replicate = 0; replicate < replicates; replicate++) {
      const { scores, second, outcomes, clusters } = accountRows(random, accounts, rowsEach, strength);
      const found = estimated(auc(scores, outcomes, { clusters }));
      const paired = estimated(aucDifference(scores, second, outcomes, { clusters }));
      covered.logit += holds(found.interval, truth);
      covered.plain += holds(found.plainInterval, truth);
      covered.difference += holds(paired.interval, truth - truthSecond);
    }
    for (const share of Object.values(covered).map((count) => count / replicates)) {
      expect(share).toBeGreaterThan(0.93);
      expect(share).toBeLessThan(0.97);
    }
  });

  test('without clusters the interval of repeated rows is far too narrow', () => {
    const random = randomStream(8, 'narrow');
    const { scores, outcomes, clusters } = accountRows(random, 80, 12, 0.7);
    const told = estimated(auc(scores, outcomes, { clusters })).standardError!;
    expect(told).toBeGreaterThan(1.3 * estimated(auc(scores, outcomes)).standardError!);
  });
});

describe('too little', () => {
  test('nobody or everybody has the outcome', () => {
    expect(auc([1, 2], [0, 0])).toEqual({ kind: 'refused', reason: 'none of 2 rows has the outcome' });
    expect(auc([1, 2], [1, 1])).toEqual({ kind: 'refused', reason: 'all of 2 rows have the outcome' });
    expect(aucDifference([1], [1], [1]).kind).toBe('refused');
    expect(auc([], []).kind).toBe('refused');
  });

  test('one row of a class: no standard error', () => {
    expect(auc([1, 2, 0], [0, 1, 0])).toMatchObject({ auc: 1, standardError: null, interval: null });
    expect(aucDifference([1, 2, 0], [2, 1, 0], [0, 1, 0])).toMatchObject({ standardError: null, p: null });
  });

  test('one cluster of a class: no standard error', () => {
    expect(auc([1, 3, 0, 2], [0, 1, 0, 1], { clusters: ['a', 'a', 'b', 'a'] })).toMatchObject({ standardError: null });
  });

  test('perfect separation has no interval', () => {
    expect(auc([1, 2, 3, 4], [0, 0, 1, 1])).toMatchObject({ auc: 1, interval: null, plainInterval: null });
  });

  test('the same ranking twice differs by nothing; two perfect opposites have no p', () => {
    expect(aucDifference([1, 2, 3, 4], [2, 4, 6, 8], [0, 1, 0, 1])).toMatchObject({ interval: [0, 0], p: 1 });
    expect(aucDifference([1, 2, 3, 4], [4, 3, 2, 1], [0, 0, 1, 1])).toMatchObject({ interval: null, p: null });
  });
});

test('impossible input is refused', () => {
  expect(() => auc([1, 2], [0, 1, 1])).toThrow('2 scores for 3 outcomes');
  expect(() => auc([1, Number.NaN], [0, 1])).toThrow('NaN');
  expect(() => auc([1, 2], [0, 2])).toThrow('outcome 2 of row 1');
  expect(() => auc([1, 2], [0, 1], { clusters: [1] })).toThrow('1 cluster keys for 2 rows');
});

test('a hundred thousand rows in clusters take well under a second', () => {
  const random = randomStream(9);
  const scores = Float64Array.from({ length: 100_000 }, () => random.normal());
  const outcomes = Uint8Array.from(scores, (score) => (random.next() < 1 / (1 + Math.exp(-score)) ? 1 : 0));
  const started = performance.now();
  expect(auc(scores, outcomes, { clusters: scores.map((_, row) => row % 5000) }).kind).toBe('estimated');
  expect(performance.now() - started).toBeLessThan(600);
});
