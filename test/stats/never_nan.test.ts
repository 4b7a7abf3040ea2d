import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coxModel } from '../../src/stats/cox.ts';
import { cumulativeIncidence, incidenceAt, incidenceDifference } from '../../src/stats/cumulative_incidence.ts';
import { selectFollowUp } from '../../src/stats/follow_up.ts';
import {
  kaplanMeier,
  medianSurvival,
  restrictedMean,
  survivalAt,
  survivalLimits,
} from '../../src/stats/kaplan_meier.ts';
import { logRank, logRankTrend } from '../../src/stats/log_rank.ts';
import { proportionalHazards } from '../../src/stats/proportional_hazards.ts';
import { randomStream } from '../../src/stats/random.ts';
import { restrictedMeanDifference } from '../../src/stats/restricted_mean.ts';
import { selectCut } from '../../src/stats/selected_rank.ts';
import { cutInterval, permutationTest } from '../../src/stats/selected_rank_resampling.ts';
import { survivalDifference } from '../../src/stats/survival_difference.ts';

const row = fc.record({
  entry: fc.integer({ min: 0, max: 4 }),
  span: fc.integer({ min: 1, max: 5 }),
  cause: fc.integer({ min: 0, max: 2 }),
  group: fc.integer({ min: 0, max: 1 }),
  value: fc.integer({ min: -2, max: 2 }),
  cluster: fc.integer({ min: 0, max: 29 }),
});

/** Where an answer holds NaN, or an infinity that nothing announces. */
function faults(answer: unknown, path: string): readonly string[] {
  if (typeof answer === 'number') {
    const isAnnounced = path.endsWith('hazardVariance') || path.endsWith('logP');
    return Number.isNaN(answer) || (!Number.isFinite(answer) && !isAnnounced) ? [`${path} is ${answer}`] : [];
  }
  if (ArrayBuffer.isView(answer)) return Array.from(answer as Float64Array).flatMap((each) => faults(each, path));
  if (answer === null || typeof answer !== 'object') return [];
  return Object.entries(answer).flatMap(([key, value]) =>
    faults(value, Array.isArray(answer) ? path : `${path}.${key}`),
  );
}

test('no answer to any rows holds NaN, however few or odd they are', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.boolean(), (rows, isDelayed) => {
      const column = (key: 'cause' | 'group' | 'value' | 'cluster') => rows.map((each) => each[key]);
      const entry = isDelayed ? rows.map((each) => each.entry) : undefined;
      const time = rows.map((each) => (isDelayed ? each.entry : 0) + each.span);
      const follow = { time, event: rows.map(({ cause }) => Math.min(1, cause)), entry };
      const group = column('group');
      const [all, one, two] = [
        kaplanMeier(follow),
        kaplanMeier(selectFollowUp(follow, (at) => group[at] === 0)),
        kaplanMeier(selectFollowUp(follow, (at) => group[at] === 1)),
      ];
      const covariates = [group, column('value')];
      const model = coxModel({ ...follow, covariates, cluster: column('cluster') });
      const [first, second] = [1, 2].map((cause) =>
        cumulativeIncidence({ time, entry, cause: column('cause') }, cause),
      );
      const cut = { value: column('value'), outcome: { kind: 'survival', followUp: follow } } as const;
      const answers = {
        all,
        limits: survivalLimits(all),
        logLimits: survivalLimits(all, { scale: 'log' }),
        at: [0, 1, 3, 9].map((at) => survivalAt(all, at)),
        median: medianSurvival(all),
        mean: restrictedMean(all, 3),
        difference: [1, 3, 6].map((at) => survivalDifference(one, two, at)),
        meanDifference: restrictedMeanDifference(one, two, 3),
        logRank: logRank({ ...follow, group, strata: column('cluster').map((each) => each % 2) }),
        trend: logRankTrend({ ...follow, group }, [1, 2]),
        model,
        proportional: model.kind === 'fitted' ? proportionalHazards({ ...follow, covariates }, model) : null,
        first,
        incidence: [0, 2, 5].map((at) => incidenceAt(first!, at)),
        incidenceDifference: [1, 3, 6].map((at) => incidenceDifference(first!, second!, at)),
        cut: selectCut(cut),
        permuted: permutationTest({ ...cut, cluster: column('cluster') }, 9, randomStream(1)),
        bootstrapped: cutInterval(cut, 9, randomStream(2)),
      };
      expect(faults(answers, '')).toEqual([]);
    }),
    { numRuns: 2000, seed: 5 },
  );
});
