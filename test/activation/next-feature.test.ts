import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UserAnswer } from '../../src/activation/answer.ts';
import type { AreaEvidence } from '../../src/activation/area-evidence.ts';
import { AnswerBook } from '../../src/activation/book.ts';
import { guideOf } from '../../src/activation/guide.ts';
import { finishedAreas, nextFeatures } from '../../src/activation/next-feature.ts';
import type { Peers } from '../../src/activation/peers.ts';
import { account, defaultModel, entry, user } from './entry.ts';

const model = defaultModel();
const areas = model.taxonomy.features;
const placeOf = (name: string) => areas.findIndex((area) => area.name === name);
const nobody: Peers = { users: 0, using: new Map() };

function evidence(area: string, segment: string | null, said: Partial<AreaEvidence> = {}): AreaEvidence {
  const interval = [0.02, 0.2] as const;
  const known = {
    difference: 0.1,
    interval,
    accounts: [200, 300] as const,
    ageDays: 60,
    horizonDays: 365,
    reason: null,
  };
  return { area, segment, verdict: 'holds', ...known, ...said };
}

function peers(users: number, using: Readonly<Record<string, number>>): Peers {
  return { users, using: new Map(Object.entries(using).map(([name, count]) => [placeOf(name), count])) };
}

function suggest(
  of: UserAnswer,
  { found = [] as readonly AreaEvidence[], peersOf = (_: string | null) => nobody, said = {} } = {},
) {
  return nextFeatures(guideOf(model, found), account('a', said), of, peersOf);
}

const names = (suggested: ReturnType<typeof suggest>) => suggested.features.map(({ feature }) => feature);

describe('what ranks', () => {
  test('evidence within the segment, then overall, then what power users with the same job use', () => {
    const suggested = nextFeatures(
      guideOf(model, [
        evidence('alerts', null, { difference: 0.3 }),
        evidence('sharing', 'Growth', { difference: 0.04 }),
        evidence('sharing', null, { difference: 0.5 }),
        evidence('dashboards', 'Strategic', { difference: 0.9 }),
      ]),
      account('a', { job: 'reporting' }),
      user('u', { used: [] }),
      (job) => (job === 'reporting' ? peers(20, { dashboards: 18, reporting: 20 }) : peers(90, { connections: 90 })),
    );
    expect(suggested.features.map(({ feature, basis, segment }) => [feature, basis, segment])).toEqual([
      ['sharing', 'segment', 'Growth'],
      ['alerts', 'overall', null],
    ]);
    const used = user('u', { used: [placeOf('sharing'), placeOf('alerts')] });
    const next = nextFeatures(guideOf(model, []), account('a', { job: 'reporting' }), used, (job) =>
      job === 'reporting' ? peers(20, { dashboards: 18, reporting: 5 }) : peers(90, { connections: 90 }),
    );
    expect(next.features.map(({ feature, basis, share, peers, job }) => [feature, basis, share, peers, job])).toEqual([
      ['dashboards', 'peers', 0.9, 20, 'reporting'],
      ['reporting', 'peers', 0.25, 20, 'reporting'],
    ]);
  });

  test('larger differences first, and ties by the order of the model', () => {
    const found = [
      evidence('alerts', null),
      evidence('sharing', null),
      evidence('dashboards', null, { difference: 0.2 }),
    ];
    expect(names(suggest(user('u'), { found }))).toEqual(['dashboards', 'sharing']);
  });

  test('evidence that does not hold, or tells no difference, counts as none', () => {
    const found = [
      evidence('alerts', null, { verdict: 'too_little_data' }),
      evidence('sharing', null, { verdict: 'fails' }),
      evidence('dashboards', null, { difference: null }),
    ];
    const suggested = suggest(user('u'), { found });
    expect(suggested.features).toEqual([]);
    expect(suggested.whyNone).toMatch(/neither evidence nor enough power users/);
  });

  test('all power users count where the job is unknown or has too few, and the answer says so', () => {
    const peersOf = (job: string | null) => (job === null ? peers(10, { alerts: 4 }) : peers(4, { sharing: 4 }));
    const unknown = suggest(user('u'), { peersOf });
    expect(unknown.features[0]).toMatchObject({ feature: 'alerts', basis: 'peers', share: 0.4, peers: 10, job: null });
    expect(unknown.features[0]?.reason).toMatch(/job is unknown/);
    const few = suggest(user('u'), { peersOf, said: { job: 'reporting' } });
    expect(few.features[0]).toMatchObject({ feature: 'alerts', job: null });
    expect(few.features[0]?.reason).toMatch(/fewer than 5/);
    expect(suggest(user('u'), { peersOf: () => peers(4, { alerts: 4 }) }).features).toEqual([]);
  });
});

describe('who is shown what', () => {
  const peersOf = () => peers(10, Object.fromEntries(areas.map(({ name }, index) => [name, 10 - (index % 10)])));
  const shown = (tier: string | null) => {
    const reached = new Set<string>();
    const used: number[] = [];
    for (let round = 0; round < areas.length; round++) {
      const found = names(suggest(user('u', { tier, used: [...used] }), { peersOf }));
      for (const name of found) {
        reached.add(name);
        used.push(placeOf(name));
      }
    }
    return [...reached].sort();
  };

  test('average users see core and secondary areas, power users advanced ones and integrations', () => {
    expect(shown('average')).toEqual(['alerts', 'connections', 'dashboards', 'reporting', 'sharing']);
    expect(shown('power')).toEqual(['administration', 'api', 'automations', 'integrations']);
  });

  test('nobody else is shown anything new, and the answer says why', () => {
    for (const tier of ['at_risk', 'dormant', 'new', 'pilot', null]) {
      const suggested = suggest(user('u', { tier }), { peersOf });
      expect(suggested.features).toEqual([]);
      expect(suggested.whyNone).not.toBeNull();
    }
  });
});

test('an area is finished where everybody starts, or where each of its events is a step already taken, and core areas never are', () => {
  const guide = {
    ...guideOf(model, []),
    areas: [...areas, { ...areas[4]!, name: 'first_export', events: ['report_exported'] }],
  };
  const finished = (stepsReached: number) =>
    finishedAreas(guide, { stepsReached: 0 }, { stepsReached }).map(({ name }) => name);
  expect(finished(2)).toEqual(['workspace']);
  expect(finished(3)).toEqual(['workspace', 'first_export']);
  expect(finishedAreas(guide, { stepsReached: null }, { stepsReached: 0 }).map(({ name }) => name)).toEqual([
    'workspace',
  ]);
});

const tiers = fc.constantFrom('power', 'average', 'at_risk', 'dormant', 'new', null);
const someAreas = fc.uniqueArray(fc.nat(areas.length - 1)).map((list) => list.sort((a, b) => a - b));
const someEvidence = fc.array(
  fc.record({
    area: fc.constantFrom(...areas.map(({ name }) => name)),
    segment: fc.constantFrom(null, 'Growth', 'Strategic'),
    verdict: fc.constantFrom('holds' as const, 'fails' as const, 'too_little_data' as const),
    difference: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  }),
);
const world = fc.record({
  tier: tiers,
  used: someAreas,
  steps: fc.nat(3),
  accountSteps: fc.option(fc.nat(3)),
  suppressed: someAreas,
  found: someEvidence,
  home: fc.constantFrom('Growth', 'Strategic', null),
  job: fc.constantFrom('reporting', null),
  counts: fc.array(fc.nat(40), { minLength: areas.length, maxLength: areas.length }),
});

test('for any user: at most two, in no case what is used, finished or suppressed, none for who is at risk, and always the same', () => {
  let suggestions = 0;
  fc.assert(
    fc.property(world, ({ tier, used, steps, accountSteps, suppressed, found, home, job, counts }) => {
      const guide = guideOf(
        model,
        found.map((one) => evidence(one.area, one.segment, one)),
      );
      const hidden = suppressed.map((place) => areas[place]?.name ?? '');
      const of = account('a', { home, job, suppressed: hidden, stepsReached: accountSteps });
      const who = user('u', { tier, used, stepsReached: steps });
      const using = new Map(counts.map((count, place) => [place, count]));
      const ask = () => nextFeatures(guide, of, who, () => ({ users: 40, using }));
      const { features, whyNone } = ask();
      const finished = finishedAreas(guide, of, who).map(({ name }) => name);
      suggestions += features.length;
      expect(ask()).toEqual({ features, whyNone });
      expect(features.length).toBeLessThanOrEqual(2);
      expect(whyNone === null).toBe(features.length > 0);
      if (tier !== 'average' && tier !== 'power') expect(features).toEqual([]);
      for (const { feature, basis, segment } of features) {
        expect(used).not.toContain(placeOf(feature));
        expect(hidden).not.toContain(feature);
        expect(finished).not.toContain(feature);
        expect(['workspace', 'help']).not.toContain(feature);
        if (basis === 'segment') expect(segment).toBe(home);
      }
    }),
    { numRuns: 500, seed: 4 },
  );
  expect(suggestions).toBeGreaterThan(100);
});

test('peers counted as accounts come, change and go are those of a count from scratch', () => {
  const places = fc.record({
    id: fc.nat(5),
    job: fc.constantFrom('reporting', 'platform', null),
    users: fc.array(fc.record({ tier: tiers, used: someAreas }), { maxLength: 4 }),
    gone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(places, { maxLength: 30 }), (changes) => {
      const book = new AnswerBook();
      const held = new Map<string, (typeof changes)[number]>();
      for (const change of changes) {
        const id = `a${change.id}`;
        if (change.gone) {
          book.remove(id);
          held.delete(id);
          continue;
        }
        book.put(
          entry(account(id, { job: change.job }), ...change.users.map((one, index) => user(`${id}-${index}`, one))),
        );
        held.set(id, change);
      }
      for (const job of ['reporting', 'platform', null]) {
        const power = [...held.values()]
          .filter((change) => job === null || change.job === job)
          .flatMap(({ users }) => users.filter(({ tier }) => tier === 'power'));
        const { users, using } = book.peers(job);
        expect(users).toBe(power.length);
        for (const place of areas.keys()) {
          expect(using.get(place) ?? 0).toBe(power.filter(({ used }) => used.includes(place)).length);
        }
      }
    }),
    { seed: 4 },
  );
});
