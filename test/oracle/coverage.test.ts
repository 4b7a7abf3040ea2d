import { describe, expect, it } from 'vitest';
import { profileOf } from './profile.ts';
import { contractRow } from './random-contracts.ts';
import { area, milestone, sourceOf } from './random-model.ts';
import { accountRow, userRow } from './random-people.ts';
import { AS_OF, act, daysAgo, onDay, smallWorld } from './small-world.ts';
import type { World } from './world.ts';

const accountOf = (world: World, asOf = AS_OF) => profileOf(world, asOf).accounts[0];

/** The world with those sources and nothing stated of the others. */
function withSources(world: World, ...sources: World['model']['sources']): World {
  return { ...world, model: { ...world.model, sources } };
}

describe('coverage by default', () => {
  const world = withSources(
    smallWorld({
      accounts: [accountRow('a', { created: daysAgo(39) })],
      events: [act('u1', 'x', onDay(40, 9)), act('u1', 'x', onDay(9, 9)), act('u1', 'x', onDay(8, 9))],
    }),
    sourceOf('events'),
  );

  it('begins with the first whole day and ends with the last', () => {
    // covers from midnight 39 days ago through midnight 7 days ago: the 30 days before that begin 37 days ago
    const account = accountOf(world);
    expect(account?.signals).toMatchObject({ active_users_30d: 1, events_30d: 2, days_since_last_event: 0 });
    expect(account?.signals['account_age_days']).toBe(39); // at T
    expect(account?.nulls['active_users_change_30d']).toBe('missing');
    // 10 days ago: 30 days before begin one day before the coverage
    expect(accountOf(world, daysAgo(10))?.nulls['active_users_30d']).toBe('missing');
    expect(accountOf(world, daysAgo(9))?.signals['active_users_30d']).toBe(0);
    expect(accountOf(world, daysAgo(9))?.cohort).toBe('Dormant');
  });

  it('goes on for a day after a fact at a midnight', () => {
    const facts = { ...world.facts, events: [...world.facts.events, act('u1', 'x', daysAgo(3))] };
    // complete through midnight 2 days ago
    expect(accountOf({ ...world, facts })?.signals).toMatchObject({ events_30d: 3, days_since_last_event: 1 });
  });

  it('is null for an account that did not exist at the instant of the signal', () => {
    const young = { ...world.facts, accounts: [accountRow('a', { created: daysAgo(7) })] };
    expect(accountOf({ ...world, facts: young })?.nulls['events_30d']).toBe('missing');
  });
});

describe('sources without users', () => {
  const events = [
    act(null, 'e1', daysAgo(3)),
    act(null, 'e1', daysAgo(100)),
    act('u1', 'e1', daysAgo(2), { source: 'app' }),
  ];
  const covers = { coversFrom: daysAgo(200), completeThrough: daysAgo(-1) };
  const taxonomy = { features: [area('one', ['e1'], { isCore: true })], workflows: [], proxies: [], ignore: [] };
  const primary = milestone('m', { event: 'e2', users: 2, isPrimary: true });
  const model = { taxonomy, activation: { accountSequence: [], userSequence: [], milestones: [primary] } };

  it('leave everything that counts users null', () => {
    const accounts = [accountRow('a', { created: daysAgo(150) })];
    const world = withSources(smallWorld({ accounts, events: events.slice(0, 2) }, model), sourceOf('events', covers));
    const account = accountOf(world);
    expect(account).toMatchObject({ cohort: null, signals: { events_30d: 1, feature_breadth_30d: 1 } });
    expect(account?.nulls).toMatchObject({
      active_users_30d: 'missing',
      sessions_30d: 'missing',
      power_users: 'missing',
      workflow_runs_30d: 'missing',
      activated: 'missing', // it takes two users
      feature_intensity_30d: 'missing',
    });
  });

  it('do not count for the coverage of signals that need users', () => {
    const late = sourceOf('events', { ...covers, name: 'app', coversFrom: daysAgo(20) });
    const world = withSources(smallWorld({ events }, model), sourceOf('events', covers), late);
    const account = accountOf(world);
    expect(account?.signals).toMatchObject({ events_30d: 2, active_users_7d: 1, active_users_30d: null });
    expect(accountOf(world, daysAgo(2))?.nulls['active_users_7d']).toBe('missing'); // none had a user by then
  });
});

describe('connection', () => {
  it('gives 0 to an account without rows in a connected source, null without a source', () => {
    const ticket = {
      account_id: 'b',
      opened: daysAgo(10),
      ticket_id: null,
      closed: null,
      priority: null,
      user_id: null,
      theme: null,
    };
    const world = smallWorld({ tickets: [ticket] });
    expect(accountOf(world)?.signals['tickets_30d']).toBe(0);
    expect(accountOf(withSources(world, sourceOf('tickets')), daysAgo(5))?.nulls['tickets_30d']).toBe('missing');
    expect(accountOf(smallWorld({}))?.nulls['tickets_30d']).toBe('missing');
    expect(accountOf(withSources(smallWorld({}), sourceOf('tickets')))?.signals['tickets_30d']).toBe(0);
  });

  it('knows a contract source by its first row where the model names none', () => {
    const world = withSources(smallWorld({ contracts: [contractRow('b', daysAgo(10), 1)] }));
    expect(accountOf(world, daysAgo(10))?.relationship).toBe('customer');
    expect(accountOf(world, daysAgo(9))?.relationship).toBe('prospect');
  });
});

describe('exclusion', () => {
  it('takes test accounts and internal users out of everything', () => {
    const world = smallWorld(
      {
        accounts: [accountRow('a', { created: daysAgo(90) }), accountRow('t', { name: 'Test Ltd' })],
        users: [userRow('a', 'in', { email: 'in@acme.com', from: daysAgo(20), is_sponsor: true })],
        events: [act('in', 'x', daysAgo(25)), act('u1', 'x', daysAgo(1), { account_id: 't' })],
      },
      {},
      {
        excludeUser: (row) => row.email?.endsWith('@acme.com') === true,
        excludeAccount: (row) => row.name?.startsWith('Test ') === true,
      },
    );
    expect(profileOf(world, AS_OF).accounts.map((account) => account.account_id)).toEqual(['a']);
    expect(profileOf(world, AS_OF).users).toEqual([]);
    expect(accountOf(world)?.signals).toMatchObject({ events_30d: 0, sponsor_engaged: null });
    expect(accountOf(world, daysAgo(20))?.signals['events_30d']).toBe(1); // the row has not begun
  });
});
