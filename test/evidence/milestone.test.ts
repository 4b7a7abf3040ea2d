import { describe, expect, test } from 'vitest';
import { type MilestoneOptions, type MilestoneRow, testMilestones } from '../../src/evidence/milestone.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { pastOf, type Told } from './past.ts';

const FOLLOWED = 730;
const YEAR = 365;
const BANDS = ['smb', 'mid_market', 'enterprise'] as const;

const options: MilestoneOptions = {
  windows: [30],
  counts: { times: [1], users: [] },
  horizonDays: 365,
  declared: [{ name: 'first_export', event: 'export', workflow: null, isPrimary: true, withinDays: 14 }],
  areas: [],
  workflows: [],
};

/** One account: exports early by chance, churns at a yearly rate that the export changes by a ratio. */
function drawn(
  random: RandomStream,
  index: number,
  ratio: number,
  more: (created: number) => Told['did'] = () => ({}),
): Told {
  const created = Math.floor(random.next() * 400);
  const exports = random.next() < 0.4;
  const rate = 0.3 * (exports ? ratio : 1);
  const churned = created + 31 + Math.ceil((random.exponential() * YEAR) / rate);
  return {
    id: `a${String(index).padStart(4, '0')}`,
    created,
    churned: churned < FOLLOWED ? churned : undefined,
    did: { ...(exports ? { export: [created + 3] } : {}), ...more(created) },
    band: BANDS[index % 3] ?? 'smb',
  };
}

const world = (seed: number, ratio: number, size = 1000): Told[] => {
  const random = randomStream(seed);
  return Array.from({ length: size }, (_, index) => drawn(random, index, ratio));
};

function rowOf(rows: readonly MilestoneRow[], candidate: string): MilestoneRow {
  const row = rows.find((one) => one.candidate === candidate);
  if (row === undefined) throw new Error(`no row for ${candidate}`);
  return row;
}

describe('milestones', () => {
  test('what halves the hazard is found, with intervals that hold the truth', () => {
    const { rows, landmarks } = testMilestones(pastOf(world(1, 0.5), FOLLOWED, [30]), options);
    const row = rowOf(rows, 'export');
    expect(row).toMatchObject({ verdict: 'holds', windowDays: 30, horizonDays: 365, carriedBy: null, needed: null });
    expect(row.hazardInterval?.[0]).toBeLessThan(0.5);
    expect(row.hazardInterval?.[1]).toBeGreaterThan(0.5);
    const stay = [Math.exp(-0.15), Math.exp(-0.3)];
    for (const [side, truth] of stay.entries()) {
      expect(row.interval?.[side]?.[0]).toBeLessThan(truth);
      expect(row.interval?.[side]?.[1]).toBeGreaterThan(truth);
    }
    expect(landmarks).toMatchObject([{ windowDays: 30, accounts: row.n[0] + row.n[1], left: { beforeEvents: 0 } }]);
    expect(row.sentence).toMatch(/does not prove that one causes the other/);
  });

  test('in noise hardly anything holds', () => {
    const verdicts = Array.from({ length: 100 }, (_, index) => {
      const { rows } = testMilestones(pastOf(world(100 + index, 1, 500), FOLLOWED, [30]), options);
      return rowOf(rows, 'export').verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'holds').length).toBeLessThan(5);
    expect(verdicts.filter((verdict) => verdict === 'too_little_data').length).toBeGreaterThan(50);
  });

  test('what piles up with age looks as if it kept customers, and at a landmark it does not', () => {
    const random = randomStream(7);
    const accounts = Array.from({ length: 1000 }, (_, index) => {
      const told = drawn(random, index, 1);
      const first = told.created + random.exponential() * 300;
      return first < (told.churned ?? FOLLOWED) ? { ...told, did: { ...told.did, audit: [first] } } : told;
    });
    const row = rowOf(testMilestones(pastOf(accounts, FOLLOWED, [30]), options).rows, 'audit');
    expect(row.naive?.hazardRatio).toBeLessThan(0.6);
    expect(row.naive?.p).toBeLessThan(1e-4);
    expect(row.p).toBeGreaterThan(0.05);
    expect(row.verdict).not.toBe('holds');
  });

  test('what larger accounts do more often is told apart within the bands', () => {
    const random = randomStream(11);
    const accounts = Array.from({ length: 1500 }, (_, index): Told => {
      const created = Math.floor(random.next() * 400);
      const size = index % 3;
      const churned = created + 31 + Math.ceil((random.exponential() * YEAR) / ([0.5, 0.2, 0.05][size] ?? 0.2));
      const keys = random.next() < ([0.1, 0.4, 0.8][size] ?? 0.4);
      return {
        id: `a${index}`,
        created,
        churned: churned < FOLLOWED ? churned : undefined,
        did: keys ? { api_key: [created + 2] } : { other: [created + 2] },
        band: BANDS[size] ?? 'smb',
      };
    });
    const history = pastOf(accounts, FOLLOWED, [30]);
    const blind = { ...history, papers: new Map() };
    expect(rowOf(testMilestones(blind, options).rows, 'api_key').verdict).toBe('holds');
    expect(rowOf(testMilestones(history, options).rows, 'api_key').verdict).not.toBe('holds');
  });

  test('what rides on the milestone is carried by it, and the milestone is not', () => {
    const random = randomStream(3);
    const accounts = Array.from({ length: 3000 }, (_, index) => {
      const told = drawn(random, index, 0.4);
      const rides = random.next() < (told.did?.['export'] === undefined ? 0.1 : 0.8);
      return rides ? { ...told, did: { ...told.did, alert: [told.created + 5] } } : told;
    });
    const { rows } = testMilestones(pastOf(accounts, FOLLOWED, [30]), options);
    expect(rowOf(rows, 'alert')).toMatchObject({ verdict: 'holds', carriedBy: 'export' });
    expect(rowOf(rows, 'export')).toMatchObject({ verdict: 'holds', carriedBy: null });
  });

  test('what rides is carried at a later age too, when many have done the same thing too late for it to matter', () => {
    const random = randomStream(4);
    const accounts = Array.from({ length: 3000 }, (_, index) => {
      const told = drawn(random, index, 0.4);
      const isReached = told.did?.['export'] !== undefined;
      const rides = random.next() < (isReached ? 0.8 : 0.1);
      const isLate = !isReached && random.next() < 0.5;
      const late = isLate ? { export: [told.created + 45] } : {};
      return { ...told, did: { ...told.did, ...late, ...(rides ? { alert: [told.created + 5] } : {}) } };
    });
    const { rows } = testMilestones(pastOf(accounts, FOLLOWED, [30, 60]), { ...options, windows: [30, 60] });
    const later = rows.find(({ candidate, windowDays }) => candidate === 'alert' && windowDays === 60);
    expect(later).toMatchObject({ verdict: 'holds', carriedBy: 'export' });
  });

  test('too few outcomes are refused before anything is computed, with the reason', () => {
    const { rows, tried } = testMilestones(pastOf(world(5, 1, 40), FOLLOWED, [30]), options);
    expect(tried).toBe(0);
    expect(rowOf(rows, 'export')).toMatchObject({ p: null, q: null, hazardRatio: null, verdict: 'too_little_data' });
    expect(rowOf(rows, 'export').needed?.reason).toMatch(/20 are the least/);
    expect(testMilestones(pastOf([], FOLLOWED, [30]), options).rows).toEqual([]);
  });

  test('who is outside the ICP, older than the events or gone by then is no row, and is counted', () => {
    const accounts: Told[] = [
      { id: 'a', created: 5, isEligible: false },
      { id: 'b', created: -20 },
      { id: 'c', created: 5, churned: 20 },
      { id: 'd', created: 5, isEligible: null },
    ];
    const { landmarks } = testMilestones(pastOf(accounts, FOLLOWED, [30]), options);
    expect(landmarks[0]).toMatchObject({
      accounts: 1,
      left: { beforeEvents: 1, notThere: 1, outsideIcp: 1, undated: 0 },
    });
  });
});
