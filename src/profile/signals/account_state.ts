import type { SignalEntry, ValueType } from '../../model/signal.ts';
import type { FactTableName } from '../../model/table.ts';
import { DAY_MS, quote } from '../plan.ts';
import {
  absent,
  type Lens,
  needs,
  needsUsers,
  type SignalDefinition,
  type Unknown,
  uncovered,
  withoutUsers,
} from '../signal_definition.ts';

interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly meaning: string;
  readonly requirement: string;
  readonly nulls: SignalEntry['nulls'];
  readonly inputs: readonly FactTableName[];
  readonly type?: ValueType;
  readonly isMovable?: boolean;
  readonly unknown: (lens: Lens) => readonly Unknown[];
  readonly value: (lens: Lens) => string;
  readonly assumed?: (lens: Lens) => Readonly<Record<string, string>>;
}

const account = (entry: Entry): SignalDefinition => ({ entity: 'account', type: 'number', isMovable: true, ...entry });

const noneActive: Unknown = ['active_30 = 0', 'none'];

/** Account signals of the users in it, over `account_base`. */
export const PEOPLE_SIGNALS: readonly SignalDefinition[] = [
  account({
    name: 'power_users',
    unit: 'users',
    meaning: 'Users whose tier is power',
    requirement: 'R046',
    nulls: ['missing'],
    inputs: ['events'],
    unknown: (lens) => needsUsers(lens, 30),
    value: () => 'power',
  }),
  account({
    name: 'at_risk_users',
    unit: 'users',
    meaning: 'Users whose tier is at_risk',
    requirement: 'R058',
    nulls: ['missing'],
    inputs: ['events'],
    unknown: (lens) => needsUsers(lens, 30),
    value: () => 'at_risk',
  }),
  account({
    name: 'power_user_density',
    unit: 'fraction',
    meaning: 'Power users for each user active in 30 days',
    requirement: 'R026',
    nulls: ['missing', 'none'],
    inputs: ['events'],
    unknown: (lens) => [...needsUsers(lens, 30), noneActive],
    value: () => 'power / active_30',
  }),
  account({
    name: 'users_in_decline',
    unit: 'users',
    meaning: 'Users in decline against their own baseline',
    requirement: 'R059',
    nulls: ['missing', 'none'],
    inputs: ['events'],
    unknown: (lens) => [
      [withoutUsers(lens), 'missing'],
      ['with_baseline = 0 AND baselines_missing > 0', 'missing'],
      ['with_baseline = 0', 'none'],
    ],
    value: () => 'in_decline',
  }),
  account({
    name: 'decline_share',
    unit: 'fraction',
    meaning: 'Users in decline for each user with a baseline',
    requirement: 'R059',
    nulls: ['missing', 'none'],
    inputs: ['events'],
    unknown: (lens) => [
      [withoutUsers(lens), 'missing'],
      ['with_baseline = 0 AND baselines_missing > 0', 'missing'],
      ['with_baseline = 0', 'none'],
    ],
    value: () => 'in_decline / with_baseline',
  }),
  account({
    name: 'adoption_pathway',
    unit: 'class',
    type: 'text',
    isMovable: false,
    meaning: 'Whether use spread from individuals (bottom_up), from above (top_down), or both',
    requirement: 'R025',
    nulls: ['missing', 'not_yet', 'none'],
    inputs: ['events', 'contracts'],
    unknown: (lens) => [
      [absent(lens, 'contracts'), 'missing'],
      [withoutUsers(lens), 'missing'],
      ['NOT has_pathway', 'none'],
      [pathwayUncovered(lens), 'missing'],
      [`first_contract_ms + ${30 * DAY_MS} >= at`, 'not_yet'],
      ['last_active_ms = 0', 'none'],
    ],
    value: () => 'pathway',
  }),
  account({
    name: 'sponsor_active_30d',
    unit: 'yes or no',
    type: 'flag',
    meaning: 'Whether the present sponsor was active in 30 days',
    requirement: 'R104',
    nulls: ['missing'],
    inputs: ['events', 'users'],
    unknown: (lens) => [
      ...needsUsers(lens, 30),
      [absent(lens, 'users'), 'missing'],
      ['NOT ever_sponsor', 'missing'],
      ['NOT has_sponsor', 'none'],
    ],
    value: () => 'sponsor_is_active',
  }),
  account({
    name: 'days_since_sponsor_change',
    unit: 'days',
    meaning: 'Whole days since the sponsor role changed hands or was lost',
    requirement: 'R104',
    nulls: ['missing', 'none'],
    inputs: ['users'],
    isMovable: false,
    unknown: (lens) => [
      [absent(lens, 'users'), 'missing'],
      ['NOT ever_sponsor', 'none'],
      ['sponsor_changed_ms < 0', 'none'],
    ],
    value: () => `intDiv(at - sponsor_changed_ms, ${DAY_MS})`,
  }),
  account({
    name: 'sponsor_engaged',
    unit: 'yes or no',
    type: 'flag',
    meaning: 'Whether the present sponsor has been active or met since taking the role',
    requirement: 'R104',
    nulls: ['missing'],
    inputs: ['events', 'users', 'touches'],
    unknown: (lens) => [
      [withoutUsers(lens), 'missing'],
      [absent(lens, 'users'), 'missing'],
      ['NOT ever_sponsor', 'missing'],
    ],
    value: () => 'has_sponsor AND sponsor_is_engaged',
  }),
];

function pathwayUncovered(lens: Lens): string {
  const from = lens.coverage.get('events')?.userCoversFrom;
  return from == null ? '0' : `first_contract_ms - ${14 * DAY_MS} < ${from}`;
}

const said = (name: string): string => `said_${name}`;

const stated = (name: string, meaning: string, requirement: string): SignalDefinition =>
  account({
    name,
    unit: 'class',
    type: 'text',
    isMovable: false,
    meaning,
    requirement,
    nulls: ['missing', 'none'],
    inputs: ['needs'],
    unknown: (lens) => [
      [absent(lens, 'needs'), 'missing'],
      ['isNull(said_job)', 'none'],
      [`isNull(${said(name)})`, 'missing'],
    ],
    value: () => said(name),
  });

/** SQL: the users who used an area of the account's job in 30 days; null for a job without areas. */
function jobUsers(lens: Lens): string {
  const arms = lens.model.jobs.flatMap((job, index) =>
    job.features.length === 0 ? [] : [`said_job = ${quote(job.name)}`, `toNullable(job_${index}_users)`],
  );
  return arms.length === 0 ? "CAST(NULL, 'Nullable(Float64)')" : `multiIf(${arms.join(', ')}, NULL)`;
}

/** Account signals of service, voice, needs and buying, over `account_base`. */
export const SERVICE_SIGNALS: readonly SignalDefinition[] = [
  account({
    name: 'tickets_30d',
    unit: 'tickets',
    meaning: 'Tickets opened in 30 days',
    requirement: 'R044',
    nulls: ['missing'],
    inputs: ['tickets'],
    unknown: (lens) => needs(lens, 'tickets', 30),
    value: () => 'tickets',
  }),
  account({
    name: 'tickets_change_30d',
    unit: 'tickets',
    meaning: 'Tickets of 30 days less those of the 30 days before',
    requirement: 'R044',
    nulls: ['missing'],
    inputs: ['tickets'],
    unknown: (lens) => needs(lens, 'tickets', 60),
    value: () => 'toInt64(tickets) - toInt64(tickets_prev)',
  }),
  account({
    name: 'tickets_per_active_user_30d',
    unit: 'tickets per user',
    meaning: 'Tickets for each user active in 30 days',
    requirement: 'R037',
    nulls: ['missing', 'none'],
    inputs: ['tickets', 'events'],
    unknown: (lens) => [...needs(lens, 'tickets', 30), ...needsUsers(lens, 30), noneActive],
    value: () => 'tickets / active_30',
  }),
  account({
    name: 'self_service_ratio_30d',
    unit: 'fraction',
    meaning: 'Help events for each help event or ticket in 30 days',
    requirement: 'R037',
    nulls: ['missing', 'none'],
    inputs: ['tickets', 'events'],
    unknown: (lens) => [
      [lens.model.taxonomy.features.some((area) => area.isHelp) ? '0' : '1', 'missing'],
      ...needs(lens, 'tickets', 30),
      ...needs(lens, 'events', 30),
      ['help_events + tickets = 0', 'none'],
    ],
    value: () => 'help_events / (help_events + tickets)',
  }),
  account({
    name: 'nps_latest',
    unit: 'score',
    meaning: "Mean of each respondent's latest score in 180 days",
    requirement: 'R073',
    nulls: ['missing', 'none'],
    inputs: ['nps'],
    unknown: (lens) => [...needs(lens, 'nps', 180), ['isNull(nps_mean)', 'none']],
    value: () => 'nps_mean',
  }),
  account({
    name: 'nps_day_90',
    unit: 'score',
    meaning: 'Mean score from day 60 to day 120',
    requirement: 'R045',
    nulls: ['missing', 'not_yet', 'none'],
    inputs: ['nps'],
    isMovable: false,
    unknown: (lens) => [
      [absent(lens, 'nps'), 'missing'],
      ['isNull(created_ms)', 'missing'],
      [npsUncovered(lens), 'missing'],
      [`isNull(nps_day) AND at - created_ms < ${120 * DAY_MS}`, 'not_yet'],
      ['isNull(nps_day)', 'none'],
    ],
    value: () => 'nps_day',
  }),
  account({
    name: 'engagement_touches_90d',
    unit: 'touches',
    meaning: 'Marketing and community touches in 90 days',
    requirement: 'R038',
    nulls: ['missing'],
    inputs: ['touches'],
    unknown: (lens) => needs(lens, 'touches', 90),
    value: () => 'touches',
  }),
  stated('job', 'What the product was hired for', 'R074'),
  stated('second_job', 'Second use case', 'R078'),
  stated('maturity', 'New to the category or replacing an incumbent', 'R074'),
  stated('decision_process', 'Champion, committee or executive mandate', 'R074'),
  stated('integration_need', 'Standalone or deeply integrated', 'R074'),
  stated('success_criteria', 'What they call success', 'R074'),
  account({
    name: 'job_realised',
    unit: 'yes or no',
    type: 'flag',
    meaning: 'Whether two users (one, with one seat) used an area of the job in 30 days',
    requirement: 'R079',
    nulls: ['missing'],
    inputs: ['needs', 'events', 'contracts'],
    unknown: (lens) => [
      [absent(lens, 'needs'), 'missing'],
      ['isNull(said_job)', 'none'],
      [`isNull(${jobUsers(lens)})`, 'missing'],
      ...needsUsers(lens, 30),
    ],
    value: (lens) => `${jobUsers(lens)} >= if(said_seats = 1, 1, 2)`,
  }),
  account({
    name: 'second_job_released',
    unit: 'yes or no',
    type: 'flag',
    meaning: 'Whether a release for the second job lies in 90 days',
    requirement: 'R103',
    nulls: ['missing'],
    inputs: ['needs', 'releases'],
    isMovable: false,
    unknown: (lens) => [
      [absent(lens, 'needs'), 'missing'],
      ['isNull(said_job)', 'none'],
      ['isNull(said_second_job)', 'missing'],
      [absent(lens, 'releases'), 'missing'],
      [uncovered(lens, 'releases', 90), 'missing'],
    ],
    value: () => 'said_second_job_released',
  }),
  account({
    name: 'sales_cycle_days',
    unit: 'days',
    meaning: "Days from the first won opportunity's creation to its win",
    requirement: 'R027',
    nulls: ['missing', 'none'],
    inputs: ['opportunities'],
    isMovable: false,
    unknown: (lens) => [
      [absent(lens, 'opportunities'), 'missing'],
      ['NOT has_won', 'none'],
    ],
    value: () => 'cycle_days',
  }),
  account({
    name: 'pulse',
    unit: 'class',
    type: 'text',
    isMovable: false,
    meaning: "The operator's latest judgement",
    requirement: 'D13',
    nulls: ['missing', 'none'],
    inputs: ['notes'],
    unknown: (lens) => [
      [absent(lens, 'notes'), 'missing'],
      [`said_pulse = ''`, 'none'],
    ],
    value: () => 'said_pulse',
  }),
];

function npsUncovered(lens: Lens): string {
  const from = lens.coverage.get('nps')?.coversFrom;
  return from == null ? '0' : `created_ms < ${from}`;
}

/** SQL: ARR now, 0 for an account that is no customer any more. */
const ARR_NOW = 'if(said_is_customer, said_arr, 0)';

const needsYear: readonly Unknown[] = [
  ['NOT said_has_contracts', 'missing'],
  [`NOT said_was_customer_before AND said_first_paid_ms >= at - ${365 * DAY_MS}`, 'not_yet'],
  ['NOT said_was_customer_before', 'none'],
  ['isNull(said_arr_before)', 'missing'],
  [`said_arr_before = 0 AND said_first_paid_ms >= at - ${365 * DAY_MS}`, 'not_yet'],
  ['said_arr_before = 0', 'none'],
];

const needsArr: readonly Unknown[] = [
  ['NOT said_has_contracts', 'missing'],
  ['NOT said_is_customer', 'none'],
  ['isNull(said_arr)', 'missing'],
];

const CAPACITY = 'said_seats / nullIf(coalesce(addressable_seats, employees), 0)';

const needsCapacity: readonly Unknown[] = [
  ['isNull(coalesce(addressable_seats, employees))', 'missing'],
  ['said_in_force = 0', 'none'],
  ['isNull(said_seats)', 'missing'],
  ['coalesce(addressable_seats, employees) = 0', 'none'],
];

/** SQL: use of quota; null where there is no quota or no meter covers the window. */
function quotaSql(lens: Lens): string {
  return `if(${absent(lens, 'meters')} OR ${uncovered(lens, 'meters', 30)}, NULL, metered / nullIf(said_quota, 0))`;
}

const hasCost = (lens: Lens) => `NOT (${absent(lens, 'costs')} OR ${uncovered(lens, 'costs', 365)})`;
const marginSql = (lens: Lens) => `if(${hasCost(lens)}, (said_arr - cost) / nullIf(said_arr, 0), NULL)`;
const churnSql = (lens: Lens) =>
  `if(churns < 10 OR customer_years = 0, ${lens.model.value.assumedChurn}, churns / customer_years)`;
const nrrSql = `if(said_arr_before > 0 AND said_was_customer_before, ${ARR_NOW} / said_arr_before, NULL)`;

/** SQL: `value_score`. */
function scoreSql(lens: Lens): string {
  const { expansionMultiplier, belowCapacity } = lens.model.value;
  const plain = `(said_arr * ifNull(${nrrSql}, 1) - if(${hasCost(lens)}, cost, 0))`;
  return `${plain} * if(${CAPACITY} < ${belowCapacity} - 1e-9 AND ${plain} > 0, ${expansionMultiplier}, 1)`;
}

/** Account signals of money, over `account_base`. */
export const MONEY_SIGNALS: readonly SignalDefinition[] = [
  account({
    name: 'arr',
    unit: 'currency',
    meaning: 'Annual recurring revenue',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsArr,
    value: () => 'said_arr',
  }),
  account({
    name: 'nrr_12m',
    unit: 'fraction',
    meaning: 'ARR against ARR a year before',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsYear,
    value: () => `${ARR_NOW} / said_arr_before`,
  }),
  account({
    name: 'arr_change_12m',
    unit: 'currency',
    meaning: 'ARR less ARR a year before',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsYear,
    value: () => `${ARR_NOW} - said_arr_before`,
  }),
  account({
    name: 'expansions_12m',
    unit: 'days',
    meaning: 'Days of the last 365 on which ARR rose by 5% or more',
    requirement: 'R073',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    unknown: () => needsYear,
    value: () => 'said_expansions',
  }),
  account({
    name: 'cost_to_serve_12m',
    unit: 'currency',
    meaning: 'Cost entries of 365 days',
    requirement: 'R067',
    nulls: ['missing'],
    inputs: ['costs'],
    unknown: (lens) => needs(lens, 'costs', 365),
    value: () => 'cost',
  }),
  account({
    name: 'gross_margin',
    unit: 'fraction',
    meaning: 'Share of ARR left after the cost to serve',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'costs'],
    unknown: (lens) => [...needs(lens, 'costs', 365), ...needsArr, ['said_arr = 0', 'none']],
    value: marginSql,
  }),
  account({
    name: 'capacity_used',
    unit: 'fraction',
    meaning: 'Seats for each person who could use the product',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'accounts'],
    unknown: () => [['NOT said_has_contracts', 'missing'], ...needsCapacity],
    value: () => CAPACITY,
  }),
  account({
    name: 'usage_of_quota_30d',
    unit: 'fraction',
    meaning: 'Metered use of 30 days against the quota',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['meters', 'contracts'],
    unknown: (lens) => [
      ['NOT said_has_contracts', 'missing'],
      ['said_in_force = 0', 'none'],
      ['isNull(said_quota)', 'missing'],
      ...needs(lens, 'meters', 30),
      ['said_quota = 0', 'none'],
    ],
    value: () => 'metered / said_quota',
  }),
  account({
    name: 'expansion_potential',
    unit: 'fraction',
    meaning: 'Room left: 1 less the larger of capacity and quota in use',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'accounts', 'meters'],
    unknown: (lens) => {
      const neither = `isNull(${CAPACITY}) AND isNull(${quotaSql(lens)})`;
      const gap = `isNull(said_seats) OR isNull(said_quota) OR ${absent(lens, 'meters')} OR ${uncovered(lens, 'meters', 30)}`;
      return [
        ['NOT said_has_contracts', 'missing'],
        ['said_in_force = 0 AND isNotNull(coalesce(addressable_seats, employees))', 'none'],
        [`${neither} AND (isNull(coalesce(addressable_seats, employees)) OR ${gap})`, 'missing'],
        [neither, 'none'],
      ];
    },
    value: (lens) => `1 - least(1, greatest(ifNull(${CAPACITY}, 0), ifNull(${quotaSql(lens)}, 0)))`,
  }),
  account({
    name: 'days_to_renewal',
    unit: 'days',
    meaning: 'Days to the next end of a term in force',
    requirement: 'R120',
    nulls: ['missing', 'none'],
    inputs: ['contracts'],
    isMovable: false,
    unknown: () => [
      ['NOT said_has_contracts', 'missing'],
      ['said_in_force = 0', 'none'],
      ['said_terms = 0', 'missing'],
      ['isNull(said_next_term_end_ms)', 'none'],
    ],
    value: () => `(said_next_term_end_ms - at) / ${DAY_MS}`,
  }),
  account({
    name: 'clv',
    unit: 'currency',
    meaning: 'ARR times margin over five years of expected custom',
    requirement: 'R067',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'costs'],
    unknown: () => needsArr,
    value: (lens) =>
      `said_arr * ifNull(${marginSql(lens)}, ${lens.model.value.assumedMargin}) * (1 - pow(1 - ${churnSql(lens)}, 5)) / ${churnSql(lens)}`,
    assumed: (lens) => ({ margin: `isNull(${marginSql(lens)})`, churn: 'churns < 10' }),
  }),
  account({
    name: 'value_score',
    unit: 'currency',
    meaning: 'ARR times net retention less cost to serve, raised where there is room to grow',
    requirement: 'R068',
    nulls: ['missing', 'none'],
    inputs: ['contracts', 'costs', 'accounts'],
    unknown: () => needsArr,
    value: scoreSql,
    assumed: (lens) => ({ nrr: `isNull(${nrrSql})`, cost: `NOT (${hasCost(lens)})` }),
  }),
];
