import { describe, expect, test } from 'vitest';
import type { Calibration } from '../../src/evidence/calibrate.ts';
import { testDrift } from '../../src/evidence/drift.ts';
import { testExpansion } from '../../src/evidence/expansion.ts';
import { testGhosts } from '../../src/evidence/ghost.ts';
import { type Panel, thinPanel } from '../../src/evidence/panel.ts';
import { calibrationSection } from '../../src/evidence/report/calibration_section.ts';
import { driftSection } from '../../src/evidence/report/drift_section.ts';
import { expansionSection } from '../../src/evidence/report/expansion_section.ts';
import { ghostSection } from '../../src/evidence/report/ghost_section.ts';
import { reportPage, type Section } from '../../src/evidence/report/page.ts';
import { roleSection } from '../../src/evidence/report/role_section.ts';
import { sequenceSection } from '../../src/evidence/report/sequence_section.ts';
import { testRoles } from '../../src/evidence/role.ts';
import { testSequences } from '../../src/evidence/sequence.ts';
import { randomStream } from '../../src/stats/random.ts';
import { type Member, worldOf } from './group-world.ts';
import { smallWorld } from './synthetic.ts';

const frame = {
  company: 'Ada',
  followedThrough: '2026-01-01T00:00:00.000Z',
  modelVersion: 'abcdef0123456789',
  writtenAt: new Date(Date.UTC(2026, 0, 2)),
};

const pageOf = (section: Section): string => reportPage(frame, [section]);

/** Accounts in two bands; those in decline leave more, and `alerts` before `boards` goes with staying. */
function members(count: number): readonly Member[] {
  const random = randomStream(5);
  return Array.from({ length: count }, (_, index): Member => {
    const isFalling = random.next() < 0.3;
    const isFirst = random.next() < 0.5;
    const left = 70 + Math.ceil((random.exponential() * 365) / (isFalling ? 1.5 : isFirst ? 0.15 : 0.9));
    const isSharing = random.next() < 0.5 ? { exports: 12 } : {};
    const grew = 100 + Math.ceil(random.exponential() * 400);
    return {
      id: `a${index}`,
      created: index % 200,
      churned: left < 500 ? (index % 200) + left : undefined,
      expanded: grew < left && grew < 500 ? (index % 200) + grew : undefined,
      band: index % 2 === 0 ? 'smb' : '<mid>',
      texts: {
        segment: 'Growth',
        cohort: isFalling ? 'At Risk' : 'Steady State',
        size_band: index % 2 === 0 ? 'smb' : '<mid>',
        industry: 'saas',
      },
      numbers: { employees: 40, arr: 1000, active_days: isFalling ? 1 : 9 },
      areas: { ...isSharing, ...(isFirst ? { alerts: 3, boards: 6, charts: 9 } : { boards: 3, alerts: 6, charts: 9 }) },
    };
  });
}

const OPTIONS = { horizonDays: 365, seed: 1, resamples: 49 };

/** Nothing that a number which is none would leave behind, and nothing that asks or runs. */
function expectWhole(page: string): void {
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object|<script|https?:|<mid>/);
}

describe('sections of the report', () => {
  test('orders: a forest with its table says which order goes with staying', () => {
    const { history } = worldOf(members(600));
    const rows = testSequences(history, {
      areas: ['alerts', 'boards', 'charts'],
      ages: [60],
      horizonDays: 365,
      leastAccounts: 20,
    });
    const page = pageOf(sequenceSection(rows));
    expect(page).toContain('alerts › boards › charts');
    expect(page).toMatch(/class="estimate holds"/);
    expect(page.match(/Show as table/g)).toHaveLength(1);
    expectWhole(page);
  });

  test('roles: both sides are drawn, with one table for both', () => {
    const { history, panel } = worldOf(members(600));
    const rows = testRoles(history, panel, { areas: ['exports', 'boards'], ageDays: 60, horizonDays: 365 });
    const page = pageOf(roleSection(rows));
    expect(page.match(/<svg/g)).toHaveLength(2);
    expect(page.match(/Show as table/g)).toHaveLength(1);
    expectWhole(page);
  });

  test('ghosts: every cell has a field for each cohort, filled by its share, framed where it holds', () => {
    const { history, panel } = worldOf(members(600));
    const rows = testGhosts(history, panel, {
      columns: ['size_band', 'industry'],
      leastAccounts: 20,
      signals: ['active_days'],
      twins: 3,
      ...OPTIONS,
    });
    const cells = rows.filter((row) => row.kind === 'cell');
    const page = pageOf(ghostSection(rows));
    const fills = [...page.matchAll(/--heat:(\d+)%/g)].map(([, fill]) => Number(fill));
    const shares = cells.flatMap(({ cohorts }) => cohorts.map(({ share }) => Math.round(100 * share)));
    expect(cells.length).toBe(2);
    expect(fills.toSorted()).toEqual(shares.toSorted());
    expect(page).toContain('field held');
    expect(page).toContain('&lt;mid&gt; / saas');
    expectWhole(page);
  });

  test('expansion: says what could be kept, or why that cannot be told', () => {
    const { history, panel } = worldOf(members(600));
    const fires = () => true;
    const moments = testExpansion(history, panel, {
      segments: ['Growth'],
      triggers: [{ segment: 'Growth', name: 'seats_full', fires }],
      horizonDays: 365,
    });
    const page = pageOf(expansionSection({ moments, sales: [] }, undefined, 'EUR'));
    expect(page).toContain('0 of 1 expansion triggers are shown to announce expansion.');
    expect(page).toContain('From entering a segment');
    expectWhole(page);
  });

  test('drift: bars beside what chance reaches, and a signal that nobody knew then is not compared', () => {
    const { panel, signals } = smallWorld({
      seed: 3,
      accounts: 300,
      days: 400,
      everyDays: 28,
      yearlyChurn: 0.4,
      declineShare: 1,
      declineFrom: [100, 200],
      noise: 2,
    });
    const since = panel.landmarks.at(-3) ?? 0;
    const began = panel.rows.map(({ landmarkMs }) => (landmarkMs >= since ? 1 : Number.NaN));
    const partly = {
      ...panel,
      numbers: (name: string) => (name === 'noise_1' ? Float64Array.from(began) : panel.numbers(name)),
    };
    const rows = testDrift(partly, { signals, referenceMs: null });
    const hidden = rows.find(({ signal }) => signal === 'noise_1');
    expect(hidden).toMatchObject({ verdict: 'too_little_data', estimate: null });
    expect(hidden?.needed?.reason).toMatch(/^it is known of 0 of [\d,]+ customers then/);
    const page = pageOf(driftSection(rows, []));
    expect(page.match(/<rect/g)?.length).toBe(
      rows.filter(({ estimate, leak }) => estimate !== null && leak === null).length,
    );
    expectWhole(page);
  });

  test('calibration: a rule as it is beside what is proposed, with the diff', () => {
    const path = 'segments.Growth.motion.churn_indicators.champions_fading';
    const calibration: Calibration = {
      proposals: [{ path, signal: 'use', operator: '<=', from: 3, to: 4.5, because: 'use at or below 4.5' }],
      kept: [{ path: 'cohorts.At Risk', signal: 'use', value: 2, state: 'confirmed', because: 'it lies within' }],
      rules: [
        {
          path,
          from: 'use <= 3',
          to: 'use <= 4.5',
          share: [0.1, 0.2],
          hazardRatio: [2, 3],
          interval: [
            [1.2, 3.3],
            [2, 4.5],
          ],
          stands: true,
        },
      ],
      diff: '--- a/bellwether.yaml\n+++ b/bellwether.yaml\n',
      text: '',
    };
    const page = pageOf(calibrationSection(calibration));
    expect(page).toContain('1 number is proposed; 1 shipped number is confirmed by later data');
    expect(page).toContain('champions_fading, Growth, proposed');
    expect(page).toContain('+++ b/bellwether.yaml');
    expect(page.match(/class="estimate holds"/g)).toHaveLength(1);
    expectWhole(page);
  });

  test('every section says of nothing that there is nothing', () => {
    const { history, panel } = worldOf([]);
    const nothing: Calibration = { proposals: [], kept: [], rules: [], diff: '', text: '' };
    const sections = [
      sequenceSection(testSequences(history, { areas: [], ages: [60], horizonDays: 365, leastAccounts: 20 })),
      roleSection(testRoles(history, panel, { areas: ['alerts'], ageDays: 60, horizonDays: 365 })),
      ghostSection(
        testGhosts(history, panel, { columns: ['size_band'], leastAccounts: 20, signals: [], twins: 3, ...OPTIONS }),
      ),
      expansionSection({ moments: [], sales: [] }, undefined, 'EUR'),
      driftSection(testDrift(panel, { signals: [], referenceMs: null }), []),
      calibrationSection(nothing),
    ];
    for (const section of sections) {
      expect(section.lead.length, section.id).toBeGreaterThan(10);
      expectWhole(pageOf(section));
    }
  });
});

describe('a panel with fewer landmarks', () => {
  const weekly = (): Panel =>
    smallWorld({
      seed: 4,
      accounts: 60,
      days: 300,
      everyDays: 7,
      yearlyChurn: 0.5,
      declineShare: 0,
      declineFrom: [1, 2],
      noise: 1,
    }).panel;

  test('keeps every fourth from the last, with the values that stood there', () => {
    const panel = weekly();
    const thin = thinPanel(panel, 28);
    expect(thin.landmarks).toEqual(panel.landmarks.filter((_, at) => (panel.landmarks.length - 1 - at) % 4 === 0));
    expect(thin.rows.map(({ index }) => index)).toEqual([...thin.rows.keys()]);
    const told = new Map(panel.rows.map((row) => [`${row.accountId} ${row.landmarkMs}`, row.index]));
    for (const { accountId, landmarkMs, index } of thin.rows) {
      const before = told.get(`${accountId} ${landmarkMs}`) ?? -1;
      expect(thin.numbers('noise_0')[index]).toBe(panel.numbers('noise_0')[before]);
      expect(thin.texts('industry')[index]).toBe(panel.texts('industry')[before]);
    }
  });

  test('numbers its accounts as a panel of these landmarks alone would', () => {
    const { rows } = thinPanel(weekly(), 28);
    const seen = new Map<string, number>();
    for (const { accountId, cluster } of rows) {
      expect(cluster).toBe(seen.get(accountId) ?? seen.size);
      seen.set(accountId, cluster);
    }
    expect(() => thinPanel(weekly(), 28).numbers('nothing')).toThrow('the panel holds no column nothing');
  });
});
