import { describe, expect, it } from 'vitest';
import { type Answers, known, NONE } from './answer.ts';
import { type Assignment, type AssignmentRules, assignmentOf, type RawAnswer } from './assignment.ts';
import {
  archetypeOf,
  cohortOf,
  directionOf,
  homeSegmentOf,
  lifecycleOf,
  rawSegmentOf,
  type SegmentInputs,
  sizeBandOf,
} from './classes.ts';
import { HEALTH } from './random-model.ts';
import { compositeScore, healthScore } from './scores.ts';
import { daysAgo, smallWorld } from './small-world.ts';
import { tierOf } from './tier.ts';

const answers = (values: Record<string, number | string>): Answers =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value)]));

describe('the cohort', () => {
  const cohort = (values: Record<string, number>, isNew = false) => cohortOf(answers(values), isNew);

  it('takes the first rule that matches; unknown clauses match nothing', () => {
    expect(cohort({})).toBeNull();
    expect(cohort({ active_users_30d: 3, activated: 0 }, true)).toBeNull();
    expect(cohort({ active_users_30d: 3 }, true)).toBe('Steady State');
    expect(cohort({ active_users_30d: 0 })).toBe('Dormant');
    expect(cohort({ active_users_30d: 3, momentum_60d: -0.5, momentum_t_60d: -2.5 })).toBe('At Risk');
    expect(cohort({ active_users_30d: 3, momentum_60d: -0.9 })).toBe('Steady State');
    expect(cohort({ active_users_30d: 3, activity_change_14d: -0.3 + 1e-10, activity_z_14d: -3 })).toBe('At Risk');
    expect(cohort({ active_users_30d: 3, users_in_decline: 2, decline_share: 0.339 })).toBe('Steady State');
    const broad = { active_users_30d: 3, activated: 1, feature_breadth_30d: 4 };
    expect(cohort({ ...broad, power_users: 3 })).toBe('Power User');
    expect(cohort({ ...broad, power_users: 1, power_user_density: 0.49 })).toBe('Steady State');
    expect(cohort({ ...broad, power_users: 1, power_user_density: 0.5 })).toBe('Power User');
  });
});

describe('lifecycle, direction, archetype and band', () => {
  it('take the first rule that matches', () => {
    const standing = { cohort: 'At Risk', relationship: 'customer', hasContractSource: true, isNew: false };
    const activated = answers({ activated: 1 });
    expect(lifecycleOf(activated, { ...standing, relationship: 'churned' })).toBe('churned');
    expect(lifecycleOf(activated, { ...standing, relationship: 'trial' })).toBe('prospect');
    expect(lifecycleOf(answers({ activated: 0 }), { ...standing, isNew: true, cohort: null })).toBe('new');
    expect(lifecycleOf(activated, standing)).toBe('at_risk');
    expect(lifecycleOf(answers({ activated: 0 }), { ...standing, cohort: 'Steady State' })).toBe('activating');
    expect(lifecycleOf({}, { ...standing, cohort: 'Steady State' })).toBe('active');
    expect(lifecycleOf(answers({ activated: 0 }), { ...standing, cohort: null })).toBeNull();
    expect(directionOf(answers({ momentum_60d: 0.2, momentum_t_60d: 1.645 }))).toBe('growing');
    expect(directionOf(answers({ momentum_60d: -0.3, momentum_t_60d: -1.7 }))).toBe('declining');
    expect(directionOf({ momentum_60d: known(0.5), momentum_t_60d: NONE })).toBe('stable');
    expect(directionOf({})).toBeNull();
    expect(archetypeOf(answers({ activation_days: 14, activated: 1 }))).toBe('Fast but narrow');
    expect(archetypeOf(answers({ activation_days: 15, activated: 1, feature_breadth_30d: 4 }))).toBe('Slow but broad');
    expect(archetypeOf(answers({ activated: 0, account_age_days: 29 }))).toBeNull();
    expect([49, 50, 500, 501, null].map(sizeBandOf)).toEqual(['smb', 'mid_market', 'mid_market', 'enterprise', null]);
  });
});

describe('the tier', () => {
  const { model } = smallWorld({});
  const tier = (values: Record<string, number>, userSequence: string[] = []) =>
    tierOf(answers({ first_seen_days: 60, events_30d: 5, ...values }), {
      ...model,
      activation: { ...model.activation, userSequence },
    });

  it('takes the first rule that matches', () => {
    expect(tierOf({}, model)).toBeNull();
    expect(tier({ events_30d: 0 })).toBe('dormant');
    expect(tier({ first_seen_days: 29 }, ['s'])).toBe('new');
    expect(tier({ first_seen_days: 29, activation_depth: 1 }, ['s'])).toBe('average');
    expect(tier({ core_reverted_features: 1 })).toBe('at_risk');
    const runs = { workflow_completion_30d: 0.7, workflow_completion_prev_30d: 1, workflow_runs_30d: 3 };
    expect(tier({ ...runs, workflow_runs_prev_30d: 3 })).toBe('at_risk');
    expect(tier({ ...runs, workflow_runs_prev_30d: 2 })).toBe('average');
    const power = { core_features_30d: 3, active_days_per_week_28d: 3, account_median_frequency: 3 };
    expect(tier(power)).toBe('power');
    expect(tier(power, ['s'])).toBe('average');
    expect(tier({ ...power, workflow_completion_30d: 0.4 })).toBe('average');
    expect(tier({ ...power, account_median_frequency: 3.5 })).toBe('average');
  });
});

describe('segments', () => {
  const inputs = (more: Partial<SegmentInputs>): SegmentInputs => ({
    cohort: null,
    valueTier: null,
    sizeBand: null,
    signals: {},
    ...more,
  });

  it('take the first rule, else the fallback by value, and At-Risk over them', () => {
    const power = inputs({ cohort: 'Power User', sizeBand: 'enterprise', valueTier: 'Gold' });
    expect(homeSegmentOf(power)).toBe('Strategic');
    expect(homeSegmentOf(inputs({ valueTier: 'Gold' }))).toBe('Growth');
    expect(homeSegmentOf(inputs({ valueTier: 'Silver' }))).toBe('Efficient');
    expect(homeSegmentOf(inputs({}))).toBe('Long-Tail');
    const steady = inputs({ cohort: 'Steady State', sizeBand: 'mid_market', valueTier: 'Silver' });
    expect(homeSegmentOf({ ...steady, signals: answers({ expansion_potential: 0.5 }) })).toBe('Growth');
    expect(homeSegmentOf(steady)).toBe('Efficient');
    expect(homeSegmentOf({ ...power, sizeBand: 'smb', valueTier: 'Bronze' })).toBe('Efficient');
    expect(rawSegmentOf({ ...power, cohort: 'Dormant' })).toBe('At-Risk');
    expect(rawSegmentOf({ ...power, cohort: 'Dormant', valueTier: 'Bronze' })).toBe('Long-Tail');
  });
});

describe('scores', () => {
  it('weigh the components that are known', () => {
    const health = healthScore(answers({ seat_breadth: 0.4, core_features_30d: 5 }), HEALTH);
    expect(health.value).toBeCloseTo((100 * (0.5 * 30 + 1 * 20)) / 50, 9);
    expect(healthScore(answers({ seat_breadth: 0.4 }), HEALTH).value).toBeNull();
    const tickets = healthScore(answers({ tickets_per_active_user_30d: 0.55, nps_latest: 4 }), HEALTH);
    expect(tickets.value).toBeCloseTo((100 * (0.5 * 5)) / 15, 9);
    const world = smallWorld({});
    expect(compositeScore(world, null, known(70), 0.25, known(1)).value).toBeCloseTo(
      (70 * 40 + 75 * 30 + 100 * 15) / 85,
      9,
    );
    expect(compositeScore(world, null, NONE, 0.25, known(1)).value).toBeNull();
  });
});

describe('the assignment', () => {
  /** One letter a midnight, the last one at the as-of: G Growth, L Long-Tail, R At-Risk, a dot for none. */
  const names: Record<string, string | null> = { G: 'Growth', L: 'Long-Tail', R: 'At-Risk', '.': null };
  const rules: AssignmentRules = {
    asOf: daysAgo(0),
    overlay: 'At-Risk',
    dwellDaysOf: {},
    dwellDays: 7,
    overlayExitDays: 14,
    windowDays: 56,
    overrides: [],
    immediate: [],
  };
  const days = (letters: string): RawAnswer[] =>
    Array.from(letters, (letter, i) => ({
      day: daysAgo(letters.length - 1 - i),
      raw: names[letter] ?? null,
      home: null,
    }));
  const assigned = (letters: string, more: Partial<AssignmentRules> = {}): Assignment =>
    assignmentOf(days(letters), { ...rules, ...more });

  it('waits for the dwell, and names the day', () => {
    expect(assigned('GGLLLLLLL')).toMatchObject({
      segment: 'Growth',
      since: daysAgo(8),
      waiting: { segment: 'Long-Tail', on: daysAgo(-1) },
    });
    expect(assigned('GGLLLLLLLL')).toMatchObject({ segment: 'Long-Tail', since: daysAgo(0), waiting: null });
    expect(assigned('GGLLLLLGLLLLLLL').segment).toBe('Growth'); // the count starts anew
    expect(assigned('GLLL', { dwellDaysOf: { 'Long-Tail': 2 } }).segment).toBe('Long-Tail');
  });

  it('enters At-Risk at once and leaves it after 14 days', () => {
    expect(assigned('GGR')).toMatchObject({ segment: 'At-Risk', since: daysAgo(0) });
    expect(assigned(`GGR${'G'.repeat(14)}`).segment).toBe('At-Risk');
    expect(assigned(`GGR${'G'.repeat(15)}`).segment).toBe('Growth');
  });

  it('looks back 56 days only, and starts at once after none', () => {
    expect(assigned(`R${'G'.repeat(56)}`)).toMatchObject({ segment: 'Growth', since: daysAgo(55) });
    expect(assigned(`R${'G'.repeat(3)}`).segment).toBe('At-Risk');
    expect(assigned('GGG.L')).toMatchObject({ segment: 'Long-Tail', since: daysAgo(0) });
    expect(assigned('GGG.')).toMatchObject({ segment: null, since: null });
  });

  it('obeys an override while it lasts, and an applied model edit at once', () => {
    const override = { segment: 'Strategic', from: daysAgo(3), until: daysAgo(-1) };
    expect(assigned('GGG', { overrides: [override] })).toMatchObject({
      segment: 'Strategic',
      isOverridden: true,
      withoutOverride: 'Growth',
    });
    expect(assigned('GGG', { overrides: [{ ...override, until: daysAgo(0) }] }).segment).toBe('Growth');
    expect(assigned('GGL', { immediate: [daysAgo(0)] }).segment).toBe('Long-Tail');
  });

  it('enters At-Risk live and lets the next midnight undo it', () => {
    const live = { day: new Date(daysAgo(0).getTime() + 3_600_000), raw: 'At-Risk', home: null };
    const at = (asOf: Date, more: RawAnswer[] = []) =>
      assignmentOf([...days('GGG'), live, ...more], { ...rules, asOf }).segment;
    expect(at(live.day)).toBe('At-Risk');
    expect(at(daysAgo(-1), [{ day: daysAgo(-1), raw: 'Growth', home: null }])).toBe('Growth');
  });
});
