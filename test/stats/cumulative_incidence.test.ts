import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CompetingFollowUp,
  cumulativeIncidence,
  incidenceAt,
  incidenceDifference,
} from '../../src/stats/cumulative_incidence.ts';
import { kaplanMeier } from '../../src/stats/kaplan_meier.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { expectAllClose, expectClose, reference } from './reference.ts';

type Columns<Name extends string> = Readonly<Record<Name, readonly number[]>>;

describe('as R', () => {
  test('cmprsk::cuminc, estimates and variances', () => {
    const rows = reference<Columns<'time' | 'cause'>>('data_mgus2');
    const wanted = reference<Columns<'at' | 'estimate1' | 'variance1' | 'estimate2' | 'variance2'>>('cuminc_mgus2');
    for (const cause of [1, 2] as const) {
      const found = wanted.at.map((time) => incidenceAt(cumulativeIncidence(rows, cause), time)!);
      expectAllClose(
        found.map(({ incidence }) => incidence),
        wanted[`estimate${cause}`],
        1e-10,
      );
      expectAllClose(
        found.map(({ standardError }) => standardError ** 2),
        wanted[`variance${cause}`],
        1e-10,
      );
    }
  });

  test('cmprsk::cuminc, heavy ties, to the last step', () => {
    const wanted = reference<Columns<'time' | 'cause' | 'at' | 'estimate1' | 'variance1'>>('cuminc_ties');
    const curve = cumulativeIncidence(wanted, 1);
    const found = wanted.at.map((time) => incidenceAt(curve, time)!);
    expectAllClose(
      found.map(({ incidence }) => incidence),
      wanted.estimate1,
      1e-10,
    );
    expectAllClose(
      found.map(({ standardError }) => standardError ** 2),
      wanted.variance1,
      1e-10,
    );
  });

  test('survfit with delayed entry: estimates, and errors close to its infinitesimal jackknife', () => {
    const wanted =
      reference<Columns<'time' | 'cause' | 'entry' | 'at' | 'estimate1' | 'estimate2' | 'error1'>>(
        'aalen_johansen_entry',
      );
    for (const cause of [1, 2] as const) {
      const curve = cumulativeIncidence(wanted, cause);
      wanted.at.forEach((time, index) => {
        const found = incidenceAt(curve, time)!;
        expectClose(found.incidence, wanted[`estimate${cause}`][index], 1e-10);
        if (cause === 1) expectClose(found.standardError / wanted.error1[index]!, 1, 0.03);
      });
    }
  });
});

test('causes and no event add up to 1; one cause alone is 1 less Kaplan-Meier', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 50 }), (drawn) => {
      const time = drawn.map(([each]) => each);
      const cause = drawn.map(([, each]) => each);
      const curves = [1, 2, 3].map((each) => cumulativeIncidence({ time, cause }, each));
      curves[0]!.time.forEach((_, step) => {
        const sum = curves.reduce((total, curve) => total + curve.incidence[step]!, curves[0]!.eventFree[step]!);
        expectClose(sum, 1, 1e-12);
      });
      const event = cause.map((each) => Math.min(1, each));
      const alone = cumulativeIncidence({ time, cause: event }, 1);
      expectAllClose(
        alone.incidence,
        [...kaplanMeier({ time, event }).survival].map((survival) => 1 - survival),
        1e-12,
      );
    }),
  );
});

function drawn(random: RandomStream, rows: number, own: number, other: number): CompetingFollowUp {
  const time: number[] = [];
  const cause: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const fails = random.exponential() / (own + other);
    const ends = 1 + random.next();
    time.push(Math.min(fails, ends));
    cause.push(fails > ends ? 0 : random.next() < own / (own + other) ? 1 : 2);
  }
  return { time, cause };
}

test('95% intervals cover 93 to 97%, of one group and of a difference', () => {
  const random = randomStream(90, 'incidence coverage');
  const truth = (own: number, other: number) => (own / (own + other)) * (1 - Math.exp(-(own + other) * 0.9));
  const covered = { one: 0, difference: 0 };
  const replicates = 3000;
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const one = cumulativeIncidence(drawn(random, 100, 0.5, 0.7), 1);
    const two = cumulativeIncidence(drawn(random, 100, 0.3, 0.3), 1);
    const [low, high] = incidenceAt(one, 0.9)!.interval;
    const difference = incidenceDifference(one, two, 0.9);
    if (difference.kind === 'refused') throw new Error(difference.reason);
    if (low <= truth(0.5, 0.7) && truth(0.5, 0.7) <= high) covered.one += 1;
    const apart = truth(0.5, 0.7) - truth(0.3, 0.3);
    if (difference.interval[0] <= apart && apart <= difference.interval[1]) covered.difference += 1;
  }
  for (const count of Object.values(covered)) {
    expect(count / replicates).toBeGreaterThan(0.93);
    expect(count / replicates).toBeLessThan(0.97);
  }
});

describe('refusals', () => {
  test('past the last follow-up, and limits where nobody or everybody has had the event', () => {
    const curve = cumulativeIncidence({ time: [1, 2, 3, 3], cause: [2, 0, 0, 0] }, 1);
    expect(incidenceAt(curve, 3.5)).toBeNull();
    expect(incidenceDifference(curve, curve, 4)).toEqual({ kind: 'refused', reason: 'follow_up_too_short', needed: 4 });
    expectAllClose(incidenceAt(curve, 2)!.interval, [0, 1 - 0.025 ** (1 / 3)], 1e-12);
    const all = cumulativeIncidence({ time: [1, 1, 1], cause: [1, 1, 1] }, 1);
    expectAllClose(incidenceAt(all, 9)!.interval, [0.025 ** (1 / 3), 1], 1e-12);
    expect(incidenceAt(cumulativeIncidence({ time: [], cause: [] }, 1), 0)).toBeNull();
  });

  test('impossible arguments throw', () => {
    expect(() => cumulativeIncidence({ time: [1], cause: [] }, 1)).toThrow('cause has 0 rows where time has 1');
    expect(() => cumulativeIncidence({ time: [1], cause: [0.5] }, 1)).toThrow('cause is a whole number from 0');
    expect(() => cumulativeIncidence({ time: [1], cause: [1] }, 0)).toThrow('a cause is a whole number from 1; got 0');
    expect(() => cumulativeIncidence({ time: [1], cause: [1], entry: [2] }, 1)).toThrow('before the time');
    expect(() => incidenceAt(cumulativeIncidence({ time: [1], cause: [1] }, 1), -1)).toThrow('0 or more; got -1');
  });
});
