import { describe, expect, it } from 'vitest';
import { profileOf } from './profile.ts';
import { contractRow } from './random-contracts.ts';
import { sourceOf } from './random-model.ts';
import { accountRow } from './random-people.ts';
import type { ContractRow } from './rows.ts';
import { AS_OF, daysAgo, onDay, smallWorld } from './small-world.ts';
import type { World } from './world.ts';

const accountOf = (world: World, asOf = AS_OF, id = 'a') =>
  profileOf(world, asOf).accounts.find((account) => account.account_id === id);
const withContracts = (...contracts: ContractRow[]) => smallWorld({ contracts });

describe('contracts', () => {
  it('sums the paid contracts in force, in the currency of the workspace', () => {
    const world = smallWorld({
      contracts: [
        contractRow('a', daysAgo(100), 1000, { seats: 5, ends: AS_OF }), // in force at the last instant before T
        contractRow('a', daysAgo(50), 100, { kind: 'addon', currency: 'EUR', seats: 1 }),
        contractRow('a', daysAgo(50), 7, { kind: 'trial', seats: 50 }),
        contractRow('a', AS_OF, 9999), // begins at T: not yet
        contractRow('a', daysAgo(300), 500, { ends: daysAgo(1) }),
      ],
      rates: [
        { currency: 'EUR', from: daysAgo(60), per_unit: 1.5 },
        { currency: 'EUR', from: daysAgo(40), per_unit: 2 }, // the rate of the start stays
      ],
    });
    expect(accountOf(world)).toMatchObject({
      signals: { arr: 1150, seats: 6 },
      relationship: 'customer',
      lifecycle: null, // no events: no cohort
    });
    expect(accountOf(world, daysAgo(-1))?.signals['arr']).toBe(10_149);
  });

  it('keeps the last ARR in the grace and dates churn back', () => {
    const world = withContracts(contractRow('a', daysAgo(200), 1000, { ends: daysAgo(30) }));
    expect(accountOf(world, onDay(1, 23))?.signals['arr']).toBe(1000); // 29 days and 23 hours after the end
    const churned = accountOf(world); // 30 days exactly
    expect(churned).toMatchObject({ relationship: 'churned', lifecycle: 'churned', signals: { arr: null } });
    expect(churned?.nulls['arr']).toBe('none');
  });

  it('reads amendments from the day on which they are known', () => {
    const world = withContracts(
      contractRow('a', daysAgo(400), 1000, { contract_id: 'c' }),
      contractRow('a', daysAgo(400), 1050, { contract_id: 'c', known: daysAgo(100) }),
      contractRow('a', daysAgo(-5), 2000, { contract_id: 'c', known: daysAgo(10) }), // starts after T
    );
    expect(accountOf(world)?.signals).toMatchObject({
      arr: 1050,
      nrr_12m: 1.05,
      arr_change_12m: 50,
      expansions_12m: 1, // 5% exactly
    });
    expect(accountOf(world, daysAgo(100))?.signals['arr']).toBe(1000); // known at T, not before it
    expect(accountOf(world, daysAgo(-6))?.signals['arr']).toBe(2000);
  });

  it('takes an earlier day as it was known on that day', () => {
    const world = withContracts(
      contractRow('a', daysAgo(500), 1000, { contract_id: 'c' }),
      contractRow('a', daysAgo(500), 2000, { contract_id: 'c', known: daysAgo(365) }), // not known before that instant
    );
    expect(accountOf(world)?.signals).toMatchObject({ nrr_12m: 2, expansions_12m: 1 });
  });

  it('has no net retention without ARR a year before, and 0 after churn', () => {
    const young = withContracts(contractRow('a', daysAgo(100), 1000));
    expect(accountOf(young)?.nulls['nrr_12m']).toBe('not_yet');
    expect(accountOf(young)?.assumed).toContain('nrr');
    const gone = withContracts(contractRow('a', daysAgo(500), 1000, { ends: daysAgo(200) }));
    expect(accountOf(gone)?.signals).toMatchObject({ nrr_12m: 0, arr_change_12m: -1000, arr: null });
  });

  it('computes costs, margin, capacity, quota, renewal and lifetime value', () => {
    const world = smallWorld({
      accounts: [accountRow('a', { created: daysAgo(400), employees: 40, addressable_seats: 20 })],
      contracts: [
        contractRow('a', daysAgo(400), 1000, {
          seats: 5,
          quota: 200,
          usage_unit: 'calls',
          term_ends: daysAgo(-10),
        }),
      ],
      costs: [{ account_id: 'a', time: daysAgo(365), amount: 250, cost_id: null, kind: null }],
      meters: [
        { account_id: 'a', time: daysAgo(30), meter: 'calls', value: 20 },
        { account_id: 'a', time: daysAgo(3), meter: 'rows', value: 500 },
      ],
    });
    const signals = accountOf(world)?.signals ?? {};
    expect(signals).toMatchObject({
      cost_to_serve_12m: 250,
      gross_margin: 0.75,
      capacity_used: 0.25,
      usage_of_quota_30d: 0.1,
      expansion_potential: 0.75,
      days_to_renewal: 10,
      value_score: 937.5, // (1000 x 1 - 250) x 1.25, below 30% of capacity
      value_tier: 'Platinum', // one account: r = 1, (1 - 1) / 1 = 0
    });
    expect(signals['clv']).toBeCloseTo((1000 * 0.75 * (1 - 0.9 ** 5)) / 0.1, 9);
    expect(accountOf(world)?.assumed).toEqual(['churn']);
  });

  it('counts churns and customer-years of all customers', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `b${i}`);
    const churned = ids.slice(0, 10).map((id) => contractRow(id, daysAgo(500), 1, { ends: daysAgo(265) }));
    const kept = ids.slice(10).map((id) => contractRow(id, daysAgo(500), 1000));
    const accounts = ids.map((id) => accountRow(id, { created: daysAgo(600) }));
    const world = smallWorld({ accounts, contracts: [...churned, ...kept] });
    // 10 churns in 10 x 100 + 2 x 365 days
    const c = 10 / (1730 / 365);
    const clv = accountOf(world, AS_OF, 'b10')?.signals['clv'];
    expect(clv).toBeCloseTo((1000 * 0.8 * (1 - (1 - c) ** 5)) / c, 9);
  });
});

describe('value tiers', () => {
  const scores = [100, 90, 90, 80, 70, 60, 50, 40, 30, 20];
  const ids = scores.map((_, i) => `v${i}`);
  const accounts = [...ids, 'new'].map((id) => accountRow(id, { created: daysAgo(600) }));
  const contracts = [
    ...scores.map((arr, i) => contractRow(ids[i] ?? '', daysAgo(100), arr)),
    contractRow('new', daysAgo(-1), 95), // a customer one day after the Monday
  ];
  const world = smallWorld({ accounts, contracts });

  it('shares the best rank among ties and places newer customers among the scores of the Monday', () => {
    const tiers = (asOf: Date) =>
      Object.fromEntries(profileOf(world, asOf).accounts.map((one) => [one.account_id, one.value_tier]));
    expect(tiers(AS_OF)).toMatchObject({
      v0: 'Platinum', // 0
      v1: 'Gold', // 0.1 is not below 0.10
      v2: 'Gold',
      v3: 'Silver', // 3 / 10
      v5: 'Silver', // 5 / 10
      v6: 'Bronze', // 6 / 10
      new: null,
    });
    expect(tiers(daysAgo(-3))).toMatchObject({ v1: 'Gold', v3: 'Silver', new: 'Gold' }); // 1 / 10
    expect(tiers(daysAgo(-7))['v2']).toBe('Gold'); // next Monday: 11 customers, ranks 3 and 3: 2 / 11
  });
});

describe('absent sources', () => {
  it('takes every account for a customer where there is no contract source', () => {
    const account = accountOf(smallWorld({}));
    expect(account).toMatchObject({ relationship: 'customer', value_tier: null, raw: 'Long-Tail', home: 'Long-Tail' });
    expect(account?.assumed).toContain('customer');
    expect(account?.nulls).toMatchObject({ arr: 'missing', value_tier: 'missing', events_30d: 'missing' });
  });

  it('computes a signal over several sources at the earliest of their instants', () => {
    const world = withContracts(
      contractRow('a', daysAgo(100), 1000, { ends: daysAgo(5) }),
      contractRow('a', daysAgo(5), 3000),
    );
    const costs = sourceOf('costs', { coversFrom: daysAgo(600), completeThrough: daysAgo(7) });
    const later = { ...world, model: { ...world.model, sources: [...world.model.sources, costs] } };
    expect(accountOf(later)?.signals).toMatchObject({ arr: 3000, value_score: 1000, gross_margin: 1 });
  });
});
