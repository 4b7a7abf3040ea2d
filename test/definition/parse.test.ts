import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { derivationOrder } from '../../src/definition/derivation.ts';
import { diffModels } from '../../src/definition/diff.ts';
import { sampleFiles, writeDefaultModel } from '../../src/definition/example/files.ts';
import { writeJsonSchema } from '../../src/definition/json_schema.ts';
import { describeCondition } from '../../src/rule/describe.ts';
import { faultsOf, modelOf, read } from './model.ts';

describe('the default model', () => {
  const model = modelOf(writeDefaultModel());

  test('reads without any fault', () => {
    expect(faultsOf(writeDefaultModel())).toEqual([]);
    expect(faultsOf(writeDefaultModel('Smith & Söhne: "west"'))).toEqual([]);
    expect(modelOf(writeDefaultModel('Smith & Söhne: "west"')).name).toBe('Smith & Söhne: "west"');
  });

  test('writes out every default: an empty model has the same rules, all of them uncalibrated', () => {
    const empty = modelOf('');
    expect(model.defaulted).toEqual(empty.defaulted);
    const rules = (of: typeof model) => diffModels(of, model).map((change) => change.path.split('.')[0]);
    expect([...new Set(rules(empty))].toSorted()).toEqual(
      ['activation', 'exclude', 'icp', 'jobs', 'name', 'signals', 'sources', 'taxonomy', 'traits'].toSorted(),
    );
  });

  test('has the numbers of the definitions', () => {
    expect(model.value).toEqual({
      churnGraceDays: 30,
      expansionMultiplier: 1.25,
      belowCapacity: 0.3,
      tiers: [
        { name: 'Platinum', below: 0.1 },
        { name: 'Gold', below: 0.3 },
        { name: 'Silver', below: 0.6 },
        { name: 'Bronze', below: 1 },
      ],
      assumedMargin: 0.8,
      assumedChurn: 0.1,
    });
    expect(model.assignment).toEqual({ dwellDays: 7, overlayExitDays: 14, windowDays: 56, overrideDays: 30 });
    expect(model.breaker).toEqual({ share: 0.2, minimum: 20 });
    expect(model.decline).toEqual({ minDecline: 0.4, maxZ: -1.645 });
    expect(model.composite).toEqual({ behavioural: 40, value: 30, needs: 15, firmographic: 15 });
    expect(model.outcomes).toEqual({ inactiveDays: 90 });
    expect(model.users.executiveSeniority).toEqual(['executive', 'c_level', 'vp', 'founder']);
    expect(
      model.segments.map((segment) => [
        segment.name,
        segment.isOverlay,
        segment.motion.coverage?.ratio,
        segment.motion.renewalCadenceDays,
      ]),
    ).toEqual([
      ['At-Risk', true, null, null],
      ['Strategic', false, 10, 180],
      ['Growth', false, 30, 120],
      ['Efficient', false, 75, 90],
      ['Long-Tail', false, 500, 60],
    ]);
    expect(model.fallback.map((rung) => [rung.segment, rung.when?.text ?? 'otherwise'])).toEqual([
      ['Strategic', "size_band = 'enterprise' and value_tier in ('Platinum', 'Gold')"],
      ['Growth', "value_tier in ('Platinum', 'Gold')"],
      ['Efficient', "value_tier = 'Silver'"],
      ['Long-Tail', 'otherwise'],
    ]);
    expect(model.users.tiers.map((tier) => tier.name)).toEqual(['dormant', 'new', 'at_risk', 'power', 'average']);
    expect(model.taxonomy.features.length).toBeGreaterThanOrEqual(10);
    expect(model.jobs.length).toBe(5);
  });

  test('comes with data that its sources name', () => {
    const paths = sampleFiles().map((file) => file.path);
    expect(model.sources.map((source) => source.path).filter((path) => !paths.includes(path))).toEqual([]);
    const known = new Set(['login', 'page_viewed', ...model.taxonomy.features.flatMap((area) => area.events)]);
    const events = sampleFiles().find((file) => file.path === 'data/events.csv')?.text ?? '';
    const names = new Set(
      events
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[1] ?? ''),
    );
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
  });

  test('derives names in an order that needs nothing twice', () => {
    const order = derivationOrder(model);
    const precedes = (a: string, b: string) =>
      expect(order.indexOf(a), `${a} before ${b}`).toBeLessThan(order.indexOf(b));
    precedes('size_band', 'composite_score');
    precedes('power_user_density', 'cohort');
    precedes('cohort', 'lifecycle');
    precedes('value_score', 'value_tier');
    precedes('health_score', 'composite_score');
  });

  test('is said in plain English', () => {
    const band = model.bands[0]?.bands[1]?.when;
    expect(band == null ? '' : describeCondition(band)).toBe('employees is between 50 and 500');
  });
});

test('the JSON Schema in schema/ is the current one (vitest -u writes it)', async () => {
  await expect(writeJsonSchema()).toMatchFileSnapshot('../../schema/bellwether.schema.json');
});

describe('forms that the texts show', () => {
  test('maps and lists say the same', () => {
    const map = modelOf(
      'cohorts: { A: arr > 1, B: otherwise }\nsegments:\n  S: arr > 5\n  T: arr <= 5\nfallback: { S: arr > 2, T: otherwise }',
    );
    const list = modelOf(
      'cohorts: [ { name: A, when: arr > 1 }, { name: B } ]\nsegments:\n  - { name: S, when: arr>5 }\n  - name: T\n    when: arr <= 5\nfallback:\n  - { segment: S, when: arr > 2 }\n  - { segment: T, when: otherwise }',
    );
    expect(map.version).toBe(list.version);
  });

  test('the example of the design', () => {
    const model = modelOf(`
version: 1
name: Acme Analytics
icp:
  when: employees between 50 and 2000 and industry in ('fintech', 'saas')
bands: { size_band: { smb: employees < 50, mid_market: employees between 50 and 500, enterprise: employees > 500 } }
taxonomy:
  features:  { reporting: { events: [report_created, report_exported], core: true } }
  workflows: { weekly_report: { steps: [report_created, report_shared, report_exported], within_days: 7 } }
  proxies:   [login, page_viewed]
  ignore:    [heartbeat]
activation:
  account_sequence: [workspace_created, data_connected, report_exported]   # reached by anyone in the account
  milestones: { first_export: { event: report_exported, within_days: 14, primary: true }, invited_three: { event: user_invited, count: 3 } }
signals:
  exports_14d: { entity: account, measure: count, of: report_exported, where: "properties.status = 'success'", window_days: 14 }
  api_gb_30d:  { entity: account, measure: sum, of: api_called, property: bytes, window_days: 30 }
  feature_breadth_14d: { like: feature_breadth_30d, window_days: 14 }
traits:
  plan_family: { entity: account, type: string }
exclude:
  users: email like '%@acme.com'
  accounts: name like 'Test %'
cohorts:
  - { name: Power User, when: power_users >= 3 and feature_breadth_30d >= 4 and activated = 1 }
  - { name: Steady State, when: active_users_30d > 0 and feature_breadth_14d > 0 and exports_14d >= 0 }
  - { name: At Risk, when: active_users_30d > 9 }
  - { name: Dormant, when: plan_family = 'old' }
value:    { expansion_multiplier: 1.25, below_capacity: 0.3, tiers: { Platinum: 0.1, Gold: 0.2, Silver: 0.3, Bronze: 0.4 } }
jobs:     { workflow_automation: { label: Automate, codebook: [by hand], features: [reporting] } }
segments:
  - name: Strategic
    when: size_band = 'enterprise' and cohort = 'Power User' and value_tier in ('Platinum', 'Gold')
    dwell_days: 5
    personas: [champion]
    messaging_hook: a
    sales_motion: b
    pricing: c
    motion:
      coverage: { model: dedicated, ratio: 10 }
      sales_play: x
      nurture_track: y
      expansion_triggers: [ { name: seats_full, when: seat_breadth >= 0.85, due_days: 14, owner: ae, steps: [call] } ]
      churn_indicators:  [ { name: sponsor_gone, when: days_since_sponsor_change <= 30 and sponsor_engaged = 0, due_days: 7, owner: csm, steps: [call], enters_at_risk: true } ]
sources:
  - { name: crm, table: accounts, path: "crm/*.csv", format: csv, columns: { account_id: id, traits.plan: plan }, delimiter: ";", timezone: Europe/Berlin }
  - { table: events, path: e.parquet, time_format: unix_ms, where: kind = 'track', covers_from: 2026-01-01, complete_through: 2026-03-01T00:00:00Z }
  - { table: contracts, path: c.jsonl, ends_inclusive: true }
`);
    expect(model.value.tiers.map((tier) => tier.below)).toEqual([0.1, 0.3, 0.6, 1]);
    expect(model.segments[0]).toMatchObject({
      name: 'Strategic',
      dwellDays: 5,
      motion: { churnIndicators: [{ entersAtRisk: true, dueDays: 7 }] },
    });
    expect(model.segments[0]?.motion.renewalCadenceDays).toBe(180);
    expect(model.sources[1]?.completeThrough?.toISOString()).toBe('2026-03-01T00:00:00.000Z');
    expect(model.fallback.map((rung) => rung.segment)).toEqual(['Strategic', 'Strategic']);
    expect(model.defaulted).toContain('value.tiers');
    expect(model.defaulted).not.toContain('segments.Strategic.dwell_days');
  });

  test('a model of segments alone keeps its own names in the fallback', () => {
    const model = modelOf('segments: { Big: arr >= 1000, Small: arr < 1000 }');
    expect(model.fallback.map((rung) => [rung.segment, rung.when])).toEqual([['Small', null]]);
  });
});

describe('faults', () => {
  test('of YAML: duplicate keys and syntax', () => {
    expect(faultsOf('name: a\ncohorts: {A: seats > 1}\nsegments: {A: seets > 1}\nname: b\n')).toEqual([
      '3:15 error unknown-name: nothing is called `seets` Did you mean `seats`?',
      '4:1 error duplicate-key: the key `name` stands here twice',
    ]);
    expect(faultsOf('a: [1, 2\nb: 3\n')[0]).toMatch(/^2:1 error yaml-syntax: /);
  });

  test('all at once, each with line, column and advice', () => {
    const text = `
nmae: Y
whatever_this_is: 3
sources:
  - { table: acounts, path: x.csv }
  - { table: events, path: e.csv, columns: { evnt: name, properties.x: y }, covers_from: yesterday }
cohorts:
  - name: A
    when: active_users_30 > 1
  - when: arr > 1
  - { name: B, when: "arr >" , whn: 3}
segments:
  - name: S
    when: >-
      size_band = 'enterprize'
      and cohort in ('A', 'C')
    dwell_days: soon
    motion:
      coverage: { ratio: many }
      expansion_triggers: [ { name: x, when: arr > 'a' }, {name: y} ]
breaker: 5
activation:
  milestones: { a: { event: x, workflow: y, primary: true }, b: {event: z, count: 0} }
signals:
  exports_14d: { measure: sum, of: x, window_days: 30 }
  like_it: { like: feature_bredth_30d, window_days: 7 }
exclude: { users: email lik 'x' }
health: [ { signal: seat_bredth, poor: 0, good: 1, weight: 1 } ]
`;
    expect(faultsOf(text).filter((fault) => !fault.includes('whatever'))).toMatchSnapshot();
    expect(read(text).model).toBeNull();
    expect(read(text).diagnostics.find((fault) => fault.message.includes('whatever'))).toMatchObject({
      severity: 'warning',
      place: { line: 3, column: 1, field: 'whatever_this_is' },
    });
  });

  test('a name that exists elsewhere is told apart from one that does not', () => {
    expect(
      faultsOf(
        "cohorts: { A: frequency_now > 1, B: segment = 'x', C: properties.x = 1 }\nusers: { tiers: { a: arr > 1 } }\nsegments: { S: seats > 1 }",
      ),
    ).toEqual([
      '1:15 error name-out-of-reach: `frequency_now` cannot be read here It is a measure of users, and this condition judges an account.',
      '1:37 error name-out-of-reach: `segment` cannot be read here `segment` is decided after all conditions are known.',
      '1:55 error name-out-of-reach: `properties.x` cannot be read here Properties belong to events: declare a signal of your own over them.',
      '2:22 error name-out-of-reach: `arr` cannot be read here It is a measure of accounts, and this condition judges a user.',
    ]);
  });

  test('a loop of derived names is printed', () => {
    const text =
      "bands: { b: { x: cohort = 'Dormant' } }\ncohorts: { Dormant: archetype = 'A' }\narchetypes: { A: b = 'x' }\nsegments: { S: arr > 1 }";
    expect(faultsOf(text)).toEqual([
      '1:18 error cycle: these names need each other: b needs cohort needs archetype needs b Let one of them be decided without the other.',
    ]);
  });
});

describe('version', () => {
  const base = 'name: A\ntaxonomy: { features: { a: [x], b: [y] } }\nsegments: { S: "arr > 1 and seats > 2" }';

  test('is of the meaning, not of comments, key order or spacing', () => {
    const other =
      '# hello\nsegments: { S: "arr>1   AND seats > 2.0" }\ntaxonomy: { features: { b: {events: [y]}, a: [x] } }\nname: A\n';
    expect(modelOf(other).version).toBe(modelOf(base).version);
    expect(modelOf(base.replace('> 2', '> 3')).version).not.toBe(modelOf(base).version);
  });

  test('a difference is told in words', () => {
    const after =
      'name: A\ntaxonomy: { features: { a: [x], c: [z] } }\nsegments: { T: seats > 1, S: arr > 2 and seats > 2 }\nvalue: { churn_grace_days: 60 }';
    expect(diffModels(modelOf(base), modelOf(after)).map((change) => change.words)).toMatchSnapshot();
    expect(diffModels(modelOf(base), modelOf(base))).toEqual([]);
  });

  test('plain parse of the text agrees with the names in it', () => {
    const raw = parse(writeDefaultModel()) as { cohorts: { name: string }[] };
    expect(raw.cohorts.map((cohort) => cohort.name)).toEqual(modelOf('').cohorts.map((cohort) => cohort.name));
  });
});
