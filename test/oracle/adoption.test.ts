import { describe, expect, it } from 'vitest';
import { profileOf } from './profile.ts';
import { contractRow } from './random-contracts.ts';
import { area } from './random-model.ts';
import { accountRow, userRow } from './random-people.ts';
import type { EventRow } from './rows.ts';
import { leastSquares } from './sessions.ts';
import { AS_OF, act, daysAgo, onDay, smallWorld } from './small-world.ts';
import type { World } from './world.ts';

const signalsOf = (world: World) => profileOf(world, AS_OF).accounts[0]?.signals ?? {};
const nullsOf = (world: World) => profileOf(world, AS_OF).accounts[0]?.nulls ?? {};
const userOf = (world: World, user: string) => profileOf(world, AS_OF).users.find((row) => row.user_id === user);

const AREAS = [
  area('one', ['e1', 'both'], { isCore: true }),
  area('two', ['e2', 'both'], { isIntegration: true }),
  area('three', ['e3'], { isCore: true, isHelp: true }),
];
const taxonomy = { features: AREAS, workflows: [], proxies: ['login'], ignore: ['heartbeat'] };

describe('breadth and depth of adoption', () => {
  const world = smallWorld(
    {
      events: [
        act('u1', 'e1', daysAgo(30)), // the first instant of the window
        act('u1', 'both', daysAgo(2)),
        act('u2', 'login', daysAgo(6)),
        act('u2', 'heartbeat', daysAgo(1)), // ignored: nothing at all
        act(null, 'e3', daysAgo(3)), // no user: counts for the areas only
        act('u3', 'e2', daysAgo(30 + 1 / 86_400_000), { properties: { integration: 'slack' } }), // a ms too early
        act('u1', 'e1', AS_OF), // T is exclusive
      ],
      contracts: [contractRow('a', daysAgo(100), 1000, { seats: 4 })],
      users: [userRow('a', 'u1', { department: 'it' }), userRow('a', 'u2', { department: '' })],
    },
    { taxonomy },
  );
  const signals = signalsOf(world);

  it('counts users, events and areas in half-open windows', () => {
    expect(signals).toMatchObject({
      account_age_days: 400,
      events_30d: 4, // u1 e1, u1 both, u2 login, the one without a user
      days_since_last_event: 2,
      active_users_30d: 2,
      active_users_7d: 2,
      seats: 4,
      seat_breadth: 0.5,
      wau_seat_share: 0.5,
      feature_breadth_30d: 3,
      core_features_30d: 2,
      integrations_active: 1,
      top_user_share_30d: 2 / 3,
      departments_active_30d: 1,
      top_department_share: 1,
    });
  });

  it('takes means of daily users over days', () => {
    expect(signals['dau_seat_share']).toBeCloseTo(2 / 28 / 4, 12); // u1 on day 1, u2 on day 5
    expect(signals['stickiness']).toBeCloseTo(3 / 30 / 2, 12); // u1 also on day 29
    expect(signals['dau_wau']).toBeCloseTo(2 / 7 / 2, 12);
    expect(signals['feature_intensity_30d']).toBeCloseTo(2 / 2 / (30 / 7), 12);
  });
});

describe('sessions', () => {
  it('cuts at a gap of 30 minutes, keeps a session over midnight on the day of its start', () => {
    const world = smallWorld({
      events: [
        act('u1', 'x', onDay(1, 23, 40)),
        act('u1', 'x', new Date(onDay(1, 23, 40).getTime() + 29 * 60_000)), // over T: not yet there
        act('u1', 'x', onDay(10, 23, 50)),
        act('u1', 'x', onDay(9, 0, 19)), // 29 minutes later, after midnight: the same session
        act('u1', 'x', onDay(9, 0, 49)), // 30 minutes later: another
        act('u2', 'x', onDay(9, 0, 49)), // of another user
      ],
    });
    expect(signalsOf(world)).toMatchObject({
      sessions_30d: 4,
      session_minutes_30d: 0, // 0, 0, 0 and 29
    });
    expect(userOf(world, 'u1')?.signals['sessions_30d']).toBe(3);
  });

  it('tells momentum by least squares', () => {
    // y = x for x = 0..3: slope 1, no error; y = 1, 3, 2: slope 0.5, residuals -0.5, 1, -0.5, s2 = 1.5 / 1, sxx = 2
    expect(leastSquares([0, 1, 2, 3])).toEqual({ slope: 1, standardError: 0 });
    expect(leastSquares([1, 3, 2]).slope).toBeCloseTo(0.5, 12);
    expect(leastSquares([1, 3, 2]).standardError).toBeCloseTo(Math.sqrt(0.75), 12);
    // One session on each of the newest 30 days: mean 0.5, sxx = 60 x 3599 / 12 = 17995,
    // sxy = sum over x = 30..59 of (x - 29.5) = 30 x 15 = 450, slope x 59 / mean = 450 / 17995 x 118
    const events: EventRow[] = [];
    for (let day = 1; day <= 30; day++) events.push(act('u1', 'x', onDay(day, 9)));
    const signals = signalsOf(smallWorld({ events }));
    expect(signals['momentum_60d']).toBeCloseTo((450 / 17_995) * 118, 12);
    // RSS = 15 - 450^2 / 17995
    const rss = 15 - 450 ** 2 / 17_995;
    expect(signals['momentum_t_60d']).toBeCloseTo(450 / 17_995 / Math.sqrt(rss / 58 / 17_995), 9);
  });

  it('has no momentum for a young account or few sessions', () => {
    const events = [act('u1', 'x', onDay(3, 9))];
    expect(nullsOf(smallWorld({ events }))['momentum_60d']).toBe('none');
    const young = accountRow('a', { created: daysAgo(59.9) });
    expect(nullsOf(smallWorld({ events, accounts: [young] }))['momentum_60d']).toBe('not_yet');
    expect(nullsOf(smallWorld({ events, accounts: [accountRow('a')] }))['momentum_60d']).toBe('missing');
  });
});

describe('frequencies of a user', () => {
  it('compares 14 days with the 30 before for a user first seen 44 days ago', () => {
    const days = [44, 40, 35, 33, 30, 28, 25, 20, 18, 15, 10, 3];
    const world = smallWorld({ events: days.map((day) => act('u1', 'x', onDay(day, 9))) });
    const signals = userOf(world, 'u1')?.signals ?? {};
    // first activity 44 days ago at 09:00: 43 whole days, so w = 7 and b = min(30, 35) = 30
    expect(signals).toMatchObject({ first_seen_days: 43, frequency_now: 1 });
    expect(signals['frequency_baseline']).toBeCloseTo(9 / (30 / 7), 12); // days 10..35: in [T-37d, T-7d)
    const n = 10;
    const p = 7 / 37;
    expect(signals['frequency_z']).toBeCloseTo((1 - n * p) / Math.sqrt(n * p * (1 - p)), 12);
    expect(signals['active_days_per_week_28d']).toBe(7 / 4); // days 28, 25, 20, 18, 15, 10, 3
  });

  it('uses 14 and 30 days for a settled user and sees a decline', () => {
    const events = [act('u1', 'x', onDay(60, 9))];
    for (let day = 15; day <= 44; day += 2) events.push(act('u1', 'x', onDay(day, 9)));
    const world = smallWorld({ events });
    const signals = userOf(world, 'u1')?.signals ?? {};
    const n = 15;
    const p = 14 / 44;
    expect(signals).toMatchObject({ frequency_now: 0, frequency_baseline: 3.5, frequency_decline: 1, in_decline: 1 });
    expect(signals['frequency_z']).toBeCloseTo((0 - n * p) / Math.sqrt(n * p * (1 - p)), 12); // -2.65
    expect(userOf(world, 'u1')?.tier).toBe('at_risk');
    const account = signalsOf(world);
    expect(account).toMatchObject({ users_in_decline: 1, decline_share: 1, at_risk_users: 1, activity_change_14d: -1 });
    expect(account['activity_z_14d']).toBeCloseTo((0 - n * p) / Math.sqrt(n * p * (1 - p)), 12);
  });

  it('leaves out the first day of a user first seen 15 to 43 days ago', () => {
    const events = [onDay(21, 12), onDay(20, 12), onDay(18, 0), onDay(10, 0), onDay(2, 0)].map((at) =>
      act('u1', 'x', at),
    );
    const signals = userOf(smallWorld({ events }), 'u1')?.signals ?? {};
    expect(signals).toMatchObject({ first_seen_days: 20, frequency_now: 1 });
    expect(signals['frequency_baseline']).toBeCloseTo(2 / (12 / 7), 12); // [T-19d, T-7d): days 18 and 10
    expect(signals['active_days_per_week_28d']).toBeCloseTo(5 / (20 / 7), 12);
  });

  it('takes 14 days for a user first seen 44 days ago, and at least a week for a new one', () => {
    const events = [daysAgo(44), daysAgo(30), daysAgo(10), daysAgo(9)].map((at) => act('u1', 'x', at));
    const signals = userOf(smallWorld({ events: [...events, act('u2', 'x', daysAgo(9))] }), 'u1')?.signals ?? {};
    expect(signals).toMatchObject({ first_seen_days: 44, frequency_now: 1, frequency_baseline: 2 / (30 / 7) });
    const world = smallWorld({ events: [...events, act('u2', 'x', daysAgo(9)), act('u3', 'x', daysAgo(2))] });
    expect(userOf(world, 'u2')?.signals['active_days_per_week_28d']).toBeCloseTo(1 / (9 / 7), 12);
    expect(userOf(world, 'u3')?.signals['active_days_per_week_28d']).toBe(1);
  });

  it('is not yet known under 15 days and never for a user without activity', () => {
    const world = smallWorld({ events: [act('u1', 'x', daysAgo(14.9))], users: [userRow('a', 'idle')] });
    expect(userOf(world, 'u1')?.nulls['frequency_now']).toBe('not_yet');
    expect(userOf(world, 'idle')?.nulls['frequency_now']).toBe('none');
    expect(userOf(world, 'idle')).toMatchObject({ tier: null, signals: { events_30d: 0, reverted_features: 0 } });
  });
});

describe('reverted features', () => {
  it('counts areas used on 3 days before and on none since', () => {
    const events = [31, 40, 50].map((day) => act('u1', 'e1', onDay(day, 9)));
    const more = [31, 40].map((day) => act('u1', 'e2', onDay(day, 9)));
    const world = smallWorld({ events: [...events, ...more, act('u1', 'x', onDay(70, 9))] }, { taxonomy });
    expect(signalsOf(world)).toMatchObject({ core_reverted_features: 1, reverted_features: 1 });
    expect(userOf(world, 'u1')?.signals).toMatchObject({ core_reverted_features: 1, reverted_features: 1 });
    const used = smallWorld({ events: [...events, act('u1', 'e1', daysAgo(30))] }, { taxonomy });
    expect(signalsOf(used)['core_reverted_features']).toBe(0);
  });
});

describe('attribution', () => {
  it('follows users rows, links and exclusions', () => {
    const world = smallWorld(
      {
        accounts: [accountRow('a', { created: daysAgo(400) }), accountRow('b', { created: daysAgo(400) })],
        users: [
          userRow('a', 'u1', { from: daysAgo(50), to: daysAgo(10) }),
          userRow('b', 'u1', { from: daysAgo(20) }),
          userRow('a', 'boss', { email: 'boss@acme.com' }),
        ],
        events: [
          act('u1', 'x', daysAgo(50), { account_id: null }), // a: `from` included
          act('u1', 'x', daysAgo(15), { account_id: null }), // both: unattributed
          act('u1', 'x', daysAgo(10), { account_id: '' }), // b only: `to` excluded
          act('boss', 'x', daysAgo(1)),
          act('anon', 'x', daysAgo(5)),
          act('u1', 'x', daysAgo(4)), // names a, whose row of u1 has ended
        ],
        identities: [{ time: daysAgo(3), user_id: 'u1', anonymous_id: 'anon', previous_id: null }],
      },
      {},
      { excludeUser: (row) => row.email?.endsWith('@acme.com') === true },
    );
    const [a, b] = profileOf(world, AS_OF).accounts;
    expect(a?.signals).toMatchObject({ active_users_30d: 1, events_30d: 2, days_since_last_event: 4 });
    expect(b?.signals).toMatchObject({ active_users_30d: 1, events_30d: 1 });
    expect(profileOf(world, AS_OF).users.map((user) => `${user.account_id}/${user.user_id}`)).toEqual(['a/u1', 'b/u1']);
    const before = profileOf(world, daysAgo(3)).users.map((user) => `${user.account_id}/${user.user_id}`);
    expect(before).toEqual(['a/anon', 'a/u1', 'b/u1']);
  });

  it('takes `from` in and reads the role from the row begun last', () => {
    const world = smallWorld({
      users: [
        userRow('a', 'u1', { department: 'sales', from: daysAgo(5) }),
        userRow('a', 'u1', { department: 'it', from: daysAgo(20), to: daysAgo(5) }),
        userRow('a', 'u2', { department: 'it' }),
      ],
      events: [act('u1', 'x', daysAgo(20), { account_id: null }), act('u2', 'x', daysAgo(9), { account_id: null })],
    });
    expect(profileOf(world, AS_OF).accounts[0]?.signals).toMatchObject({ events_30d: 2, departments_active_30d: 2 });
  });

  it('moves the history to the survivor of a merger', () => {
    const accounts = ['a', 'b'].map((id) => accountRow(id, { created: daysAgo(400) }));
    const world = smallWorld({
      accounts,
      events: [act('u1', 'x', daysAgo(5)), act('u2', 'x', daysAgo(5), { account_id: 'b' })],
      account_links: [{ account_id: 'a', into_account_id: 'b', at: daysAgo(2), kind: 'merged' }],
    });
    const after = profileOf(world, AS_OF).accounts;
    expect(after.map((account) => [account.account_id, account.signals['active_users_30d']])).toEqual([['b', 2]]);
    expect(profileOf(world, daysAgo(2)).accounts.map((account) => account.account_id)).toEqual(['a', 'b']);
  });

  it('creates an account that only facts name', () => {
    const world = smallWorld({ events: [act('u1', 'x', daysAgo(5), { account_id: 'ghost' })] });
    const ghost = profileOf(world, AS_OF).accounts.find((account) => account.account_id === 'ghost');
    expect(ghost?.signals['account_age_days']).toBe(5);
    expect(ghost?.assumed).toContain('created');
    expect(profileOf(world, daysAgo(5)).accounts.map((account) => account.account_id)).toEqual(['a']);
  });
});
