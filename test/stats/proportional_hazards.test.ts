import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { coxModel } from '../../src/stats/cox.ts';
import type { CoxRows } from '../../src/stats/cox_rows.ts';
import { proportionalHazards, type TimeScale } from '../../src/stats/proportional_hazards.ts';
import { randomStream } from '../../src/stats/random.ts';
import { columnsOf, data, expectAllClose, numbers, reference, titled } from './reference.ts';

type Columns<Name extends string> = Readonly<Record<Name, readonly number[]>>;

function tested(rows: CoxRows, scale: TimeScale) {
  const model = coxModel(rows);
  if (model.kind === 'refused') throw new Error(model.reason);
  const result = proportionalHazards(rows, model, scale);
  if (result.kind === 'refused') throw new Error(result.reason);
  return [...result.covariates, result.global];
}

describe('as R cox.zph', () => {
  const lung = reference<Columns<'time' | 'event' | 'sex' | 'age' | 'ecog'>>('data_lung');
  const veteran = reference<Columns<'time' | 'event' | 'trt' | 'karno' | 'age' | 'cell'>>('data_veteran');
  const heart = reference<Columns<'entry' | 'time' | 'event' | 'age' | 'year' | 'surgery' | 'tx'>>('data_heart');
  const cases: Readonly<Record<string, CoxRows>> = {
    lung: { ...lung, covariates: [lung.sex, lung.age, lung.ecog] },
    veteran_strata: { ...veteran, covariates: [veteran.trt, veteran.karno, veteran.age], strata: veteran.cell },
    heart: { ...heart, covariates: [heart.age, heart.year, heart.surgery, heart.tx] },
  };
  for (const [name, rows] of Object.entries(cases)) {
    for (const scale of ['km', 'identity'] as const) {
      test(`${name}, ${scale}`, () => {
        const wanted = reference<Columns<'chiSquare' | 'p'>>(`zph_${name}_${scale}`);
        const tests = tested(rows, scale);
        expectAllClose(
          tests.map(({ chiSquare }) => chiSquare),
          wanted.chiSquare,
          1e-6,
        );
        expectAllClose(
          tests.map(({ p }) => p),
          wanted.p,
          1e-6,
        );
      });
    }
  }

  test.skipIf(data === null)(titled('rossi, of outside data'), () => {
    const { rossi_coxzph: wanted } = JSON.parse(
      readFileSync(join(data!, 'survival', 'REFERENCE_r_survival.json'), 'utf8'),
    ) as { rossi_coxzph: readonly { chisq: number; p: number }[] };
    const rossi = columnsOf(join(data!, 'survival', 'lifelines_rossi.csv'));
    const tests = tested(
      {
        time: numbers(rossi['week']!),
        event: numbers(rossi['arrest']!),
        covariates: ['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio'].map((name) => numbers(rossi[name]!)),
      },
      'km',
    );
    expectAllClose(
      tests.map(({ chiSquare }) => chiSquare),
      wanted.map(({ chisq }) => chisq),
    );
    expectAllClose(
      tests.map(({ p }) => p),
      wanted.map(({ p }) => p),
    );
  });
});

test('p is below 0.05 in about 5% where hazards are proportional', () => {
  const random = randomStream(60, 'proportional');
  let below = 0;
  for (let replicate = 0; replicate < 1000; replicate += 1) {
    const group = Array.from({ length: 120 }, (_, row) => row % 2);
    const time = group.map((its) => random.exponential() / (1 + its));
    const event = time.map(() => (random.next() < 0.8 ? 1 : 0));
    if (tested({ time, event, covariates: [group] }, 'km')[0]!.p < 0.05) below += 1;
  }
  expect(below / 1000).toBeGreaterThan(0.03);
  expect(below / 1000).toBeLessThan(0.07);
});

test('one time with events says nothing about change; a model of other covariates is a mistake', () => {
  const rows = { time: [2, 2, 2, 3, 3, 3], event: [1, 1, 0, 0, 0, 0], covariates: [[1, 0, 1, 0, 1, 0]] };
  const model = coxModel(rows);
  if (model.kind === 'refused') throw new Error(model.reason);
  expect(proportionalHazards(rows, model)).toEqual({ kind: 'refused', reason: 'too_few_times', needed: 2 });
  const more = { ...rows, covariates: [...rows.covariates, [1, 2, 3, 4, 5, 6]] };
  expect(() => proportionalHazards(more, model)).toThrow('fitted to other covariates');
});
