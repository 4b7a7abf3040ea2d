import { describe, expect, test } from 'vitest';
import { claimVerdict } from '../../src/evidence/claim_sentence.ts';
import { userClaim } from '../../src/evidence/claim_user.ts';
import { DAY_MS } from '../../src/evidence/history.ts';
import { claimSection } from '../../src/evidence/report/group_section.ts';
import { roleSection } from '../../src/evidence/report/role_section.ts';
import { testAreaReversion } from '../../src/evidence/role_reversion.ts';
import type { Beginning } from '../../src/evidence/usage.ts';
import { randomStream } from '../../src/stats/random.ts';
import { FOLLOWED, type Member, worldOf } from './group-world.ts';
import { BEGIN, pastOf, type Told } from './past.ts';

const at = (day: number): number => BEGIN + day * DAY_MS;
const drawing = { seed: 1, resamples: 49 };

interface PlantedUsers {
  readonly accounts: number;
  /** Rate at which those who used a secondary feature go silent, by that of the others. */
  readonly ratio: number;
  /** Rate of users who were active on few days, by that of the others: they use less of everything. */
  readonly lazy?: number;
}

/** Users of accounts of different steadfastness, who use a secondary feature by chance and go silent at a daily rate. */
function usersOf(seed: number, { accounts, ratio, lazy = 1 }: PlantedUsers) {
  const random = randomStream(seed);
  const beginnings: Beginning[] = [];
  const told = Array.from({ length: accounts }, (_, index): Told => {
    const created = Math.floor(random.next() * 450);
    const frailty = 0.5 + random.next();
    for (let user = 0; user < 6; user += 1) {
      const first = created + Math.floor(random.next() * 60);
      const isLazy = random.next() < 0.5;
      const isSecondary = random.next() < (isLazy ? 0.2 : 0.6);
      const rate = 0.006 * frailty * (isSecondary ? ratio : 1) * (isLazy ? lazy : 1);
      beginnings.push({
        accountId: `a${index}`,
        firstMs: at(first),
        isSecondary,
        activeDays: isLazy ? 3 : 30,
        lastMs: at(first + 60),
        silentMs: at(first + 60) + (random.exponential() / rate) * DAY_MS,
      });
    }
    return { id: `a${index}`, created };
  });
  return { history: pastOf(told, FOLLOWED, [60]), beginnings };
}

describe('what users do first', () => {
  test('that those who use a secondary feature go silent half as often is found, and is left beside their activity', () => {
    const { history, beginnings } = usersOf(1, { accounts: 400, ratio: 0.5 });
    const row = userClaim(history, beginnings, drawing);
    expect(row).toMatchObject({ unit: 'user', verdict: 'holds', horizonDays: 90, needed: null });
    expect((row.n?.[0] ?? 0) + (row.n?.[1] ?? 0)).toBe(2400);
    expect(row.interval?.[0]).toBeLessThan(0.5);
    expect(row.interval?.[1]).toBeGreaterThan(0.5);
    expect(row.adjusted?.interval[0]).toBeLessThan(0.5);
    expect(row.adjusted?.interval[1]).toBeLessThan(1);
    expect(claimVerdict(row)).toBe('holds');
    expect(row.retention?.[0]).toBeGreaterThan(row.retention?.[1] ?? 1);
    expect(row.sentence).toMatch(/of 2,400 users did it; \d+% of them stay 90 days/);
  });

  test('what is nothing but activity is told as such', () => {
    const { history, beginnings } = usersOf(2, { accounts: 400, ratio: 1, lazy: 4 });
    const row = userClaim(history, beginnings, drawing);
    expect(row.verdict).toBe('holds');
    expect(row.adjusted?.interval[0]).toBeLessThan(1);
    expect(row.adjusted?.interval[1]).toBeGreaterThan(1);
    expect(row.sentence).toMatch(/nothing that can be told is left of it/);
    expect(claimVerdict(row)).toBe('holds, carried by activity');
    expect(
      claimSection([row])
        .body.map(({ text }) => text)
        .join(''),
    ).toContain('>holds, carried by activity<');
  });

  test('in noise hardly anything holds', () => {
    const verdicts = Array.from({ length: 60 }, (_, seed) => {
      const { history, beginnings } = usersOf(100 + seed, { accounts: 100, ratio: 1 });
      return userClaim(history, beginnings, { seed: 1, resamples: 9 }).verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'holds').length).toBeLessThan(4);
  });

  test('users of few accounts are too little, however many they are', () => {
    const { history, beginnings } = usersOf(3, { accounts: 8, ratio: 0.2 });
    const many = Array.from({ length: 20 }, () => beginnings).flat();
    const row = userClaim(history, many, drawing);
    expect(row).toMatchObject({ verdict: 'too_little_data', p: null, estimate: null, retention: null });
    expect(row.needed?.reason).toMatch(/20 are the least/);
  });

  test('silent before the landmark, of an account older than the events or of no customer: no row; an account that churns is a leaving', () => {
    const told: Told[] = [
      { id: 'old', created: -30 },
      { id: 'lead', created: 0, paid: null },
      { id: 'gone', created: 0, churned: 100 },
      { id: 'kept', created: 0 },
    ];
    const user = (accountId: string, last = 60): Beginning => ({
      accountId,
      firstMs: at(0),
      isSecondary: accountId === 'gone',
      activeDays: 5,
      lastMs: at(last),
      silentMs: at(400),
    });
    const users = [user('old'), user('lead'), user('gone'), user('kept'), user('kept', 29), user('unknown')];
    const row = userClaim(pastOf(told, FOLLOWED, [60]), users, drawing);
    expect(row).toMatchObject({ n: [1, 1], events: [1, 0] });
  });
});

interface PlantedAreas {
  readonly accounts: number;
  /** How much faster an account leaves after it stopped using exports. */
  readonly ratio: number;
}

/** Accounts that use exports and alerts every third day; some stop exports for good, and leave at a rate that this changes. */
function areasOf(seed: number, { accounts, ratio }: PlantedAreas) {
  const random = randomStream(seed);
  const areaDays = new Map<string, Map<string, readonly number[]>>();
  const members = Array.from({ length: accounts }, (_, index): Member => {
    const id = `a${index}`;
    const created = Math.floor(random.next() * 200);
    const ends = () => (random.next() < 0.35 ? created + 30 + Math.floor(random.next() * 400) : FOLLOWED);
    const [stops, quiet] = [ends(), ends()];
    const rate = 0.0008;
    const calm = created + random.exponential() / rate;
    const churned = Math.ceil(calm < stops ? calm : stops + random.exponential() / (rate * ratio));
    const days = (until: number) =>
      Array.from({ length: Math.max(0, Math.ceil((until - created) / 3)) }, (_, k) => BEGIN / DAY_MS + created + 3 * k);
    const used = (until: number) => days(Math.min(until, churned, FOLLOWED));
    areaDays.set(
      id,
      new Map([
        ['exports', used(stops)],
        ['alerts', used(quiet)],
      ]),
    );
    const left = churned < FOLLOWED ? churned : undefined;
    return { id, created, churned: left, band: 'smb', texts: {}, numbers: {}, areas: {} };
  });
  return { ...worldOf(members), areaDays };
}

describe('areas that accounts stop using', () => {
  const areas = ['exports', 'alerts', 'sharing'];

  test('that stopping one triples the rate is found with an interval that holds the truth, and the other is left alone', () => {
    const { history, panel, areaDays } = areasOf(1, { accounts: 900, ratio: 3 });
    const [exports, alerts, sharing] = testAreaReversion(history, panel, areaDays, areas);
    expect(exports).toMatchObject({ kind: 'area_reversion', area: 'exports', verdict: 'holds', tried: 2 });
    expect(exports?.interval?.[0]).toBeLessThan(3);
    expect(exports?.interval?.[1]).toBeGreaterThan(3);
    expect(alerts?.verdict).not.toBe('holds');
    expect(sharing).toMatchObject({ n: [0, 0], p: null, verdict: 'too_little_data' });
    expect(exports?.sentence).toMatch(/had used it and then not for 30 days/);
  });

  test('the report draws those that could be tested, has all of them in its table, and says in words what holds', () => {
    const written = (accounts: number): string => {
      const { history, panel, areaDays } = areasOf(1, { accounts, ratio: 3 });
      const { body } = roleSection(testAreaReversion(history, panel, areaDays, areas));
      return body.map(({ text }) => text).join('');
    };
    const page = written(900);
    expect(page).toContain('2 of 3 areas could be tested');
    expect(page.match(/<svg/g)).toHaveLength(1);
    expect(page.match(/class="estimate holds"/g)).toHaveLength(1);
    expect(page.match(/<tr role="row"><td/g)).toHaveLength(3);
    expect(page).toMatch(/exports: \d+ accounts had used it and then not for 30 days/);
    const few = written(20);
    expect(few).toContain('none of 3 areas had enough accounts that stopped, or that left');
    expect(few).not.toContain('<svg');
  });

  test('in noise hardly anything holds', () => {
    const held = Array.from({ length: 30 }, (_, seed) => {
      const { history, panel, areaDays } = areasOf(100 + seed, { accounts: 200, ratio: 1 });
      return testAreaReversion(history, panel, areaDays, areas).filter(({ verdict }) => verdict === 'holds').length;
    });
    expect(held.reduce((sum, count) => sum + count, 0)).toBeLessThan(4);
  });

  test('too few are refused with the reason', () => {
    const { history, panel, areaDays } = areasOf(5, { accounts: 20, ratio: 3 });
    for (const row of testAreaReversion(history, panel, areaDays, areas)) {
      expect(row).toMatchObject({ p: null, estimate: null, verdict: 'too_little_data' });
      expect(row.needed?.reason).toMatch(/\w/);
    }
  });
});
