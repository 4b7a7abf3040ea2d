import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coxModel } from '../../src/stats/cox.ts';
import type { CoxRows } from '../../src/stats/cox_rows.ts';
import { logRank } from '../../src/stats/log_rank.ts';
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

interface ModelReference {
  readonly coef: number | readonly number[];
  readonly variance: number | readonly number[];
  readonly naive?: number | readonly number[] | Record<string, never>;
  readonly z: number | readonly number[];
  readonly p: number | readonly number[];
  readonly lower: number | readonly number[];
  readonly upper: number | readonly number[];
  readonly logLikelihood: readonly number[];
  readonly likelihoodRatio: number;
  readonly wald: number;
  readonly score: number;
}

type Columns<Name extends string> = Readonly<Record<Name, readonly number[]>>;

const list = (value: number | readonly number[]): readonly number[] => (typeof value === 'number' ? [value] : value);

function fitted(rows: CoxRows) {
  const model = coxModel(rows);
  if (model.kind === 'refused') throw new Error(model.reason);
  return model;
}

function compareWithR(rows: CoxRows, name: string): void {
  const wanted = reference<ModelReference>(name);
  const model = fitted(rows);
  const each = (pick: (coefficient: (typeof model.coefficients)[number]) => number) => model.coefficients.map(pick);
  expectAllClose(
    each(({ estimate }) => estimate),
    list(wanted.coef),
    1e-7,
  );
  expectAllClose(model.variance, list(wanted.variance), 1e-7);
  if (Array.isArray(wanted.naive)) expectAllClose(model.modelVariance, wanted.naive, 1e-7);
  expectAllClose(
    each(({ z }) => z),
    list(wanted.z),
    1e-7,
  );
  each(({ p }) => p).forEach((p, index) => {
    expectRelative(p, list(wanted.p)[index]!, 1e-5);
  });
  expectAllClose(
    each(({ interval }) => interval[0]),
    list(wanted.lower),
    1e-7,
  );
  expectAllClose(
    each(({ interval }) => interval[1]),
    list(wanted.upper),
    1e-7,
  );
  expectAllClose(model.logLikelihood, wanted.logLikelihood, 1e-10);
  expectClose(model.likelihoodRatio.chiSquare, wanted.likelihoodRatio, 1e-8);
  expectClose(model.wald.chiSquare, wanted.wald, 1e-6);
  expectClose(model.score.chiSquare, wanted.score, 1e-8);
}

const lung = reference<Columns<'time' | 'event' | 'sex' | 'age' | 'ecog'>>('data_lung');
const heart = reference<Columns<'entry' | 'time' | 'event' | 'age' | 'year' | 'surgery' | 'tx' | 'id'>>('data_heart');
const cgd = reference<Columns<'entry' | 'time' | 'event' | 'treated' | 'age' | 'steroids' | 'male' | 'id'>>('data_cgd');

describe('as R coxph', () => {
  test('lung', () => compareWithR({ ...lung, covariates: [lung.sex, lung.age, lung.ecog] }, 'cox_lung'));
  test('veteran, strata', () => {
    const rows =
      reference<Columns<'time' | 'event' | 'trt' | 'karno' | 'age' | 'diagtime' | 'prior' | 'cell'>>('data_veteran');
    const covariates = [rows.trt, rows.karno, rows.age, rows.diagtime, rows.prior];
    compareWithR({ ...rows, covariates, strata: rows.cell }, 'cox_veteran_strata');
  });
  const ofHeart = { ...heart, covariates: [heart.age, heart.year, heart.surgery, heart.tx] };
  test('heart, delayed entry', () => compareWithR(ofHeart, 'cox_heart'));
  test('heart, robust', () => compareWithR({ ...ofHeart, cluster: heart.id }, 'cox_heart_cluster'));
  const ofCgd = { ...cgd, covariates: [cgd.treated, cgd.age, cgd.steroids], cluster: cgd.id };
  test('cgd, robust', () => compareWithR(ofCgd, 'cox_cgd_cluster'));
  test('cgd, robust, strata', () => compareWithR({ ...ofCgd, strata: cgd.male }, 'cox_cgd_cluster_strata'));
  test('lung by month, heavy ties, robust', () => {
    const time = lung.time.map((day) => Math.ceil(day / 30));
    const rows = { time, event: lung.event, covariates: [lung.sex, lung.age], cluster: lung.ecog };
    compareWithR(rows, 'cox_lung_ties_cluster');
  });
  test('offset', () => {
    const offset = lung.age.map((age) => 0.02 * age);
    compareWithR({ ...lung, covariates: [lung.sex], offset }, 'cox_lung_offset');
  });

  test.skipIf(data === null)(titled('rossi, waltons and telco, models of outside data'), () => {
    const outside = JSON.parse(readFileSync(join(data!, 'survival', 'REFERENCE_r_survival.json'), 'utf8'));
    const rossi = columnsOf(join(data!, 'survival', 'lifelines_rossi.csv'));
    const waltons = columnsOf(join(data!, 'survival', 'lifelines_waltons_dataset.csv'));
    const telco = columnsOf(join(data!, 'telco', 'Telco-Customer-Churn.csv'));
    const is = (column: string, value: string) => telco[column]!.map((each) => (each === value ? 1 : 0));
    const cases = [
      {
        rows: {
          time: numbers(rossi['week']!),
          event: numbers(rossi['arrest']!),
          covariates: ['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio'].map((name) => numbers(rossi[name]!)),
        },
        wanted: outside.rossi_fin.cox_efron,
      },
      {
        rows: {
          time: numbers(waltons['T']!),
          event: numbers(waltons['E']!),
          covariates: [waltons['group']!.map((group) => (group === 'control' ? 0 : 1))],
        },
        wanted: outside.waltons_group.cox_efron,
      },
      {
        rows: {
          time: numbers(telco['tenure']!),
          event: is('Churn', 'Yes'),
          covariates: [
            numbers(telco['MonthlyCharges']!),
            is('Contract', 'One year'),
            is('Contract', 'Two year'),
            is('PaperlessBilling', 'Yes'),
            numbers(telco['SeniorCitizen']!),
          ],
        },
        wanted: JSON.parse(readFileSync(join(data!, 'telco', 'REFERENCE_telco_R.json'), 'utf8')).cox,
      },
    ];
    for (const { rows, wanted } of cases) {
      const model = fitted(rows);
      expectAllClose(
        model.coefficients.map(({ estimate }) => estimate),
        Object.values(wanted.coef),
        1e-6,
      );
      expectAllClose(
        model.coefficients.map(({ standardError }) => standardError),
        Object.values(wanted.se),
        1e-6,
      );
      expectAllClose(model.logLikelihood, wanted.loglik, 1e-10);
      expectClose(model.score.chiSquare, wanted.score.test, 1e-8);
      expectClose(model.likelihoodRatio.chiSquare, wanted.lrt.test, 1e-8);
      expect(model.wald.chiSquare).toBeCloseTo(wanted.wald.test, 1);
    }
  });
});

test('the score test of two groups is the log-rank test where no events tie', () => {
  const subject = fc.record({ event: fc.integer({ min: 0, max: 1 }), group: fc.integer({ min: 0, max: 1 }) });
  fc.assert(
    fc.property(fc.array(subject, { minLength: 8, maxLength: 50 }), (subjects) => {
      const time = subjects.map((_, index) => index + 1);
      const event = subjects.map((each) => each.event);
      const group = subjects.map((each) => each.group);
      const model = coxModel({ time, event, covariates: [group] });
      const test = logRank({ time, event, group });
      if (model.kind === 'fitted' && test.kind === 'tested') {
        expectClose(model.score.chiSquare, test.chiSquare, 1e-8);
      }
    }),
  );
});

interface Drawn {
  readonly rows: CoxRows;
}

function share(
  name: string,
  replicates: number,
  truth: number,
  draw: (random: ReturnType<typeof randomStream>) => Drawn,
) {
  const random = randomStream(50, name);
  let covered = 0;
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const [lower, upper] = fitted(draw(random).rows).coefficients[0]!.interval;
    if (lower <= truth && truth <= upper) covered += 1;
  }
  return covered / replicates;
}

describe('coverage of 95% intervals', () => {
  test('of a hazard ratio', () => {
    const covered = share('cox', 2000, Math.exp(0.7), (random) => {
      const group = Array.from({ length: 150 }, (_, row) => row % 2);
      const fails = group.map((its) => random.exponential() / Math.exp(0.7 * its));
      const ends = group.map(() => 1.5 * random.next());
      const time = fails.map((each, row) => Math.min(each, ends[row]!));
      return { rows: { time, event: fails.map((each, row) => (each <= ends[row]! ? 1 : 0)), covariates: [group] } };
    });
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.97);
  });

  const clustered = (random: ReturnType<typeof randomStream>, isRobust: boolean): Drawn => {
    const time: number[] = [];
    const event: number[] = [];
    const group: number[] = [];
    const cluster: number[] = [];
    for (let account = 0; account < 120; account += 1) {
      const fails = random.exponential() / (account % 2 === 0 ? 1 : 2);
      for (let landmark = 0; landmark < 4; landmark += 1) {
        const left = fails - landmark * 0.1;
        if (left <= 0) break;
        time.push(Math.min(left, 1));
        event.push(left <= 1 ? 1 : 0);
        group.push(account % 2);
        cluster.push(account);
      }
    }
    const rows = { time, event, covariates: [group] };
    return { rows: isRobust ? { ...rows, cluster } : rows };
  };
  test('of a hazard ratio with repeated rows per account: robust, and not without', () => {
    const robust = share('clusters', 1500, 2, (random) => clustered(random, true));
    expect(robust).toBeGreaterThan(0.93);
    expect(robust).toBeLessThan(0.97);
    expect(share('clusters', 300, 2, (random) => clustered(random, false))).toBeLessThan(0.85);
  });
});

describe('refusals and speed', () => {
  test('no events', () => {
    const model = coxModel({ time: [1, 2], event: [0, 0], covariates: [[0, 1]] });
    expect(model).toEqual({ kind: 'refused', reason: 'no_events', covariates: [], directions: [] });
  });

  test('collinear columns are named', () => {
    const twice = lung.sex.map((sex) => 1 - 2 * sex);
    const constant = lung.sex.map(() => 3);
    const refused = (covariates: readonly (readonly number[])[]) => coxModel({ ...lung, covariates });
    expect(refused([lung.sex, lung.age, twice])).toMatchObject({ reason: 'collinear', covariates: [2] });
    expect(refused([constant, lung.sex])).toMatchObject({ reason: 'collinear', covariates: [0] });
    expect(coxModel({ ...lung, covariates: [lung.sex], strata: lung.sex })).toMatchObject({ reason: 'collinear' });
  });

  test('a coefficient that runs off is named, with its direction', () => {
    const random = randomStream(51, 'monotone');
    const group = Array.from({ length: 200 }, (_, row) => row % 2);
    const time = group.map(() => 1 + random.next());
    const none = group.map((its) => (its === 1 ? 0 : random.below(2)));
    const noise = group.map(() => random.normal());
    expect(coxModel({ time, event: none, covariates: [group] })).toMatchObject({
      kind: 'refused',
      reason: 'monotone',
      covariates: [0],
      directions: [-1],
    });
    expect(coxModel({ time, event: none, covariates: [noise, group.map((its) => -5 * its)] })).toMatchObject({
      reason: 'monotone',
      covariates: [1],
      directions: [1],
    });
    const apart = { time: [1, 2, 3, 4, 5, 6], event: [1, 1, 1, 1, 1, 1], covariates: [[9, 8, 7, 3, 2, 1]] };
    expect(coxModel(apart)).toMatchObject({ reason: 'monotone', directions: [1] });
  });

  test('hazards beyond what a double holds do not converge', () => {
    const offset = lung.time.map((_, row) => (row % 2) * 3000);
    expect(coxModel({ ...lung, covariates: [lung.sex], offset })).toEqual({
      kind: 'refused',
      reason: 'not_converged',
      covariates: [],
      directions: [],
    });
  });

  test('impossible columns throw', () => {
    const rows = { time: [1, 2], event: [1, 1] };
    expect(() => coxModel({ ...rows, covariates: [] })).toThrow('a Cox model needs a covariate');
    expect(() => coxModel({ ...rows, covariates: [[1]] })).toThrow('covariate 0 has 1 rows where time has 2');
    expect(() => coxModel({ ...rows, covariates: [[1, Number.NaN]] })).toThrow('row 1: covariate 0 is a finite number');
    expect(() => coxModel({ ...rows, covariates: [[1, 2]], cluster: [0] })).toThrow('cluster has 1 rows');
  });

  test('100,000 rows with 5 covariates take a moment', () => {
    const random = randomStream(52, 'cox speed');
    const columns = Array.from({ length: 5 }, () => Float64Array.from({ length: 100_000 }, random.normal));
    const time = columns[0]!.map((value) => random.exponential() / Math.exp(0.3 * value));
    const event = Uint8Array.from(time, () => random.below(2));
    const started = performance.now();
    fitted({ time, event, covariates: columns });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
