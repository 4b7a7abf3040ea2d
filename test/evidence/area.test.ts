import { describe, expect, test } from 'vitest';
import { type AreaOptions, testAreas } from '../../src/evidence/area.ts';
import type { History } from '../../src/evidence/history.ts';
import { randomStream } from '../../src/stats/random.ts';
import { pastOf, type Told } from './past.ts';

const AGE = 60;
const FOLLOWED = 900;

interface Planted {
  readonly seed: number;
  readonly accounts: number;
  /** Yearly churn of an account by home segment, and whether it took `alerts` up. */
  readonly churn: (home: string | null, hasAlerts: boolean) => number;
}

/** Accounts of which half take `alerts` up, and half, independently, `sharing`; homes by their number. */
function world({ seed, accounts, churn }: Planted): { history: History; homes: ReadonlyMap<string, string | null> } {
  const random = randomStream(seed);
  const homes = new Map<string, string | null>();
  const told = Array.from({ length: accounts }, (_, number): Told => {
    const id = `a${number}`;
    const home = (['Growth', 'Efficient', null] as const)[number % 3] ?? null;
    const hasAlerts = random.next() < 0.5;
    const created = Math.floor(random.next() * 300);
    homes.set(id, home);
    const life = AGE + (-365 * Math.log(random.next())) / -Math.log(1 - churn(home, hasAlerts));
    const did = {
      ...(hasAlerts ? { alerts: [created + 10] } : {}),
      ...(random.next() < 0.5 ? { sharing: [created + 20] } : {}),
      // Taken up too late: after the landmark it is no input.
      late: [created + AGE + 5],
    };
    const churned = Math.ceil(created + life);
    return { id, created, did, churned: churned < FOLLOWED ? churned : undefined };
  });
  const past = pastOf(told, FOLLOWED, [AGE]);
  const asAreas = past.accounts.map((account) => ({
    ...account,
    reaches: account.reaches.map((reach) => ({ ...reach, kind: 'area' as const })),
  }));
  return { history: { ...past, accounts: asAreas }, homes };
}

function ask({ history, homes }: ReturnType<typeof world>) {
  const options: AreaOptions = {
    areas: ['alerts', 'sharing', 'late', 'unused'].map((name) => ({ name, events: [name] })),
    segments: ['Growth', 'Efficient', 'Strategic'],
    homeOf: ({ account }) => homes.get(account.accountId) ?? null,
    ageDays: AGE,
    horizonDays: 365,
  };
  return testAreas(history, options);
}

describe('feature areas', () => {
  const rows = ask(world({ seed: 7, accounts: 1_500, churn: (home, has) => (home === 'Growth' && has ? 0.1 : 0.4) }));
  const row = (area: string, segment: string | null) =>
    rows.find((one) => one.area === area && one.segment === segment);

  test('what is planted in one segment is found there with its size, and not in the other', () => {
    const found = row('alerts', 'Growth');
    expect(found).toMatchObject({ verdict: 'holds', reason: null, horizonDays: 365 });
    expect(found?.difference).toBeGreaterThan(0.2);
    expect(found?.difference).toBeLessThan(0.4);
    expect(found?.interval?.[0]).toBeLessThan(0.3);
    expect(found?.interval?.[1]).toBeGreaterThan(0.3);
    expect(row('alerts', 'Efficient')?.verdict).not.toBe('holds');
    expect(row('alerts', null)?.verdict).toBe('holds');
    expect(row('alerts', null)?.difference).toBeLessThan(found?.difference ?? 0);
  });

  test('every area is told in every segment, with the reason where it does not hold', () => {
    expect(rows.length).toBe(16);
    for (const { verdict, reason } of rows) expect(reason === null).toBe(verdict === 'holds');
    expect(row('unused', null)).toMatchObject({
      verdict: 'too_little_data',
      reason: 'no account of the population has used it',
    });
    expect(row('alerts', 'Strategic')?.verdict).toBe('too_little_data');
    expect(row('late', null)).toMatchObject({ verdict: 'too_little_data', accounts: [0, expect.any(Number)] });
  });

  test('accounts whose home is unknown count among all and in no segment', () => {
    const all = row('alerts', null)?.accounts ?? [0, 0];
    const within = ['Growth', 'Efficient'].map((segment) => row('alerts', segment)?.accounts ?? [0, 0]);
    const known = within.reduce((sum, [a, b]) => sum + a + b, 0);
    expect(known).toBeGreaterThan(0);
    expect(all[0] + all[1]).toBeGreaterThan(1.4 * known);
  });

  test('on noise hardly anything holds', () => {
    const noise = Array.from({ length: 20 }, (_, seed) => ask(world({ seed, accounts: 300, churn: () => 0.35 })));
    const tested = noise.flat().filter(({ difference }) => difference !== null);
    expect(tested.length).toBeGreaterThan(80);
    expect(tested.filter(({ verdict }) => verdict === 'holds').length).toBeLessThan(0.05 * tested.length);
  });
});
