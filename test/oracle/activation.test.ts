import { describe, expect, it } from 'vitest';
import { profileOf } from './profile.ts';
import { area, condition, milestone, ownSignal, sourceOf, workflow } from './random-model.ts';
import { accountRow } from './random-people.ts';
import type { EventRow } from './rows.ts';
import { runsThrough } from './runs.ts';
import { AS_OF, act, daysAgo, onDay, smallWorld } from './small-world.ts';
import type { World } from './world.ts';

const accountOf = (world: World, asOf = AS_OF) => profileOf(world, asOf).accounts[0];
const userOf = (world: World, user: string) => profileOf(world, AS_OF).users.find((row) => row.user_id === user);

describe('activation sequences', () => {
  const activation = { accountSequence: ['s1', 's2', 's3'], userSequence: ['s2', 's3'], milestones: [] };
  const created = onDay(20, 12);
  const accounts = [accountRow('a', { created })];

  it('reaches steps in order, by anyone, from created on', () => {
    const world = smallWorld(
      {
        accounts,
        events: [
          act('u1', 's1', onDay(20, 11)), // before created: counts for nothing here
          act('u1', 's3', onDay(19, 12)), // before s2: not in order
          act(null, 's1', onDay(20, 12)), // at created, without a user
          act('u2', 's2', onDay(17, 12)),
        ],
      },
      { activation },
    );
    const account = accountOf(world);
    expect(account?.signals).toMatchObject({ activation_depth: 2 / 3, sequence_days: null, stalled_step: 's3' });
    expect(accountOf(world, onDay(10, 11))?.nulls['stalled_step']).toBe('not_yet');
    expect(accountOf(world, onDay(10, 12))?.signals['stalled_step']).toBe('s3'); // exactly 7 x 24 h
    expect(userOf(world, 'u2')?.signals).toMatchObject({ activation_depth: 0.5, stalled_step: 's3' });
    expect(userOf(world, 'u1')?.signals).toMatchObject({ activation_depth: 0, stalled_step: 's2' });
  });

  it('rounds the days of a complete sequence', () => {
    const events = [
      act('u1', 's1', onDay(19, 12)),
      act('u1', 's2', onDay(19, 12)),
      act('u1', 's3', onDay(18, 20)), // 2 days and 8 hours
    ];
    const account = accountOf(smallWorld({ accounts, events }, { activation }));
    expect(account?.signals).toMatchObject({ activation_depth: 1, sequence_days: 2.33, stalled_step: null });
    expect(account?.nulls['stalled_step']).toBe('none');
  });

  it('knows only what is complete for accounts from before the coverage', () => {
    const late = smallWorld({ accounts, events: [act('u1', 's1', onDay(5, 1))] }, { activation });
    const sources = [sourceOf('events', { coversFrom: daysAgo(10), completeThrough: daysAgo(-1) })];
    const account = accountOf({ ...late, model: { ...late.model, sources } });
    expect(account?.nulls).toMatchObject({
      activation_depth: 'missing',
      sequence_days: 'missing',
      stalled_step: 'missing',
    });
  });
});

describe('workflow runs', () => {
  const flow = workflow('flow', ['w1', 'w2', 'w3'], 2);
  const activity = (events: readonly EventRow[]) =>
    events.map((row) => ({ name: row.event, time: row.time.getTime(), user: row.user_id ?? '', row }));

  it('cuts runs from the whole history', () => {
    const runs = runsThrough(
      flow,
      'u1',
      activity([
        act('u1', 'w1', onDay(20, 0)),
        act('u1', 'w1', onDay(19, 0)), // open: starts no other
        act('u1', 'w2', onDay(19, 0)),
        act('u1', 'w3', onDay(19, 0)), // same instant: completes
        act('u1', 'w1', onDay(18, 23)), // after it: the second run
        act('u1', 'w2', onDay(17, 0)),
        act('u1', 'w3', onDay(16, 23)), // exactly 2 days after the start: too late
        act('u1', 'w1', onDay(16, 23)), // and that instant is free for the third
      ]),
    );
    expect(runs.map((run) => [run.start, run.completed, run.next?.name ?? null])).toEqual([
      [onDay(20, 0).getTime(), onDay(19, 0).getTime(), null],
      [onDay(18, 23).getTime(), null, 'w3'],
      [onDay(16, 23).getTime(), null, 'w2'],
    ]);
  });

  it('counts closed runs and the step they drop off at', () => {
    const events = [
      act('u1', 'w1', onDay(20, 0)),
      act('u1', 'w2', onDay(20, 1)),
      act('u1', 'w3', onDay(20, 2)),
      act('u1', 'w1', onDay(10, 0)),
      act('u2', 'w1', onDay(10, 0)),
      act('u2', 'w2', onDay(10, 0)),
      act('u2', 'w1', onDay(1, 0)), // open at T
      act('u1', 'w1', onDay(40, 0)), // in the 30 days before
    ];
    const world = smallWorld({ events }, { taxonomy: { features: [], workflows: [flow], proxies: [], ignore: [] } });
    expect(accountOf(world)?.signals).toMatchObject({ workflow_runs_30d: 3, workflow_completion_30d: 1 / 3 });
    expect(userOf(world, 'u1')?.signals).toMatchObject({
      workflow_runs_30d: 2,
      workflow_completion_30d: 0.5,
      workflow_runs_prev_30d: 1,
      workflow_completion_prev_30d: 0,
      drop_off_step: 'w2',
    });
    expect(userOf(world, 'u2')?.signals).toMatchObject({ workflow_runs_30d: 1, drop_off_step: 'w3' });
  });
});

describe('milestones', () => {
  const created = onDay(40, 0);
  const accounts = [accountRow('a', { created })];
  const reach = (more: Parameters<typeof milestone>[1], events: EventRow[]) => {
    const primary = milestone('m', { ...more, isPrimary: true });
    return accountOf(
      smallWorld(
        { accounts, events },
        {
          activation: { accountSequence: [], userSequence: [], milestones: [primary] },
          taxonomy: { features: [], workflows: [workflow('flow', ['w1', 'w2'], 2)], proxies: [], ignore: [] },
        },
        { milestones: more.where === undefined ? {} : { m: (event) => event.properties['ok'] === 'true' } },
      ),
    )?.signals;
  };

  it('is reached at the event that fulfils it', () => {
    const x = (user: string | null, day: number, ok = 'true') => act(user, 'x', onDay(day, 0), { properties: { ok } });
    expect(reach({ event: 'x' }, [x('u1', 30)])).toMatchObject({ activated: 1, activation_days: 10 });
    expect(reach({ event: 'x' }, [x('u1', 41)])).toMatchObject({ activated: 0, activation_days: null });
    expect(reach({ event: 'x', withinDays: 10 }, [x('u1', 30)])).toMatchObject({ activated: 0 });
    expect(reach({ event: 'x', count: 2 }, [x(null, 30), x('u1', 28)])).toMatchObject({ activation_days: 12 });
    // two users: the event without a user counts for neither the count nor the users
    const events = [x(null, 31), x('u1', 30), x('u1', 29), x('u2', 28)];
    expect(reach({ event: 'x', count: 2, users: 2 }, events)).toMatchObject({ activation_days: 12 });
    const where = condition("properties.ok = 'true'");
    expect(reach({ event: 'x', where }, [x('u1', 30, 'false'), x('u1', 25)])).toMatchObject({ activation_days: 15 });
    const run = [act('u1', 'w1', onDay(30, 0)), act('u1', 'w2', onDay(29, 12))];
    expect(reach({ workflow: 'flow' }, run)).toMatchObject({ activated: 1, activation_days: 11.5 });
  });
});

describe('own signals', () => {
  it('measures properties of events', () => {
    const g = (day: number, bytes: string, user: string | null = 'u1') =>
      act(user, 'g', onDay(day, 6), { properties: { bytes } });
    const own = (name: string, measure: Parameters<typeof ownSignal>[1]['measure'], windowDays: number | null = null) =>
      ownSignal(name, { measure: measure ?? null, of: ['api'], property: 'bytes', windowDays });
    const world = smallWorld(
      { events: [g(50, '100'), g(20, '2.5'), g(20, 'many', null), g(10, 'true', 'u2')] },
      {
        taxonomy: { features: [area('api', ['g'])], workflows: [], proxies: [], ignore: [] },
        signals: [
          own('n', 'count', 30),
          own('users', 'distinct_users'),
          own('days', 'distinct_days', 30),
          own('total', 'sum'),
          own('least', 'min', 30),
          own('most', 'max'),
          own('average', 'mean', 30),
          own('latest', 'last'),
          own('since', 'days_since'),
          own('nothing', 'min', 5),
          ownSignal('areas_14d', { like: 'feature_breadth_30d', windowDays: 14 }),
          ownSignal('mine', { entity: 'user', measure: 'count', of: ['g'], windowDays: 30 }),
        ],
      },
    );
    expect(accountOf(world)?.signals).toMatchObject({
      n: 3,
      users: 2,
      days: 2,
      total: 103.5,
      least: 1,
      most: 100,
      average: 1.75,
      latest: 'true',
      since: 9,
      nothing: null,
      areas_14d: 1,
    });
    expect(userOf(world, 'u1')?.signals['mine']).toBe(1);
  });
});
