import { describe, expect, test } from 'vitest';
import { auc } from '../../src/stats/auc.ts';
import { fitLogistic, predictLogistic } from '../../src/stats/logistic.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { distance, estimated, reference } from './references/reference.ts';
import { TELCO_FOLDER, telcoReference, telcoRows, telcoTitle } from './references/telco.ts';

const column = (name: string, values: ArrayLike<number>) => ({ name, values });
const infert = reference('logistic_infert');
const NAMES = ['age', 'parity', 'spontaneous', 'induced'];
const INFERT = {
  outcomes: infert.input('y'),
  columns: NAMES.map((name) => column(name, infert.input(name))),
};

type Fit = Extract<ReturnType<typeof fitLogistic>, { kind: 'fitted' }>;
const estimates = (fit: Fit) => fit.coefficients.map(({ estimate }) => estimate);
const errors = (fit: Fit) => fit.coefficients.map(({ standardError }) => standardError);

describe('against R', () => {
  test(infert.title, () => {
    const plain = estimated(fitLogistic(INFERT));
    expect(distance(estimates(plain), infert.list('coefficients'))).toBeLessThan(1e-9);
    expect(distance(errors(plain), infert.list('se'))).toBeLessThan(1e-7);
    expect(
      distance(
        plain.coefficients.map(({ z }) => z!),
        infert.list('z'),
      ),
    ).toBeLessThan(1e-6);
    expect(
      distance(
        plain.coefficients.map(({ p }) => p!),
        infert.list('p'),
      ),
    ).toBeLessThan(1e-7);
    expect(plain.deviance).toBeCloseTo(infert.number('deviance'), 9);
    expect(plain.nullDeviance).toBeCloseTo(infert.number('null_deviance'), 9);
    const { estimate, standardError, interval, oddsRatio, oddsRatioInterval } = plain.coefficients[3]!;
    expect(interval![1] - estimate).toBeCloseTo(1.959963984540054 * standardError, 10);
    expect([oddsRatio, oddsRatioInterval![0]]).toEqual([Math.exp(estimate), Math.exp(interval![0])]);
  });

  test('sandwich: clustered by stratum, G / (G - 1); every row its own cluster is HC0', () => {
    const stratum = infert.input('stratum');
    const clustered = estimated(fitLogistic({ ...INFERT, clusters: stratum }));
    expect(distance(errors(clustered), infert.list('se_clustered'))).toBeLessThan(1e-8);
    expect(distance([...clustered.covariance], infert.list('covariance_clustered'))).toBeLessThan(1e-8);
    const groups = new Set(stratum).size;
    const unadjusted = errors(clustered).map((error) => error * Math.sqrt((groups - 1) / groups));
    expect(distance(unadjusted, infert.list('se_clustered_unadjusted'))).toBeLessThan(1e-8);
    const rows = stratum.length;
    const alone = estimated(fitLogistic({ ...INFERT, clusters: stratum.map((_, row) => row) }));
    const hc0 = errors(alone).map((error) => error * Math.sqrt((rows - 1) / rows));
    expect(distance(hc0, infert.list('se_hc0'))).toBeLessThan(1e-8);
  });

  const weighted = reference('logistic_weights_offset');
  test(weighted.title, () => {
    const input = {
      outcomes: weighted.input('y'),
      columns: ['parity', 'spontaneous'].map((name) => column(name, weighted.input(name))),
      weights: weighted.input('weight'),
      offsets: weighted.input('offset'),
    };
    const plain = estimated(fitLogistic(input));
    expect(distance(estimates(plain), weighted.list('coefficients'))).toBeLessThan(1e-9);
    expect(distance(errors(plain), weighted.list('se'))).toBeLessThan(1e-8);
    expect(plain.deviance).toBeCloseTo(weighted.number('deviance'), 8);
    const clustered = estimated(fitLogistic({ ...input, clusters: weighted.input('stratum') }));
    expect(distance(errors(clustered), weighted.list('se_clustered'))).toBeLessThan(1e-8);
  });

  const ridge = reference('logistic_ridge');
  test(ridge.title, () => {
    const [strong, weak] = ridge.input('lambda').map((lambda) => lambda * INFERT.outcomes.length);
    const strongFit = estimated(fitLogistic({ ...INFERT, ridge: strong! }));
    expect(distance(estimates(strongFit), ridge.list('strong'))).toBeLessThan(1e-6);
    expect(distance(estimates(estimated(fitLogistic({ ...INFERT, ridge: weak! }))), ridge.list('weak'))).toBeLessThan(
      1e-6,
    );
    expect(strongFit.coefficients[1]).toMatchObject({ p: null, interval: null, oddsRatioInterval: null });
  });

  test.skipIf(TELCO_FOLDER === null)(telcoTitle('logistic regression of churn'), () => {
    const rows = telcoRows().filter((row) => row['TotalCharges']!.trim() !== '');
    const theirs = telcoReference().logit;
    const level = (name: string, of: string) =>
      column(
        name + of,
        rows.map((row) => (row[name] === of ? 1 : 0)),
      );
    const number = (name: string) =>
      column(
        name,
        rows.map((row) => Number(row[name])),
      );
    const fit = estimated(
      fitLogistic({
        outcomes: rows.map((row) => (row['Churn'] === 'Yes' ? 1 : 0)),
        columns: [
          number('tenure'),
          number('MonthlyCharges'),
          level('Contract', 'One year'),
          level('Contract', 'Two year'),
          level('InternetService', 'Fiber optic'),
          level('InternetService', 'No'),
          level('PaymentMethod', 'Credit card (automatic)'),
          level('PaymentMethod', 'Electronic check'),
          level('PaymentMethod', 'Mailed check'),
          level('PaperlessBilling', 'Yes'),
          number('SeniorCitizen'),
        ],
      }),
    );
    expect(distance(estimates(fit), Object.values(theirs.coef))).toBeLessThan(1e-7);
    expect(fit.deviance).toBeCloseTo(theirs.deviance, 6);
    expect(fit.nullDeviance).toBeCloseTo(theirs.null, 6);
    const churn = rows.map((row) => (row['Churn'] === 'Yes' ? 1 : 0));
    expect(estimated(auc(fit.probabilities, churn)).auc).toBeCloseTo(theirs.auc_insample, 8);
  });
});

test('predictions of the rows fitted are the fitted chances; columns too many are ignored', () => {
  const fit = estimated(fitLogistic(INFERT));
  const rows = INFERT.outcomes.length;
  const predicted = predictLogistic(fit, [column('other', []), ...INFERT.columns], rows);
  expect(distance([...predicted], [...fit.probabilities])).toBeLessThan(1e-12);
  expect(() => predictLogistic(fit, INFERT.columns.slice(1), rows)).toThrow('the fit has the column age');
});

describe('separation', () => {
  const x = Array.from({ length: 40 }, (_, row) => row);
  const noise = x.map((row) => Math.sin(row * 12.9898));

  test('complete: one column tells every row', () => {
    const outcomes = x.map((row) => (row >= 20 ? 1 : 0));
    expect(fitLogistic({ outcomes, columns: [column('noise', noise), column('x', x)] })).toMatchObject({
      kind: 'separated',
      completeness: 'complete',
      columns: expect.arrayContaining(['x']),
    });
  });

  test('quasi-complete: a category without events', () => {
    const rare = x.map((row) => (row % 8 === 0 ? 1 : 0));
    const outcomes = x.map((row) => (rare[row] === 1 ? 0 : Math.sin(row * 78.233) > 0 ? 1 : 0));
    const found = fitLogistic({ outcomes, columns: [column('rare', rare), column('noise', noise)] });
    expect(found).toMatchObject({ kind: 'separated', completeness: 'quasi', columns: ['rare'] });
    expect(found).toHaveProperty('reason', expect.stringContaining('rare tell the outcome of some of the rows'));
  });

  test('quasi-complete: both classes meet on one value', () => {
    const outcomes = x.map((row) => (row > 20 || row === 20 ? 1 : 0));
    const meeting = x.map((row) => (row === 19 ? 20 : row));
    expect(fitLogistic({ outcomes, columns: [column('x', meeting)] })).toMatchObject({
      kind: 'separated',
      completeness: 'quasi',
    });
  });

  test('two columns that separate only together', () => {
    const outcomes = x.map((row) => (row + 9 * noise[row]! > 20 ? 1 : 0));
    expect(fitLogistic({ outcomes, columns: [column('x', x), column('noise', noise)] })).toMatchObject({
      kind: 'separated',
      columns: ['x', 'noise'],
    });
  });

  test('a strong but imperfect signal is fitted', () => {
    const outcomes = x.map((row) => (row === 18 ? 1 : row === 21 ? 0 : row >= 20 ? 1 : 0));
    expect(fitLogistic({ outcomes, columns: [column('x', x)] }).kind).toBe('fitted');
    const one = x.map((row) => (row === 3 ? 1 : row === 39 ? 0 : row >= 20 ? 1 : 0));
    expect(fitLogistic({ outcomes: one, columns: [column('x', x)] }).kind).toBe('fitted');
  });

  test('values ten thousand times the rest are no separation; R converges to the same', () => {
    const skewed = [
      0.0057, 0.0528, 0.0623, 0.0626, 0.0639, 0.1068, 0.1369, 0.1664, 0.3685, 0.483, 0.6792, 0.9437, 1.9126, 2.9089,
      3.5507, 4.3758, 74.086, 648.1987, 2549.649,
    ];
    const outcomes = skewed.map((_, row) => ([4, 5, 7, 9].includes(row) ? 0 : 1));
    const fit = estimated(fitLogistic({ outcomes, columns: [column('x', skewed)] }));
    expect(distance(estimates(fit), [0.325830451136187, 1.622694685844067])).toBeLessThan(1e-9);
  });

  test('under a ridge penalty there is an answer', () => {
    const outcomes = x.map((row) => (row >= 20 ? 1 : 0));
    expect(fitLogistic({ outcomes, columns: [column('x', x)], ridge: 1 }).kind).toBe('fitted');
  });
});

test('constant and dependent columns are left out by name; the rest is fitted as without them', () => {
  const [age, parity] = INFERT.columns;
  const sum = column(
    'sum',
    INFERT.outcomes.map((_, row) => 2 * age!.values[row]! - parity!.values[row]! + 3),
  );
  const constant = column(
    'constant',
    INFERT.outcomes.map(() => 0.1),
  );
  const fit = estimated(fitLogistic({ ...INFERT, columns: [constant, age!, parity!, sum] }));
  expect(fit.dropped).toEqual(['constant', 'sum']);
  const without = estimated(fitLogistic({ ...INFERT, columns: [age!, parity!] }));
  expect(distance(estimates(fit), estimates(without))).toBeLessThan(1e-10);
  expect(estimated(fitLogistic({ ...INFERT, columns: [constant, age!, sum], ridge: 1 })).dropped).toEqual([]);
});

test('columns far from 0 and of very different size are no trouble', () => {
  const fit = estimated(fitLogistic(INFERT));
  const shifted = INFERT.columns.map(({ name, values }, place) =>
    column(
      name,
      Array.from(values, (value) => 1e6 + value * 10 ** (place - 2)),
    ),
  );
  const found = estimated(fitLogistic({ ...INFERT, columns: shifted }));
  expect(found.coefficients[2]!.estimate).toBeCloseTo(fit.coefficients[2]!.estimate * 10, 4);
  expect(found.coefficients[3]!.z).toBeCloseTo(fit.coefficients[3]!.z!, 5);
});

describe('too little', () => {
  test('nobody or everybody has the outcome', () => {
    expect(fitLogistic({ outcomes: [0, 0], columns: [] })).toEqual({
      kind: 'refused',
      reason: 'none of 2 rows has the outcome',
    });
    expect(fitLogistic({ outcomes: [1, 0], columns: [], weights: [1, 0] }).kind).toBe('refused');
  });

  test('no more clusters than coefficients', () => {
    const clusters = INFERT.outcomes.map((_, row) => row % 5);
    expect(fitLogistic({ ...INFERT, clusters })).toMatchObject({ kind: 'refused' });
  });
});

test('impossible input is refused', () => {
  const outcomes = [0, 1, 1];
  expect(() => fitLogistic({ outcomes: [0, 1, 2], columns: [] })).toThrow('outcome 2 of row 2');
  expect(() => fitLogistic({ outcomes, columns: [column('x', [1, 2])] })).toThrow('column x has 2 values for 3 rows');
  expect(() => fitLogistic({ outcomes, columns: [column('x', [1, Number.NaN, 2])] })).toThrow('column x is NaN');
  expect(() => fitLogistic({ outcomes, columns: [], weights: [1, -1, 1] })).toThrow('weight -1 of row 1');
  expect(() => fitLogistic({ outcomes, columns: [], weights: [1] })).toThrow('1 weights');
  expect(() => fitLogistic({ outcomes, columns: [], offsets: [1] })).toThrow('1 offsets');
  expect(() => fitLogistic({ outcomes, columns: [], offsets: [1, 1, Number.NaN] })).toThrow('offset of row 2');
  expect(() => fitLogistic({ outcomes, columns: [], ridge: -1 })).toThrow('ridge');
  expect(() => fitLogistic({ outcomes, columns: [column('x', [1, 2, 3]), column('x', [1, 2, 4])] })).toThrow(
    'same name',
  );
});

/** Outcomes of accounts whose rows share an effect drawn on the logit; `x` belongs to the account. */
function accountRows(random: RandomStream, accounts: number, rowsEach: number) {
  const x: number[] = [];
  const outcomes: number[] = [];
  const clusters: number[] = [];
  for (let account = 0; account < accounts; account++) {
    const own = random.normal();
    const effect = random.normal();
    for (let row = 0; row < rowsEach; row++) {
      x.push(own);
      outcomes.push(random.next() < 1 / (1 + Math.exp(-0.8 * own - effect)) ? 1 : 0);
      clusters.push(account);
    }
  }
  return { outcomes, columns: [column('x', x)], clusters };
}

test('the clustered 95% interval covers, the one that takes rows for independent does not', () => {
  const truth = estimated(fitLogistic(accountRows(randomStream(3, 'truth'), 60_000, 5))).coefficients[1]!.estimate;
  const random = randomStream(4, 'samples');
  const replicates = 1000;
  let covered = 0;
  let coveredNaively = 0;
  const holds = (fit: Fit): number => {
    const [low, high] = fit.coefficients[1]!.interval!;
    return low <= truth && truth <= high ? 1 : 0;
  };
  for (let replicate = 0; replicate < replicates; replicate++) {
    const { outcomes, columns, clusters } = accountRows(random, 120, 5);
    covered += holds(estimated(fitLogistic({ outcomes, columns, clusters })));
    coveredNaively += holds(estimated(fitLogistic({ outcomes, columns })));
  }
  expect(covered / replicates).toBeGreaterThan(0.93);
  expect(covered / replicates).toBeLessThan(0.97);
  expect(coveredNaively / replicates).toBeLessThan(0.9);
});

test('a hundred thousand rows of thirty columns', () => {
  const random = randomStream(5);
  const columns = Array.from({ length: 30 }, (_, place) =>
    column(
      `x${place}`,
      Float64Array.from({ length: 100_000 }, () => random.normal()),
    ),
  );
  const outcomes = Uint8Array.from({ length: 100_000 }, (_, row) =>
    random.next() < 1 / (1 + Math.exp(2 - columns[0]!.values[row]!)) ? 1 : 0,
  );
  const started = performance.now();
  const fit = estimated(fitLogistic({ outcomes, columns, clusters: outcomes.map((_, row) => row % 250) }));
  expect(performance.now() - started).toBeLessThan(4000);
  expect(fit.coefficients[1]!.estimate).toBeCloseTo(1, 1);
});
