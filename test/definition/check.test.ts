import { describe, expect, test } from 'vitest';
import { checkData, checkModel } from '../../src/definition/check/list.ts';
import type { Observations } from '../../src/definition/check/observations.ts';
import { dimensionStates } from '../../src/definition/check/population.ts';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { faultsOf, modelOf, told } from './model.ts';

const findings = (text: string) => checkModel({ model: modelOf(text), catalogue: SIGNAL_CATALOGUE });
const codes = (text: string, ...wanted: string[]) =>
  findings(text)
    .filter((found) => wanted.includes(found.code))
    .map(told);

describe('the model alone', () => {
  test('the default model has nothing to find', () => {
    expect(findings(writeDefaultModel())).toEqual([]);
  });

  test('a model that leaves much out is told so, instrumentation first', () => {
    expect(
      findings('segments:\n  - { name: Big, when: employees > 500 }\n').map((found) => [
        found.kind,
        found.requirement,
        told(found),
      ]),
    ).toMatchSnapshot();
  });

  test('a rule of firmographics alone is a label, through bands too; behaviour makes it a segment', () => {
    expect(
      codes(
        "segments:\n  - { name: A, when: size_band = 'smb' and industry = 'x' }\n  - { name: B, when: size_band = 'smb' and arr > 1 }",
        'label-segment',
      ),
    ).toEqual([
      '2:22 warning label-segment: A is a label, not a segment: its rule reads only firmographics (size_band, industry) Add what its members do: a cohort, an archetype or a signal of use. Keep the label as a band.',
    ]);
  });

  test('equal triggers, equal treatment, alarms by size and triggers without steps', () => {
    const text = `
segments:
  - name: A
    when: seats > 1
    messaging_hook: h
    sales_motion: s
    pricing: p
    motion:
      sales_play: x
      nurture_track: y
      expansion_triggers: [ { name: full, when: seat_breadth >= 0.85, steps: [call] } ]
      churn_indicators: [ { name: small, when: employees < 10, steps: [call] } ]
  - name: B
    when: seats > 2 and arr > 1
    messaging_hook: h
    sales_motion: s
    pricing: p
    motion:
      sales_play: x
      nurture_track: y
      expansion_triggers: [ { name: seats, when: seat_breadth>=0.850 } ]
      churn_indicators: [ { name: falling, when: activity_change_14d < 0, steps: [call], enters_at_risk: true } ]
`;
    expect(
      codes(
        text,
        'equal-trigger',
        'equal-action',
        'firmographic-alarm',
        'untended-trigger',
        'overlay',
        'merge-segment',
        'incomplete-segment',
      ),
    ).toEqual([
      '12:27 warning firmographic-alarm: churn indicator `small` of A reads only firmographics: it fires because of what an account is, not what it does Read a change in behaviour instead; declining accounts in larger tiers are the most recoverable revenue.',
      '21:29 warning untended-trigger: `seats` of B starts nothing: it has no steps Write what its owner does, within its due days.',
      '21:50 warning equal-trigger: expansion trigger `seats` of B is `full` of A: same signal, same threshold Give each segment its own threshold, or merge the segments.',
      '13:5 warning equal-action: B is treated exactly like A A group that needs no other action is a label: merge the two.',
      '22:27 warning overlay: `falling` enters At-Risk, but no segment lies over the others',
    ]);
  });

  test('a proxy is no milestone unless a reason is given, and exactly one milestone is primary', () => {
    const text = (milestones: string) =>
      `taxonomy: { proxies: [login] }\nactivation:\n  milestones: ${milestones}\nsegments: { A: arr > 1 }`;
    expect(faultsOf(text('{ a: { event: login } }'))).toEqual([
      '3:20 error proxy-milestone: milestone `a` is reached by `login`, which is a proxy: activity, not progress Name an action that means something, or write `allow_proxy: true` with a `reason` from your evidence.',
    ]);
    expect(faultsOf(text('{ a: { event: login, allow_proxy: true } }'))).toEqual([
      '3:49 error missing-key: `allow_proxy` needs a `reason`',
    ]);
    expect(faultsOf(text('{ a: { event: login, allow_proxy: true, reason: evidence of 2026 } }'))).toEqual([]);
    expect(faultsOf(text('{ a: { event: x }, b: { event: y } }'))).toEqual([
      '3:20 error primary-milestone: no milestone is primary Mark exactly one with `primary: true`; the others are hypotheses.',
    ]);
    expect(faultsOf(text('{ a: { event: x, primary: true }, b: { event: y, primary: true } }'))).toEqual([
      '3:52 error primary-milestone: `a` and `b` are all primary Only one can be; the others are hypotheses.',
    ]);
    expect(faultsOf(text('{ a: { workflow: wekly } }'))).toEqual([
      '3:20 error unknown-name: milestone `a` names a workflow `wekly` that does not exist',
    ]);
  });

  test('events listed twice and repeated steps', () => {
    const text =
      'taxonomy: { features: { a: [x, login, beat] }, proxies: [login], ignore: [beat] }\nactivation: { user_sequence: [x, y, x] }\nsegments: { A: arr > 1 }';
    expect(codes(text, 'event-listed-twice', 'repeated-step')).toEqual([
      '1:28 warning event-listed-twice: `beat` is ignored, so it does nothing in feature area `a` Take it out of one of the two.',
      '1:28 warning event-listed-twice: `login` is a proxy and stands in feature area `a` A proxy belongs to no feature area.',
      '-:- warning repeated-step: `user_sequence` names `x` twice: one event would take both steps at once Name each step once.',
    ]);
  });

  test.each([
    [
      'activation_days > 14',
      [
        'accounts that never activated are skipped by `activation_days > 14` If you mean them too, add `or activated = 0`.',
      ],
    ],
    ['activation_days <= 14', []],
    [
      'not (activation_days <= 14)',
      [
        'accounts that never activated are skipped by `(activation_days <= 14)` If you mean them too, add `or activated = 0`.',
      ],
    ],
    ['activation_days > 14 or activated = 0', []],
    ['activation_days > 14 or activation_days is null', []],
    ['coalesce(activation_days, 99) > 14', []],
    [
      'stickiness < 0.2',
      [
        'accounts for which `stickiness` has nothing to measure are skipped by `stickiness < 0.2` If you mean them too, add `or stickiness is null`.',
      ],
    ],
    ['stickiness >= 0.2', []],
    ['sessions_change_30d <= -0.5', []],
    [
      'days_since_last_activity not between 0 and 14',
      [
        'accounts that were never active are skipped by `days_since_last_activity not between 0 and 14` If you mean them too, add `or active_users_30d = 0`.',
      ],
    ],
    [
      "stalled_step != 'x'",
      [
        "accounts that completed the sequence are skipped by `stalled_step != 'x'` If you mean them too, add `or activation_depth = 1`.",
      ],
    ],
  ])('accounts that %s skips', (when, expected) => {
    const found = findings(`segments: { A: "${when}" }`).filter((each) => each.code === 'skipped-by-none');
    expect(found.map((each) => `${each.message} ${each.suggestion}`)).toEqual(expected);
  });

  test('what is never reached, and bands that do not fit together', () => {
    const text = `cohorts: { A: seats > 1, B: seats > 1 and arr > 2, C: otherwise, D: arr > 5 }
bands:
  size_band: { smb: employees < 50, mid: employees between 60 and 500, big: employees >= 500 }
  open: { low: revenue < 5, high: revenue > 5 }
segments: { A: arr > 1 }`;
    expect(codes(text, 'unreachable', 'band-ranges')).toEqual([
      '1:29 warning unreachable: `B` is never reached: `A` above it takes everything that it asks for Put the narrower rule first.',
      '1:69 warning unreachable: `D` is never reached: `C` above it takes everything that it asks for Put the narrower rule first.',
      '3:42 warning band-ranges: size_band: employees from 50 to 60 is neither `smb` nor `mid`',
      '3:77 warning band-ranges: size_band: employees = 500 is both `mid` and `big`; the first listed wins',
      '4:35 warning band-ranges: open: revenue = 5 is neither `low` nor `high`',
    ]);
  });

  test('names that do not exist, or exist already', () => {
    const text = `taxonomy: { features: { reporting: [report_created] } }
jobs: { a: { features: [reportin] }, b: { features: [reporting] } }
signals: { r_30d: { of: report_creatd, window_days: 30 } }
segments: { A: "arr > 1 and job = 'c'" }`;
    expect(codes(text, 'unknown-name')).toEqual([
      '2:12 warning unknown-name: job `a` names a feature area `reportin` that does not exist Did you mean `reporting`?',
      '3:19 warning unknown-name: signal `r_30d` counts `report_creatd`, which the taxonomy does not name Did you mean `report_created`?',
      "4:35 warning unknown-name: no job is called 'c'",
    ]);
    expect(
      faultsOf('fallback: { Growht: otherwise }\nsignals: { cohort: { of: x } }\nbands: { arr: { a: seats > 1 } }'),
    ).toEqual([
      '1:21 error unknown-name: the fallback names a segment `Growht` that does not exist Did you mean `Growth`?',
      '2:20 error name-taken: the signal `cohort` has the name of something that is there already Give it another name.',
      '3:20 error name-taken: the band `arr` has the name of something that is there already Give it another name.',
    ]);
    expect(faultsOf('fallback: { At-Risk: otherwise }')).toEqual([
      '1:22 error unknown-name: the fallback cannot name `At-Risk`: it lies over the home segments',
    ]);
  });
});

describe('the model and the data', () => {
  const model = modelOf(writeDefaultModel());
  const all = (...names: string[]) =>
    names.map((name) => ({ entity: 'account' as const, name, listed: 100, known: 90, missing: 10 }));
  const full: Observations = {
    customers: { accounts: 100, arr: 1_000_000 },
    fallback: [],
    overlaps: [],
    segments: model.segments.map((segment) => ({ segment: segment.name, accounts: 20, arr: 200_000 })),
    tables: [{ table: 'events', rows: 1000 }],
    events: [...new Set([...model.taxonomy.features.flatMap((area) => area.events), ...model.taxonomy.proxies])].map(
      (event) => ({
        event,
        rows: 100,
        withUser: 100,
      }),
    ),
    signals: all('active_users_30d', 'momentum_60d', 'job', 'arr'),
    attributes: [{ name: 'employees', known: 95 }],
    users: 200,
    userSteps: model.activation.userSequence.map((step) => ({ step, users: 100 })),
    interviews: 18,
  };
  const tell = (observations: Partial<Observations>) =>
    checkData({ model, catalogue: SIGNAL_CATALOGUE }, { ...full, ...observations }).map(
      (found) => `${found.requirement} ${told(found)}`,
    );

  test('where all is well only the branch and the scale are told', () => {
    expect(tell({})).toEqual([
      'R147 -:- info branch: the data holds `firmographic`, `behavioural`, `lifecycle`, `needs` and `value`: all three layers, which is ideal To align sales motions use all layers; for pricing start from needs.',
      'R149 -:- info scale: 100 customers are enough for 3 to 4 segments from use and interviews Let `bellwether discover` cluster on behavioural data.',
      'R151 -:- info next-step: next: validate the composite segments against retention with `bellwether evidence segments`',
    ]);
    expect(dimensionStates(full).every((state) => state.isPopulated)).toBe(true);
  });

  test('gaps are told, instrumentation first', () => {
    expect(
      tell({
        customers: { accounts: 40, arr: 1_000_000 },
        fallback: [{ segment: 'Growth', accounts: 10, arr: 250_000.4 }],
        overlaps: [{ segments: ['Strategic', 'Efficient'], accounts: 1, arr: 5000 }],
        segments: full.segments.filter((segment) => segment.segment !== 'Long-Tail'),
        events: [
          { event: 'report_created', rows: 900, withUser: 0 },
          { event: 'report_exportd', rows: 90, withUser: 0 },
        ],
        signals: [
          { entity: 'account', name: 'active_users_30d', listed: 40, known: 0, missing: 40 },
          { entity: 'account', name: 'arr', listed: 40, known: 40, missing: 0 },
        ],
        userSteps: [{ step: 'report_exported', users: 3 }],
        interviews: 4,
      }).filter((line) => !line.includes('event-never-seen') || line.includes('report_exported')),
    ).toMatchSnapshot();
  });
});

test('a key in the wrong place is told where it belongs', () => {
  const text =
    'personas: [a]\nsegments:\n  - { name: S, when: arr > 1, sales_play: x, motion: { pricing: p } }\n  - { name: T, when: arr > 2 }\n';
  expect(faultsOf(text)).toEqual([
    '1:1 error misplaced-key: `personas` does not belong here Personas live inside segments: write them under the segment in which these people are met (R008).',
    '3:31 error misplaced-key: `sales_play` does not belong here It belongs one level deeper, under `motion`.',
    '3:56 error misplaced-key: `pricing` does not belong here It belongs one level up, beside `motion`.',
  ]);
  expect(faultsOf('segments: { S: { when: arr > 1, coverage: x } }')).toEqual([
    '1:33 error misplaced-key: `coverage` does not belong here It belongs one level deeper, under `motion`.',
  ]);
});

test('what is left open is closed, and said', () => {
  expect(
    faultsOf(
      "fallback: { Growth: arr > 5 }\nname: a\nbands: { 'my band': { a: seats > 1 } }\nexclude: { users: plan = 'x' }",
    ),
  ).toEqual([
    '1:11 warning open-fallback: the fallback does not say where the rest goes, so it goes to Long-Tail End it with `otherwise`.',
    '3:21 error wrong-shape: `my band` cannot be named in conditions Use letters, digits and underscores.',
    '4:19 error unknown-name: nothing is called `plan` If it is an attribute of yours, declare it under `traits`, with `entity: user`.',
  ]);
});
