import { describe, expect, test } from 'vitest';
import { testClaims } from '../../src/evidence/claim.ts';
import { testGhosts } from '../../src/evidence/ghost.ts';
import { DAY_MS } from '../../src/evidence/history.ts';
import { testJobs } from '../../src/evidence/job.ts';
import type { JobRow } from '../../src/evidence/job_row.ts';
import { testRoles } from '../../src/evidence/role.ts';
import { testSegments } from '../../src/evidence/segment.ts';
import { testSequences } from '../../src/evidence/sequence.ts';
import { drawMembers, type GroupWorld, type Hazards, type Member, worldOf } from './group-world.ts';

const NOISE: Hazards = { churn: 0.25, expansion: 0.25 };
const motion = (name: string, pricing: string | null) => ({
  name,
  messagingHook: `${name} hook`,
  salesMotion: `${name} sale`,
  pricing,
});
const SEGMENTS = [motion('Alpha', 'seats'), motion('Beta', 'use'), motion('Gamma', 'use')];
const AREAS = ['reports', 'alerts', 'api', 'sharing'];

const worldWith = (seed: number, size: number, hazardsOf: (member: Member) => Hazards): GroupWorld =>
  worldOf(drawMembers(seed, size, hazardsOf));
const segments = ({ history, panel }: GroupWorld) =>
  testSegments(history, panel, { segments: SEGMENTS, horizonDays: 365, seed: 1, resamples: 49 });
const jobs = ({ history, panel }: GroupWorld): readonly JobRow[] =>
  testJobs(
    history,
    panel,
    { statements: [] },
    { jobs: [], bands: ['size_band'], horizonDays: 365, conversionDays: 180, seed: 1, resamples: 49 },
  );
const roles = ({ history, panel }: GroupWorld) =>
  testRoles(history, panel, { areas: AREAS, ageDays: 60, horizonDays: 365 });
const sequences = ({ history }: GroupWorld) =>
  testSequences(history, { areas: AREAS, ages: [60], horizonDays: 365, leastAccounts: 10 });
const claims = ({ history, panel }: GroupWorld) =>
  testClaims(history, panel, {
    beginnings: [],
    core: AREAS,
    secondary: ['api'],
    overlay: 'Alpha',
    horizonDays: 365,
    seed: 1,
    resamples: 49,
  });
const ghosts = ({ history, panel }: GroupWorld) =>
  testGhosts(history, panel, {
    columns: ['size_band', 'industry'],
    leastAccounts: 20,
    signals: ['sessions_30d'],
    horizonDays: 365,
    twins: 3,
    seed: 1,
    resamples: 49,
  });

describe('in noise hardly anything holds', () => {
  const worlds = Array.from({ length: 12 }, (_, seed) => worldWith(500 + seed, 400, () => NOISE));
  const shareOf = (verdicts: readonly string[]) =>
    verdicts.filter((verdict) => verdict === 'holds').length / verdicts.length;

  test('of all checks on worlds whose groups have nothing to do with outcomes fewer than 5% hold', () => {
    const verdicts = worlds.flatMap((world) => [
      ...segments(world).flatMap(({ differs }) => [differs.retention.verdict, differs.expansion.verdict]),
      ...jobs(world).flatMap(({ verdict, wedge }) => [verdict, wedge]),
      ...roles(world).flatMap((row) =>
        row.kind === 'role' ? [row.expansion.verdict, row.retention.verdict, row.frequency.verdict] : [row.verdict],
      ),
      ...sequences(world).map(({ verdict }) => verdict),
      ...claims(world).flatMap((row) => (row.direction === null || row.see !== null ? [] : [row.direction])),
      ...ghosts(world).flatMap((row) => (row.kind === 'cell' ? row.cohorts.map(({ verdict }) => verdict) : [])),
    ]);
    expect(verdicts.length).toBeGreaterThan(500);
    expect(shareOf(verdicts)).toBeLessThan(0.05);
  });
});

describe('segments', () => {
  const world = worldWith(1, 900, ({ texts }) => ({
    churn: texts['segment'] === 'Alpha' ? 0.7 : 0.2,
    expansion: 0.25,
  }));
  const rows = segments(world);
  const home = (name: string) =>
    rows.find((row) => row.kind === 'segment' && row.basis === 'home' && row.segment === name);

  test('one that leaves more often is validated, with an interval that holds the truth', () => {
    const row = home('Alpha');
    expect(row).toMatchObject({ kind: 'segment', standing: 'validated', verdict: 'holds', horizonDays: 365 });
    if (row?.kind !== 'segment') throw new Error('a segment');
    expect(row.interval?.[0]).toBeLessThan(Math.exp(-0.7));
    expect(row.interval?.[1]).toBeGreaterThan(Math.exp(-0.7));
    expect(row.gross.estimate).toBeLessThanOrEqual(row.net.estimate ?? 0);
    expect(row.differs.expansion.verdict).not.toBe('holds');
  });

  test('two that are not told apart and are priced alike are to be merged, without saying that they are the same', () => {
    const pairs = rows.filter((row) => row.kind === 'pair' && row.basis === 'home');
    const pair = pairs.find((row) => row.kind === 'pair' && row.segments.join() === 'Beta,Gamma');
    expect(pair).toMatchObject({ advice: 'merge', sameMotion: ['pricing'] });
    expect(pair?.verdict).not.toBe('holds');
    expect(pairs.filter((row) => row.kind === 'pair' && row.advice === 'merge')).toHaveLength(1);
    const few = segments(worldWith(2, 60, () => NOISE)).filter((row) => row.kind === 'pair');
    expect(few.map(({ sentence }) => sentence).join()).toMatch(/does not mean that they are the same/);
  });

  test('the same seed gives the same rows to the byte', () => {
    expect(JSON.stringify(segments(world))).toBe(JSON.stringify(rows));
  });
});

describe('jobs', () => {
  const world = worldWith(4, 1200, ({ texts }) => ({
    churn: texts['job'] === 'automation' ? 0.15 : 0.4,
    expansion: 0.2,
  }));

  test('the job that keeps its customers holds, and its retention lies in its interval', () => {
    const row = jobs(world).find(({ job }) => job === 'automation');
    expect(row?.verdict).toBe('holds');
    expect(row?.retention.interval?.[0]).toBeLessThan(Math.exp(-0.15));
    expect(row?.retention.interval?.[1]).toBeGreaterThan(Math.exp(-0.15));
    expect(row?.sentence).toMatch(/how many convert is unknown/);
    expect(row?.selection.accounts[1]).toBeGreaterThan(200);
  });

  test('the wedge is named only where its interval lies above all others', () => {
    const { history, panel } = world;
    const jobOf = new Map(panel.rows.map(({ accountId, index }) => [accountId, panel.texts('job')[index] ?? null]));
    const leads = history.accounts.flatMap(({ accountId, createdMs }) => {
      const job = jobOf.get(accountId) ?? null;
      return job === null ? [] : [{ accountId, job, atMs: (createdMs ?? 0) - 5 * DAY_MS }];
    });
    const options = { jobs: [], bands: ['size_band'], horizonDays: 365, conversionDays: 180, seed: 1, resamples: 49 };
    const told = testJobs(history, panel, { statements: leads }, options);
    expect(told.filter(({ wedge }) => wedge === 'holds').map(({ job }) => job)).toEqual(['automation']);
    expect(jobs(worldWith(5, 400, () => NOISE)).every(({ wedge }) => wedge === 'too_little_data')).toBe(true);
  });
});

describe('sequences, roles, claims and ghosts', () => {
  const world = worldWith(8, 1500, ({ areas, numbers, texts }) => {
    const kept = !Number.isNaN(numbers['sequence_days'] ?? Number.NaN);
    const risk = texts['cohort'] === 'At Risk' ? 3 : 1;
    return { churn: (kept ? 0.1 : 0.35) * risk, expansion: areas['api'] === undefined ? 0.1 : 0.6 };
  });

  test('a feature that goes with expansion is an expansion feature, others are not', () => {
    const rows = roles(world).filter((row) => row.kind === 'role');
    expect(rows.find((row) => row.kind === 'role' && row.area === 'api')).toMatchObject({
      role: 'expansion',
      verdict: 'holds',
    });
    expect(rows.filter((row) => row.kind === 'role' && row.role === 'expansion')).toHaveLength(1);
  });

  test('an order is compared with other orders of the same areas only', () => {
    const rows = sequences(world);
    expect(rows.length).toBeGreaterThan(4);
    for (const { order, n } of rows) {
      const set = rows.filter((other) => other.order.toSorted().join() === order.toSorted().join());
      expect(n[0] + n[1]).toBeGreaterThanOrEqual(set.reduce((sum, other) => sum + other.n[0], 0));
    }
  });

  test('a claim of an amount is refuted by its amount while its direction holds', () => {
    const row = claims(world).find(({ claim, within }) => claim === 'activation-sequence' && within === null);
    expect(row).toMatchObject({ verdict: 'fails', direction: 'holds', measure: 'ratio of retention' });
    expect(claims(world).find(({ claim }) => claim === 'warning-before-renewal')).toMatchObject({
      see: 'lead-time',
      estimate: null,
    });
  });

  test('what paper does not tell is told within cells, and twins are near and have opposite ends', () => {
    const rows = ghosts(world);
    const [mix] = rows;
    if (mix?.kind !== 'mix') throw new Error('the first row is the mix');
    expect(mix.withinCells.find(({ cohort }) => cohort === 'At Risk')).toMatchObject({ verdict: 'holds' });
    const twins = rows.filter((row) => row.kind === 'twins');
    expect(twins).toHaveLength(3);
    for (const { distance, days } of twins) {
      expect(distance).toBeLessThan(0.5);
      expect(days[1]).toBeGreaterThanOrEqual(2 * days[0] - 1);
    }
  });
});

test('too few accounts are refused before anything is tested, with the reason', () => {
  const world = worldWith(7, 30, () => NOISE);
  const told = [...segments(world), ...jobs(world), ...roles(world), ...sequences(world)];
  expect(told.length).toBeGreaterThan(10);
  expect(told.filter(({ verdict }) => verdict === 'holds')).toEqual([]);
  for (const { sentence } of told) expect(sentence).toMatch(/\w/);
  const empty = worldOf([]);
  expect([segments(empty), jobs(empty), sequences(empty)]).toEqual([[], [], []]);
});

describe('claims', () => {
  const sequence = (members: readonly Member[]) =>
    claims(worldOf(members)).filter(({ claim }) => claim === 'activation-sequence');
  const members = drawMembers(7, 200, () => NOISE);

  test('are asked within each band, and once where all accounts are of one', () => {
    expect(sequence(members).map(({ within }) => within)).toEqual([null, 'enterprise', 'mid_market', 'smb']);
    expect(sequence(members.map((member) => ({ ...member, band: 'smb' }))).map(({ within }) => within)).toEqual([null]);
  });
});
