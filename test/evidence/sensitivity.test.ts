import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../src/evidence/history.ts';
import { type SensitivityOptions, type SensitivityRow, sensitivityOf } from '../../src/evidence/sensitivity.ts';
import type { Tellings } from '../../src/evidence/telling.ts';
import { randomStream } from '../../src/stats/random.ts';
import { BEGIN, pastOf, type Told } from './past.ts';

const FOLLOWED = 730;
const YEAR = 365;

const options: SensitivityOptions = {
  horizonDays: YEAR,
  declared: [{ name: 'first_export', event: 'export', workflow: null, isPrimary: true, withinDays: 14 }],
  areas: [],
  workflows: [],
};

const at = (day: number): number => BEGIN + day * DAY_MS;

const SILENT: Tellings = {
  use: new Map(),
  noticeMs: new Map(),
  eventMs: new Map(),
  eventNames: [],
  trait: new Map(),
  inactiveDays: 90,
};

/** Accounts that reach the milestone by chance. */
function historyOf(told: readonly (Told & { readonly reaches: boolean })[]) {
  const past = pastOf(told, FOLLOWED, [30]);
  const accounts = past.accounts.map((account, index) => {
    const one = told[index];
    const times = one?.reaches === true ? [at(one.created + 3)] : [];
    const milestone = { kind: 'milestone' as const, name: 'first_export', isProxy: false, times, userTimes: [] };
    return { ...account, reaches: times.length === 0 ? [] : [milestone] };
  });
  return { ...past, accounts };
}

/** A company whose contracts tell of churn by chance, and whose events tell of one that the milestone halves; or of none. */
function twofold(seed: number, size: number, ratio: number) {
  const random = randomStream(seed);
  const eventMs = new Map<string, readonly number[]>();
  const told = Array.from({ length: size }, (_, index) => {
    const id = `a${index}`;
    const created = Math.floor(random.next() * 400);
    const reaches = random.next() < 0.4;
    const drawn = (rate: number) => created + 31 + Math.ceil((random.exponential() * YEAR) / rate);
    const [ended, said] = [drawn(0.3), drawn(0.4 * (reaches ? ratio : 1))];
    if (said < FOLLOWED) eventMs.set(id, [at(said)]);
    return { id, created, reaches, churned: ended < FOLLOWED ? ended : undefined };
  });
  return { history: historyOf(told), tellings: { ...SILENT, eventMs, eventNames: ['cancelled'] } };
}

function rowOf(rows: readonly SensitivityRow[], definition: SensitivityRow['definition']): SensitivityRow {
  const row = rows.find((one) => one.definition === definition);
  if (row === undefined) throw new Error(`no row for ${definition}`);
  return row;
}

describe('churn told in different ways', () => {
  test('a milestone that holds by one definition alone is told as such, and the change is named', () => {
    const { history, tellings } = twofold(1, 1200, 0.4);
    const rows = sensitivityOf(history, tellings, options);
    expect(rows.map(({ definition }) => definition)).toEqual(['contract', 'event']);
    const [contract, event] = [rowOf(rows, 'contract'), rowOf(rows, 'event')];
    expect(contract.verdict).not.toBe('holds');
    expect(contract).toMatchObject({ agrees: 1200, onlyHere: 0, onlyByContract: 0, otherDay: 0, changedFrom: null });
    expect(event).toMatchObject({ verdict: 'holds', changedFrom: contract.verdict });
    expect(event.interval?.[0]).toBeLessThan(0.4);
    expect(event.interval?.[1]).toBeGreaterThan(0.4);
    expect(event.agrees + event.onlyHere + event.onlyByContract + (event.otherDay ?? 0)).toBe(event.accounts);
    expect(event.sentence).toMatch(/first_export at 30 days of age: holds .*; by contract it is: /);
  });

  test('where nothing is planted in either, hardly anything holds in either', () => {
    const held = Array.from({ length: 60 }, (_, seed) => {
      const { history, tellings } = twofold(200 + seed, 400, 1);
      return sensitivityOf(history, tellings, options).filter(({ verdict }) => verdict === 'holds').length;
    });
    expect(held.reduce((sum, count) => sum + count, 0)).toBeLessThan(6);
  });

  test('each account is counted once: the same day, another day, by one alone', () => {
    const told = [
      { id: 'same', created: 0, churned: 100, reaches: false },
      { id: 'earlier', created: 0, churned: 200, reaches: true },
      { id: 'running', created: 0, reaches: true },
      { id: 'quiet', created: 0, churned: 300, reaches: false },
      { id: 'staying', created: 0, reaches: false },
      { id: 'never', created: 0, paid: null, reaches: false },
    ];
    const noticeMs = new Map([
      ['same', at(90)],
      ['earlier', at(120)],
      ['running', at(700)],
      ['never', at(50)],
    ]);
    const trait = new Map([
      ['same', true],
      ['running', true],
      ['staying', false],
      ['quiet', false],
    ]);
    const rows = sensitivityOf(historyOf(told), { ...SILENT, noticeMs, trait }, options);
    const counts = { accounts: 5, churned: 4, agrees: 3, onlyHere: 1, onlyByContract: 0, otherDay: 1 };
    expect(rowOf(rows, 'notice')).toMatchObject({ ...counts, verdict: 'too_little_data' });
    expect(rowOf(rows, 'notice').reason).toMatch(/20 are the least/);
    const flagged = { accounts: 4, churned: 2, agrees: 2, onlyHere: 1, onlyByContract: 1, otherDay: null };
    expect(rowOf(rows, 'trait')).toMatchObject({ ...flagged, verdict: null, hazardRatio: null });
  });

  test('a silence ends use from its first day on, a contract that is paid on or not; the last days tell nothing', () => {
    const told = [
      { id: 'silent', created: 0, reaches: false },
      { id: 'ended', created: 0, churned: 400, reaches: false },
      { id: 'late', created: 0, churned: 700, reaches: false },
      { id: 'before', created: 0, paid: 100, reaches: false },
    ];
    const use = new Map([
      ['silent', [{ startMs: at(0), churnedMs: at(200) }]],
      ['ended', [{ startMs: at(0), churnedMs: null }]],
      ['late', [{ startMs: at(0), churnedMs: null }]],
      [
        'before',
        [
          { startMs: at(0), churnedMs: at(50) },
          { startMs: at(300), churnedMs: null },
        ],
      ],
    ]);
    const row = rowOf(sensitivityOf(historyOf(told), { ...SILENT, use }, options), 'inactivity');
    expect(row).toMatchObject({ accounts: 4, churned: 1, agrees: 2, onlyHere: 1, onlyByContract: 1, otherDay: 0 });
  });

  test('nothing is said where the facts tell churn in one way only', () => {
    const { history, tellings } = twofold(5, 100, 1);
    expect(sensitivityOf(history, SILENT, options)).toEqual([]);
    expect(sensitivityOf({ ...history, hasContracts: false }, tellings, options)).toEqual([]);
    const unnamed = sensitivityOf(history, tellings, { ...options, declared: [] });
    expect(unnamed.map(({ milestone, verdict }) => [milestone, verdict])).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});
