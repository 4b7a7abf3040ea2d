import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, type DwellRules } from '../../src/segment/assignment.ts';
import { assignmentOf } from '../oracle/assignment.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);

const rules: DwellRules = {
  overlay: 'At-Risk',
  dwellDays: { Growth: 3 },
  defaultDwellDays: 7,
  overlayExitDays: 14,
  windowDays: 56,
  immediateAt: [],
};

const days = (list: readonly (string | null)[], end = NOW) =>
  list.map((raw, index) => ({ asOf: end - (list.length - 1 - index) * DAY, raw, home: raw }));
const repeat = (raw: string | null, times: number) => Array.from({ length: times }, () => raw);

test('another answer becomes the assignment on the day its dwell is over, and not before', () => {
  const answers = days([...repeat('Strategic', 20), ...repeat('Long-Tail', 8)]);
  const eve = assign(answers, NOW - DAY, rules, []);
  expect(eve).toMatchObject({ segment: 'Strategic', waiting: { segment: 'Long-Tail', moveOn: NOW } });
  expect(assign(answers, NOW, rules, [])).toMatchObject({ segment: 'Long-Tail', since: NOW, waiting: null });
});

test('one different day in between begins the dwell anew', () => {
  const answers = days([...repeat('Strategic', 20), ...repeat('Long-Tail', 6), 'Strategic', ...repeat('Long-Tail', 3)]);
  expect(assign(answers, NOW, rules, []).segment).toBe('Strategic');
});

test('into At-Risk at once, by an evaluation between midnights too; out of it after 14 days', () => {
  const live = NOW + DAY / 3;
  const answers = [...days(repeat('Strategic', 10)), { asOf: live, raw: 'At-Risk', home: 'Strategic' }];
  expect(assign(answers, live, rules, [])).toMatchObject({ segment: 'At-Risk', since: live });
  expect(assign(answers, NOW, rules, []).segment).toBe('Strategic');
  const back = days(['At-Risk', ...repeat('Strategic', 14)]);
  expect(assign(back, NOW, rules, []).segment).toBe('At-Risk');
  expect(assign(days(['At-Risk', ...repeat('Strategic', 15)]), NOW, rules, []).segment).toBe('Strategic');
});

test('who is no customer is in no segment at once, and comes back without a dwell', () => {
  expect(assign(days(['Strategic', 'Strategic', null]), NOW, rules, []).segment).toBeNull();
  expect(assign(days(['Strategic', null, 'Growth']), NOW, rules, [])).toMatchObject({ segment: 'Growth', since: NOW });
});

test('an override lies over the rules while it lasts, and what they say goes on being known', () => {
  const override = { segment: 'Strategic', from: NOW - 2 * DAY, until: NOW + DAY };
  const answers = days(repeat('Long-Tail', 10));
  expect(assign(answers, NOW, rules, [override])).toMatchObject({
    segment: 'Strategic',
    isOverridden: true,
    ruled: 'Long-Tail',
  });
  expect(assign(days(repeat('Long-Tail', 12), NOW + 2 * DAY), NOW + 2 * DAY, rules, [override]).segment).toBe(
    'Long-Tail',
  );
});

test('an applied model edit needs no dwell', () => {
  const answers = days([...repeat('Strategic', 10), 'Long-Tail']);
  expect(assign(answers, NOW, { ...rules, immediateAt: [NOW] }, []).segment).toBe('Long-Tail');
});

const segment = fc.constantFrom('At-Risk', 'Strategic', 'Growth', 'Long-Tail', null);

/** Runs of equal answers, as real ones are; a list of single days would never outlast a dwell. */
const history = fc
  .array(fc.tuple(segment, fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.flatMap(([raw, times]) => repeat(raw, times)));

test('two statements of D11 agree on random histories', () => {
  fc.assert(
    fc.property(
      history,
      fc.boolean(),
      segment,
      fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 2 }),
      (list, isLive, live, edits) => {
        const asOf = isLive ? NOW + DAY / 2 : NOW;
        const answers = [...days(list), ...(isLive ? [{ asOf, raw: live, home: live }] : [])];
        const immediateAt = edits.map((back) => NOW - back * DAY);
        const actual = assign(answers, asOf, { ...rules, immediateAt }, []);
        const expected = assignmentOf(
          answers.map(({ asOf: at, raw, home }) => ({ day: new Date(at), raw, home })),
          {
            asOf: new Date(asOf),
            overlay: 'At-Risk',
            dwellDaysOf: rules.dwellDays,
            dwellDays: 7,
            overlayExitDays: 14,
            windowDays: 56,
            overrides: [],
            immediate: immediateAt.map((at) => new Date(at)),
          },
        );
        expect(actual.segment).toBe(expected.segment);
        expect(actual.since).toBe(expected.since?.getTime() ?? null);
        expect(actual.waiting?.moveOn ?? null).toBe(expected.waiting?.on.getTime() ?? null);
      },
    ),
    { numRuns: 2000, seed: 20261122 },
  );
});
