import type {
  FeatureArea,
  HealthComponent,
  Job,
  Milestone,
  Model,
  OwnSignal,
  Source,
  Workflow,
} from '../../src/definition/model.ts';
import type { Place } from '../../src/model/diagnostic.ts';
import type { Condition } from '../../src/rule/condition.ts';
import type { Random } from './random.ts';
import type { Plan } from './random-options.ts';
import type { EventRow } from './rows.ts';
import type { Predicates } from './world.ts';

const PLACE: Place = { file: 'bellwether.yaml' };

const SUCCESS = "properties.status = 'success'";

const isSuccess = (event: EventRow): boolean => event.properties['status'] === 'success';

/** A condition of which only the text is given; the predicates of the world say what it means. */
export function condition(text: string): Condition {
  return { text, expression: null as never, names: [], place: PLACE, marks: [] };
}

/** The default components of the health score (D13). */
export const HEALTH: readonly HealthComponent[] = [
  { signal: 'seat_breadth', poor: 0.2, good: 0.6, weight: 30, place: PLACE },
  { signal: 'core_features_30d', poor: 1, good: 3, weight: 20, place: PLACE },
  { signal: 'activity_change_14d', poor: -0.5, good: 0, weight: 25, place: PLACE },
  { signal: 'power_user_density', poor: 0, good: 0.3, weight: 10, place: PLACE },
  { signal: 'tickets_per_active_user_30d', poor: 1, good: 0.1, weight: 5, place: PLACE },
  { signal: 'nps_latest', poor: 5, good: 9, weight: 10, place: PLACE },
];

/** A complete model with the shipped defaults and nothing else; conditions of the defaults are left out. */
export function emptyModel(sources: readonly Source[] = []): Model {
  return {
    file: 'bellwether.yaml',
    name: 'Random world',
    currency: 'USD',
    timezone: 'UTC',
    grain: 'account',
    sources,
    icp: null,
    bands: [],
    taxonomy: { features: [], workflows: [], proxies: [], ignore: [] },
    activation: { accountSequence: [], userSequence: [], milestones: [] },
    signals: [],
    traits: [],
    exclude: { users: null, accounts: null },
    users: { executiveSeniority: ['executive', 'c_level', 'vp', 'founder'], tiers: [] },
    decline: { minDecline: 0.4, maxZ: -1.645 },
    cohorts: [],
    archetypes: [],
    value: {
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
    },
    health: HEALTH,
    composite: { behavioural: 40, value: 30, needs: 15, firmographic: 15 },
    jobs: [],
    segments: [],
    fallback: [],
    assignment: { dwellDays: 7, overlayExitDays: 14, windowDays: 56, overrideDays: 30 },
    breaker: { share: 0.2, minimum: 20 },
    tracking: { accountProperty: null },
    experience: { suppress: [] },
    outcomes: { inactiveDays: 90 },
    defaulted: [],
    destinations: null,
    version: '',
  };
}

/** Predicates that hold nothing back. */
export const NO_PREDICATES: Predicates = {
  features: {},
  milestones: {},
  signals: {},
  excludeUser: null,
  excludeAccount: null,
  icp: [],
};

/** A source of a table in JSON Lines, as `writeWorldFiles` writes it. */
export function sourceOf(table: Source['table'], more: Partial<Source> = {}): Source {
  const name = more.name ?? table;
  return {
    name,
    table,
    path: `${name}.jsonl`,
    format: 'jsonl',
    delimiter: null,
    columns: {},
    timeFormat: null,
    timezone: 'UTC',
    where: null,
    endsInclusive: false,
    isContinued: false,
    coversFrom: null,
    completeThrough: null,
    place: PLACE,
    ...more,
  };
}

/** A feature area by its flags. */
export function area(name: string, events: readonly string[], flags: Partial<FeatureArea> = {}): FeatureArea {
  return {
    name,
    events,
    where: null,
    isCore: false,
    isAdvanced: false,
    isEntry: false,
    isHelp: false,
    isIntegration: false,
    place: PLACE,
    ...flags,
  };
}

/** A workflow of steps. */
export function workflow(name: string, steps: readonly string[], withinDays = 7): Workflow {
  return { name, steps, withinDays, place: PLACE };
}

/** A milestone; on one event, reached at its first, unless told otherwise. */
export function milestone(name: string, more: Partial<Milestone>): Milestone {
  return {
    name,
    event: null,
    workflow: null,
    count: 1,
    users: null,
    where: null,
    withinDays: null,
    isPrimary: false,
    allowProxy: null,
    place: PLACE,
    ...more,
  };
}

/** An own signal of an account, unless told otherwise. */
export function ownSignal(name: string, more: Partial<OwnSignal>): OwnSignal {
  return {
    name,
    entity: 'account',
    measure: null,
    of: [],
    property: null,
    where: null,
    windowDays: null,
    like: null,
    meaning: null,
    place: PLACE,
    ...more,
  };
}

const job = (name: string, features: readonly string[]): Job => ({
  name,
  label: name,
  codebook: [],
  features,
  place: PLACE,
});

/** Event names by how the random taxonomy uses them; `nameless` is in no list. */
export const EVENTS = {
  areas: [
    'report_created',
    'report_shared',
    'report_exported',
    'board_opened',
    'rule_made',
    'rule_run',
    'sync_started',
    'webhook_set',
    'user_invited',
    'help_opened',
  ],
  proxies: ['login', 'page_viewed'],
  ignored: ['heartbeat'],
  nameless: ['odd_thing'],
} as const;

function features(random: Random): FeatureArea[] {
  const all = [
    area('reporting', ['report_created', 'report_shared', 'report_exported'], { isCore: true, isEntry: true }),
    area('boards', ['board_opened'], { isCore: true }),
    area('automations', ['rule_made', 'rule_run'], { isCore: true, isAdvanced: true }),
    area('connectors', ['sync_started', 'webhook_set'], { isIntegration: true }),
    area('sharing', ['report_shared', 'user_invited'], { isAdvanced: true }),
    area('exports', ['report_exported'], { isCore: true, isAdvanced: true, where: condition(SUCCESS) }),
    area('help', ['help_opened'], { isHelp: true }),
  ];
  const kept = all.filter(() => !random.chance(0.07));
  return kept.length === 0 ? all : kept;
}

function primaryMilestone(random: Random, workflows: readonly Workflow[]): Milestone {
  const within = random.maybe(0.5, () => random.pick([7, 14, 30]));
  const kinds: (() => Milestone)[] = [
    () => milestone('first_export', { event: 'report_exported', withinDays: within }),
    () => milestone('good_export', { event: 'report_exported', where: condition(SUCCESS), withinDays: within }),
    () => milestone('invited_three', { event: 'user_invited', count: 3, withinDays: within }),
    () => milestone('shared_by_two', { event: 'report_shared', count: random.int(1, 3), users: 2 }),
    () => milestone('logged_in', { event: 'login', count: 2, allowProxy: 'only sign of use' }),
    ...(workflows[0] === undefined
      ? []
      : [() => milestone('ran_flow', { workflow: workflows[0]?.name ?? '', withinDays: within })]),
  ];
  return { ...random.pick(kinds)(), isPrimary: true };
}

function ownSignals(): OwnSignal[] {
  return [
    ownSignal('good_exports_14d', {
      measure: 'count',
      of: ['report_exported'],
      where: condition(SUCCESS),
      windowDays: 14,
    }),
    ownSignal('connector_users_90d', { measure: 'distinct_users', of: ['connectors'], windowDays: 90 }),
    ownSignal('rule_days', { measure: 'distinct_days', of: ['automations'] }),
    ownSignal('bytes_30d', { measure: 'sum', of: ['sync_started'], property: 'bytes', windowDays: 30 }),
    ownSignal('bytes_min', { measure: 'min', of: ['sync_started'], property: 'bytes' }),
    ownSignal('bytes_max_60d', { measure: 'max', of: ['sync_started'], property: 'bytes', windowDays: 60 }),
    ownSignal('bytes_mean_45d', { measure: 'mean', of: ['sync_started'], property: 'bytes', windowDays: 45 }),
    ownSignal('bytes_last', { measure: 'last', of: ['sync_started'], property: 'bytes' }),
    ownSignal('beta_mean_90d', { measure: 'mean', of: ['board_opened'], property: 'beta', windowDays: 90 }),
    ownSignal('days_since_share', { measure: 'days_since', of: ['report_shared'] }),
    ownSignal('user_shares_21d', { entity: 'user', measure: 'count', of: ['report_shared'], windowDays: 21 }),
    ownSignal('user_bytes_last', { entity: 'user', measure: 'last', of: ['sync_started'], property: 'bytes' }),
    ownSignal('feature_breadth_14d', { like: 'feature_breadth_30d', windowDays: 14 }),
    ownSignal('active_users_14d', { like: 'active_users_30d', windowDays: 14 }),
    ownSignal('sessions_7d', { like: 'sessions_30d', windowDays: 7 }),
    ownSignal('tickets_60d', { like: 'tickets_30d', windowDays: 60 }),
    ownSignal('user_core_14d', { entity: 'user', like: 'core_features_30d', windowDays: 14 }),
  ];
}

function likeEnd(text: string | null, end: string): boolean {
  return text?.endsWith(end) === true;
}

/** A random model over those sources, with the predicates that say what its conditions mean. */
export function randomModel(
  random: Random,
  plan: Plan,
  sources: readonly Source[],
): { model: Model; predicates: Predicates } {
  const workflows = plan.has('workflows')
    ? [
        workflow('weekly_report', ['report_created', 'report_shared', 'report_exported'], random.pick([1, 3, 7])),
        ...(random.chance(0.6) ? [workflow('automate', ['rule_made', 'rule_run'], random.pick([2, 7]))] : []),
      ]
    : [];
  const primary = primaryMilestone(random, workflows);
  const isExcluding = plan.has('exclusions');
  const base = emptyModel(sources);
  const signals = plan.has('ownSignals') ? ownSignals() : [];
  const areas = features(random);
  const named = signals.filter((signal) =>
    signal.of.every((name) => name.includes('_') || areas.some((candidate) => candidate.name === name)),
  );
  const model: Model = {
    ...base,
    icp: plan.has('icp') ? condition("employees between 50 and 2000 and industry in ('fintech', 'saas')") : null,
    taxonomy: { features: areas, workflows, proxies: [...EVENTS.proxies], ignore: [...EVENTS.ignored] },
    activation: {
      accountSequence: random.chance(0.9) ? ['board_opened', 'report_created', 'report_exported'] : [],
      userSequence: random.chance(0.8) ? ['board_opened', 'report_created'].slice(0, random.int(1, 2)) : [],
      milestones: random.chance(0.95) ? [primary, milestone('opened_help', { event: 'help_opened', count: 2 })] : [],
    },
    signals: named,
    exclude: {
      users: isExcluding ? condition("email like '%@acme.com'") : null,
      accounts: isExcluding ? condition("name like 'Test %'") : null,
    },
    value: {
      ...base.value,
      churnGraceDays: random.pick([30, 30, 14]),
      expansionMultiplier: random.pick([1.25, 1.25, 1.5]),
      belowCapacity: random.pick([0.3, 0.3, 0.5]),
    },
    jobs: [job('platform', ['connectors', 'automations']), job('reporting', ['reporting']), job('control', [])].map(
      (one) => ({ ...one, features: one.features.filter((name) => areas.some((other) => other.name === name)) }),
    ),
  };
  return {
    model,
    predicates: {
      features: { exports: isSuccess },
      milestones: { good_export: isSuccess },
      signals: { good_exports_14d: isSuccess },
      excludeUser: isExcluding ? (row) => likeEnd(row.email, '@acme.com') : null,
      excludeAccount: isExcluding ? (row) => row.name?.startsWith('Test ') === true : null,
      icp: plan.has('icp')
        ? [
            (row) => (row.employees === null ? null : row.employees >= 50 && row.employees <= 2000),
            (row) => (row.industry === null || row.industry === '' ? null : ['fintech', 'saas'].includes(row.industry)),
          ]
        : [],
    },
  };
}
