import { describe, expect, test } from 'vitest';
import { prospectLandmark } from '../../src/evidence/age_landmark.ts';
import { candidatesOf } from '../../src/evidence/candidate.ts';
import { type MilestoneOptions, type MilestoneRow, testMilestones } from '../../src/evidence/milestone.ts';
import { PROSPECTS } from '../../src/evidence/milestone_population.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { pastOf, type Told } from './past.ts';

const FOLLOWED = 500;
const YEAR = 365;
const BANDS = ['smb', 'mid_market', 'enterprise'] as const;

const options: MilestoneOptions = {
  windows: [14],
  counts: { times: [1], users: [] },
  horizonDays: 365,
  declared: [{ name: 'first_export', event: 'export', workflow: null, isPrimary: true, withinDays: 14 }],
  areas: [],
  workflows: [],
};

/** A trial that invites by chance and pays at a yearly rate that the invitation changes by a ratio; some pay at once. */
function trial(random: RandomStream, index: number, ratio: number): Told {
  const created = Math.floor(random.next() * 300);
  const invites = random.next() < 0.4;
  const rate = 0.8 * (invites ? ratio : 1);
  const paid = index % 5 === 0 ? created : created + 14 + Math.floor((random.exponential() * YEAR) / rate);
  return {
    id: `a${String(index).padStart(4, '0')}`,
    created,
    paid: paid < FOLLOWED ? paid : null,
    did: invites ? { invite: [created + 3] } : {},
    band: BANDS[index % 3] ?? 'smb',
  };
}

function world(seed: number, ratio: number, size: number): Told[] {
  const random = randomStream(seed);
  return Array.from({ length: size }, (_, index) => trial(random, index, ratio));
}

function asked(told: readonly Told[]) {
  return testMilestones(pastOf(told, FOLLOWED, [14]), options, PROSPECTS);
}

function rowOf(rows: readonly MilestoneRow[], candidate: string): MilestoneRow {
  const row = rows.find((one) => one.candidate === candidate);
  if (row === undefined) throw new Error(`no row for ${candidate}`);
  return row;
}

describe('milestones of trials and prospects', () => {
  test('what doubles the rate of conversion is found, with intervals that hold the truth', () => {
    const { rows, landmarks, tried } = asked(world(1, 2, 1000));
    const row = rowOf(rows, 'invite');
    expect(row).toMatchObject({ population: 'prospects', outcome: 'converted', verdict: 'holds', family: 'explored' });
    expect(row).toMatchObject({ retention: null, naive: null, carriedBy: null });
    expect(tried).toBe(1);
    expect(row.hazardInterval?.[0]).toBeLessThan(2);
    expect(row.hazardInterval?.[1]).toBeGreaterThan(2);
    const years = (row.horizonDays ?? 0) / YEAR;
    const truths = [1 - Math.exp(-1.6 * years), 1 - Math.exp(-0.8 * years)];
    for (const [side, truth] of truths.entries()) {
      expect(row.interval?.[side]?.[0]).toBeLessThan(truth);
      expect(row.interval?.[side]?.[1]).toBeGreaterThan(truth);
    }
    expect(row.differenceInterval?.[0]).toBeGreaterThan(0);
    expect(row.difference).toBeCloseTo((row.conversion?.[0] ?? 0) - (row.conversion?.[1] ?? 0), 10);
    expect(landmarks[0]).toMatchObject({ accounts: 800, renewalShare: null, left: { notThere: 200 } });
    expect(row.sentence).toMatch(/trials and prospects that had done it are customers \d+ days later/);
  });

  test('what slows conversion does not hold as a milestone, however sure', () => {
    const row = rowOf(asked(world(2, 0.4, 1000)).rows, 'invite');
    expect(row.hazardInterval?.[1]).toBeLessThan(1);
    expect(row.verdict).toBe('fails');
  });

  test('in noise hardly anything holds', () => {
    const verdicts = Array.from(
      { length: 300 },
      (_, index) => rowOf(asked(world(1000 + index, 1, 400)).rows, 'invite').verdict,
    );
    expect(verdicts.filter((verdict) => verdict === 'holds').length).toBeLessThan(15);
  });

  test('where nobody is left to convert the share is told at the horizon all the same, and it is all of them', () => {
    const random = randomStream(4);
    const told = Array.from({ length: 300 }, (_, index): Told => {
      const created = Math.floor(random.next() * 100);
      const did = random.next() < 0.5 ? { invite: [created + 3] } : {};
      return { id: `a${index}`, created, paid: created + 20 + Math.floor(random.next() * 40), did };
    });
    const row = rowOf(asked(told).rows, 'invite');
    expect(row).toMatchObject({ horizonDays: 365, conversion: [1, 1], difference: 0 });
    for (const end of [...(row.interval?.flat() ?? []), ...(row.differenceInterval ?? [])]) expect(end).not.toBeNaN();
  });

  test('too few conversions are refused with the reason, and where there are no contracts nobody is a prospect', () => {
    const row = rowOf(asked(world(3, 1, 30)).rows, 'invite');
    expect(row).toMatchObject({ p: null, hazardRatio: null, conversion: null, verdict: 'too_little_data' });
    expect(row.needed?.reason).toMatch(/20 are the least/);
    const without = { ...pastOf(world(3, 1, 300), FOLLOWED, [14]), hasContracts: false };
    expect(testMilestones(without, options, PROSPECTS)).toMatchObject({ rows: [], tried: 0 });
  });

  test('who pays before the landmark is no prospect; who pays on its day is; a merger ends the watch', () => {
    const told: Told[] = [
      { id: 'before', created: 0, paid: 13 },
      { id: 'on', created: 0, paid: 14 },
      { id: 'never', created: 0, paid: null },
      { id: 'merged', created: 0, paid: 50, linked: 40 },
      { id: 'gone', created: 0, paid: null, linked: 5 },
    ];
    const { rows, left } = prospectLandmark(pastOf(told, 100, [14]), 14);
    const found = Object.fromEntries(rows.map(({ account, outcome }) => [account.accountId, outcome]));
    expect(Object.keys(found)).toEqual(['on', 'never', 'merged']);
    expect(found['on']).toMatchObject({ isConverted: true });
    expect(found['on']?.days).toBeGreaterThan(0);
    expect(found['on']?.days).toBeLessThan(0.001);
    expect(found['never']).toEqual({ days: 86, isConverted: false, knownDays: 86, isLinked: false });
    expect(found['merged']).toEqual({ days: 26, isConverted: false, knownDays: 26, isLinked: true });
    expect(left).toMatchObject({ notThere: 2 });
  });
});

describe('candidates by different users', () => {
  test('three users who did it are a milestone of their own, told apart from three times by one', () => {
    const random = randomStream(9);
    const told = Array.from({ length: 1200 }, (_, index): Told => {
      const created = Math.floor(random.next() * 300);
      const by = random.next() < 0.5 ? [1, 2, 3] : [1];
      const rate = 0.5 * (by.length === 3 ? 0.4 : 1);
      const churned = created + 31 + Math.ceil((random.exponential() * YEAR) / rate);
      const days = by.map((day) => created + day);
      const did = { share: [created + 1, created + 2, created + 3] };
      return { id: `a${index}`, created, churned: churned < 700 ? churned : undefined, did, didBy: { share: days } };
    });
    const asking = { ...options, windows: [30], counts: { times: [1, 3], users: [2, 3, 5] }, declared: [] };
    const { rows } = testMilestones(pastOf(told, 700, [30]), asking);
    const names = ['share', 'share by 2 users', 'share x3', 'share by 3 users', 'share by 5 users'];
    expect(new Set(rows.map(({ candidate }) => candidate))).toEqual(new Set(names));
    const row = rowOf(rows, 'share by 3 users');
    expect(row).toMatchObject({ measure: 'users', count: 3, verdict: 'holds', carriedBy: null });
    expect(row.hazardInterval?.[0]).toBeLessThan(0.4);
    expect(row.hazardInterval?.[1]).toBeGreaterThan(0.4);
    expect(rowOf(rows, 'share x3')).toMatchObject({ measure: 'times', p: null, verdict: 'too_little_data' });
    expect(rowOf(rows, 'share by 5 users').n[0]).toBe(0);
  });

  test('at most twenty names are asked by users, those that most accounts share, and none where events carry no user', () => {
    const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`e${i}`, [1, 2]]));
    const told: Told[] = [
      { id: 'a', created: 0, did: named(30), didBy: named(30) },
      { id: 'b', created: 0, did: named(10), didBy: named(10) },
      { id: 'c', created: 0, did: { login: [1, 2] }, didBy: { login: [1, 2] } },
    ];
    const of = (accounts: readonly Told[]) =>
      candidatesOf(pastOf(accounts, 50, []).accounts, { times: [1], users: [2, 3] }, options).filter(
        ({ measure }) => measure === 'users',
      );
    const names = new Set(of(told).map(({ name }) => name));
    expect(names.size).toBe(20);
    for (let index = 0; index < 10; index += 1) expect(names).toContain(`e${index}`);
    expect(names).not.toContain('login');
    expect(of([{ id: 'a', created: 0, did: named(3) }])).toEqual([]);
  });
});
