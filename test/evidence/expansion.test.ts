import { expect, test } from 'vitest';
import { type ExpansionTrigger, testExpansion } from '../../src/evidence/expansion.ts';
import { DAY_MS } from '../../src/evidence/history.ts';
import { describeSales } from '../../src/evidence/sale.ts';
import { drawMembers, type Hazards, type Member, worldOf } from './group-world.ts';
import { BEGIN } from './past.ts';

const worldWith = (seed: number, size: number, hazardsOf: (member: Member) => Hazards) =>
  worldOf(drawMembers(seed, size, hazardsOf));

function asked(world: ReturnType<typeof worldWith>) {
  const reverted = world.panel.numbers('reverted_features');
  const fires: ExpansionTrigger['fires'] = ({ index }) => reverted[index] === 1;
  const triggers = [
    { segment: 'Alpha', name: 'planted', fires },
    { segment: 'Alpha', name: 'unreadable', fires: null },
  ];
  return testExpansion(world.history, world.panel, { segments: ['Alpha', 'Beta'], triggers, horizonDays: 365 });
}

test('a trigger before which accounts expand more often holds; from entry is a description', () => {
  const rows = asked(
    worldWith(3, 1200, ({ numbers }) => ({ churn: 0.2, expansion: numbers['reverted_features'] === 1 ? 2.5 : 0.1 })),
  );
  expect(rows.map(({ kind }) => kind)).toEqual(['entry', 'entry', 'trigger', 'trigger']);
  const [entry, , planted, unreadable] = rows;
  expect(entry).toMatchObject({ verdict: 'too_little_data', p: null });
  expect(planted).toMatchObject({ verdict: 'holds', trigger: 'planted', tried: 1 });
  expect(planted?.estimate).toBeGreaterThan(entry?.estimate ?? 1);
  expect(planted?.medianDays).toBeGreaterThan(30);
  expect(unreadable).toMatchObject({ n: 0, estimate: null, p: null });
});

test('in noise a trigger hardly ever holds', () => {
  const verdicts = Array.from({ length: 40 }, (_, seed) =>
    asked(worldWith(700 + seed, 500, () => ({ churn: 0.2, expansion: 0.3 }))),
  );
  const holding = verdicts.flat().filter(({ verdict }) => verdict === 'holds');
  expect(holding.length).toBeLessThan(3);
});

test('sales are counted when they are over, and shares are told where every account has a group', () => {
  const { panel } = worldWith(5, 40, () => ({ churn: 0.2, expansion: 0.2 }));
  const sale = (index: number, wonDays: number | null, stages: readonly string[]) => ({
    accountId: `a${String(index).padStart(4, '0')}`,
    opportunityId: `o${index}`,
    kind: 'new',
    createdMs: BEGIN,
    wonMs: wonDays === null ? null : BEGIN + wonDays * DAY_MS,
    stages: stages.map((stage, at) => ({ atMs: BEGIN + at * DAY_MS, stage })),
  });
  const opportunities = [
    sale(0, 10, ['qualified', 'won']),
    sale(1, 30, ['qualified', 'won']),
    sale(2, null, ['qualified', 'proposal', 'Closed Lost']),
    sale(3, null, ['qualified']),
  ];
  const rows = describeSales(panel, { opportunities }, 'size_band');
  expect(rows[0]).toMatchObject({
    by: 'all',
    n: 3,
    opened: 4,
    won: 2,
    daysToClose: 20,
    lostAt: [{ stage: 'proposal', lost: 1 }],
  });
  expect(rows[0]?.estimate).toBeCloseTo(2 / 3);
  expect(rows.filter(({ by }) => by === 'segment').every(({ estimate }) => estimate === null)).toBe(true);
  expect(rows.filter(({ by }) => by === 'band').reduce((sum, { opened }) => sum + opened, 0)).toBe(4);
  expect(describeSales(panel, { opportunities: [] }, 'size_band')).toEqual([]);
});
