import type { SignalEntry } from '../../model/signal.ts';
import { countAreas } from '../area.ts';
import { DAY_MS, quote } from '../plan.ts';
import {
  absent,
  createdBeforeCoverage,
  type Lens,
  needs,
  needsAge,
  needsUsers,
  type SignalDefinition,
  type Unknown,
  withoutUsers,
} from '../signal_definition.ts';
import { revertedSql } from './user.ts';

const account = (
  name: string,
  unit: string,
  meaning: string,
  requirement: string,
  nulls: SignalEntry['nulls'],
  unknown: SignalDefinition['unknown'],
  value: SignalDefinition['value'],
  rest: Partial<SignalDefinition> = {},
): SignalDefinition => ({
  name,
  entity: 'account',
  unit,
  type: 'number',
  inputs: ['events'],
  meaning,
  requirement,
  nulls,
  isMovable: true,
  unknown,
  value,
  ...rest,
});

/** Unknowns of what divides by seats. */
const needsSeats: readonly Unknown[] = [
  ['said_in_force = 0', 'none'],
  ['isNull(said_seats)', 'missing'],
  ['said_seats = 0', 'none'],
];

const noneActive: Unknown = ['active_30 = 0', 'none'];
const withSeats: Partial<SignalDefinition> = { inputs: ['events', 'contracts'] };

/** SQL: residual-free slope of daily sessions over 60 days: rise over the window as a share of the mean level. */
const SLOPE = '(twice_sxy / 2 / 17995)';
const ACTIVITY = '(recent_days / 14) / (base_days / 30) - 1';

const needsMomentum = (lens: Lens): readonly Unknown[] => [
  ...needsUsers(lens, 60),
  ...needsAge(60),
  ['sessions_60 < 10', 'none'],
];

const needsWorkflows = (lens: Lens): readonly Unknown[] => [
  [lens.model.taxonomy.workflows.length === 0 ? '1' : '0', 'missing'],
  ...needsUsers(lens, 30),
];

/** Account signals of adoption, over `account_base`. */
export const ADOPTION_SIGNALS: readonly SignalDefinition[] = [
  account(
    'account_age_days',
    'days',
    'Whole days since the account could first use the product',
    'R061',
    ['missing'],
    () => [['isNull(created_ms)', 'missing']],
    () => `intDiv(at - created_ms, ${DAY_MS})`,
    { inputs: [], isMovable: false },
  ),
  account(
    'seats',
    'seats',
    'Seats of the paid contracts in force',
    'R030',
    ['missing', 'none'],
    () => [
      ['NOT said_has_contracts', 'missing'],
      ['said_in_force = 0', 'none'],
      ['isNull(said_seats)', 'missing'],
    ],
    () => 'said_seats',
    { inputs: ['contracts'] },
  ),
  account(
    'events_30d',
    'events',
    'Events in 30 days, with or without a user',
    'R034',
    ['missing'],
    (lens) => needs(lens, 'events', 30),
    () => 'events',
  ),
  account(
    'days_since_last_event',
    'days',
    'Whole days since the last event, with or without a user',
    'R050',
    ['missing', 'none'],
    (lens) => [
      [absent(lens, 'events'), 'missing'],
      ['last_event_ms = 0', 'none'],
    ],
    () => `intDiv(at - last_event_ms, ${DAY_MS})`,
  ),
  account(
    'active_users_7d',
    'users',
    'Users with activity in 7 days',
    'R035',
    ['missing'],
    (lens) => needsUsers(lens, 7),
    () => 'active_7',
  ),
  account(
    'active_users_30d',
    'users',
    'Users with activity in 30 days',
    'R030',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    () => 'active_30',
  ),
  account(
    'seat_breadth',
    'fraction',
    'Active users of 30 days for each licensed seat',
    'R030',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), ...needsSeats],
    () => 'active_30 / said_seats',
    withSeats,
  ),
  account(
    'dau_seat_share',
    'fraction',
    'Mean daily active users of 28 days for each licensed seat',
    'R035',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 28), ...needsSeats],
    () => 'user_days_28 / 28 / said_seats',
    withSeats,
  ),
  account(
    'wau_seat_share',
    'fraction',
    'Active users of 7 days for each licensed seat',
    'R035',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 7), ...needsSeats],
    () => 'active_7 / said_seats',
    withSeats,
  ),
  account(
    'stickiness',
    'fraction',
    'Mean daily active users over active users of 30 days',
    'R040',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), noneActive],
    () => 'user_days_30 / 30 / active_30',
  ),
  account(
    'dau_wau',
    'fraction',
    'Mean daily active users over active users of 7 days',
    'R040',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 7), ['active_7 = 0', 'none']],
    () => 'user_days_7 / 7 / active_7',
  ),
  account(
    'feature_breadth_30d',
    'areas',
    'Feature areas used in 30 days',
    'R031',
    ['missing'],
    (lens) => needs(lens, 'events', 30),
    ({ model }) => countAreas(model, 'areas_', () => true),
  ),
  account(
    'core_features_30d',
    'areas',
    'Core feature areas used in 30 days',
    'R036',
    ['missing'],
    (lens) => needs(lens, 'events', 30),
    ({ model }) => countAreas(model, 'areas_', (area) => area.isCore),
  ),
  account(
    'features_first_30d',
    'areas',
    'Feature areas used in the first 30 days',
    'R041',
    ['missing', 'not_yet'],
    (lens) => [
      [absent(lens, 'events'), 'missing'],
      ['isNull(created_ms)', 'missing'],
      [createdBeforeCoverage(lens), 'missing'],
      ...needsAge(30),
    ],
    ({ model }) => countAreas(model, 'first_areas_', () => true),
    { isMovable: false },
  ),
  account(
    'feature_intensity_30d',
    'events per user and week',
    'Events in core areas for each active user and week',
    'R036',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), noneActive],
    () => 'core_events / active_30 / (30 / 7)',
  ),
  account(
    'sessions_30d',
    'sessions',
    'Sessions started in 30 days',
    'R039',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    () => 'sessions_now',
  ),
  account(
    'session_minutes_30d',
    'minutes',
    'Median length of those sessions',
    'R039',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), ['n_now = 0', 'none']],
    () => 'median_now',
  ),
  account(
    'sessions_change_30d',
    'fraction',
    'Sessions of 30 days against the 30 days before',
    'R039',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 60), ['sessions_prev = 0', 'none']],
    () => 'sessions_now / sessions_prev - 1',
  ),
  account(
    'session_minutes_change_30d',
    'fraction',
    'Median session length of 30 days against the 30 days before',
    'R039',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 60), ['n_now < 5 OR n_prev < 5', 'none'], ['median_prev = 0', 'none']],
    () => 'median_now / median_prev - 1',
  ),
  account(
    'momentum_60d',
    'fraction',
    'Rise of daily sessions over 60 days, by a straight line, as a share of their mean',
    'R033',
    ['missing', 'not_yet', 'none'],
    needsMomentum,
    () => `${SLOPE} * 59 / (sum_y / 60)`,
  ),
  account(
    'momentum_t_60d',
    'standard errors',
    'How far that slope stands out from chance',
    'R033',
    ['missing', 'not_yet', 'none'],
    (lens) => [...needsMomentum(lens), ['sse_scaled = 0', 'none']],
    () => `${SLOPE} / sqrt(sse_scaled / (4 * 60 * 17995) / 58 / 17995)`,
  ),
  account(
    'active_users_change_30d',
    'fraction',
    'Active users of 30 days against the 30 days before',
    'R034',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 60), ['active_prev = 0', 'none']],
    () => 'active_30 / active_prev - 1',
  ),
  account(
    'activity_change_14d',
    'fraction',
    'Active days of established users in 14 days against their 30 days before',
    'R034',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 44), ['long_baselines = 0', 'none']],
    () => ACTIVITY,
  ),
  account(
    'activity_z_14d',
    'standard deviations',
    'How far that change stands out from chance',
    'R034',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 44), ['long_baselines = 0', 'none']],
    () =>
      '(recent_days - (recent_days + base_days) * (14 / 44)) / sqrt((recent_days + base_days) * (14 / 44) * (1 - 14 / 44))',
  ),
  account(
    'integrations_active',
    'integrations',
    'Integrations in use in 90 days',
    'R043',
    ['missing'],
    (lens) => [
      ...needs(lens, 'events', 90),
      [lens.model.taxonomy.features.some((area) => area.isIntegration) ? '0' : '1', 'missing'],
    ],
    () => 'integrations',
  ),
  account(
    'workflow_runs_30d',
    'runs',
    'Workflow runs started in 30 days that are closed',
    'R049',
    ['missing'],
    needsWorkflows,
    () => 'runs',
  ),
  account(
    'workflow_completion_30d',
    'fraction',
    'Share of those runs that were completed',
    'R049',
    ['missing', 'none'],
    (lens) => [...needsWorkflows(lens), ['runs = 0', 'none']],
    () => 'runs_done / runs',
  ),
  account(
    'core_reverted_features',
    'areas',
    'Core areas used on 3 days or more from 60 to 30 days ago, and not since',
    'R055',
    ['missing', 'not_yet'],
    (lens) => [...needs(lens, 'events', 60), ...needsAge(60)],
    (lens) => revertedSql(lens, true),
  ),
  account(
    'reverted_features',
    'areas',
    'Areas used on 3 days or more from 60 to 30 days ago, and not since',
    'R055',
    ['missing', 'not_yet'],
    (lens) => [...needs(lens, 'events', 60), ...needsAge(60)],
    (lens) => revertedSql(lens, false),
  ),
  account(
    'days_since_last_activity',
    'days',
    'Whole days since the last activity of a user',
    'R050',
    ['missing', 'none'],
    (lens) => [
      [withoutUsers(lens), 'missing'],
      ['last_active_ms = 0', 'none'],
    ],
    () => `intDiv(at - last_active_ms, ${DAY_MS})`,
  ),
  account(
    'departments_active_30d',
    'departments',
    'Departments of the users active in 30 days',
    'R157',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), noneActive, ['departments = 0', 'missing']],
    () => 'departments',
  ),
  account(
    'top_department_share',
    'fraction',
    "Largest department's share of those users",
    'R157',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), noneActive, ['departments = 0', 'missing']],
    () => 'top_share',
  ),
  account(
    'top_user_share_30d',
    'fraction',
    "Largest user's share of the events with a user in 30 days",
    'R157',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), ['user_events = 0', 'none']],
    () => 'top_user_events / user_events',
  ),
];

const steps = (lens: Lens) => lens.model.activation.accountSequence;

const needsSequence = (lens: Lens): readonly Unknown[] => [
  [steps(lens).length === 0 ? '1' : '0', 'missing'],
  [absent(lens, 'events'), 'missing'],
  ['isNull(created_ms)', 'missing'],
];

const isOld = (lens: Lens) => createdBeforeCoverage(lens);

/** SQL: instant at which the primary milestone was reached, 0 where it was not by `at`. */
function primarySql(lens: Lens): string {
  const index = lens.model.activation.milestones.findIndex((milestone) => milestone.isPrimary);
  return index < 0 ? 'toInt64(0)' : `if(milestone_${index} < at, milestone_${index}, 0)`;
}

/** Unknowns of the primary milestone; one that needs people, not reached, is missing where no event has a user. */
function needsPrimary(lens: Lens): readonly Unknown[] {
  const primary = lens.model.activation.milestones.find((milestone) => milestone.isPrimary);
  const ofUsers = primary !== undefined && (primary.workflow !== null || primary.users !== null);
  return [
    [primary === undefined ? '1' : '0', 'missing'],
    [absent(lens, 'events'), 'missing'],
    ['isNull(created_ms)', 'missing'],
    [ofUsers ? `${primarySql(lens)} = 0 AND ${withoutUsers(lens)}` : '0', 'missing'],
  ];
}

/** Account signals of activation, over `account_base`. */
export const ACTIVATION_SIGNALS: readonly SignalDefinition[] = [
  account(
    'activation_depth',
    'fraction',
    'Share of the account sequence reached, in order, by anyone',
    'R047',
    ['missing'],
    (lens) => [...needsSequence(lens), [`steps_reached < ${steps(lens).length} AND ${isOld(lens)}`, 'missing']],
    (lens) => `steps_reached / ${Math.max(1, steps(lens).length)}`,
  ),
  account(
    'sequence_days',
    'days',
    'Days from creation to the last step of the account sequence',
    'R032',
    ['missing', 'none'],
    (lens) => [...needsSequence(lens), [isOld(lens), 'missing'], [`steps_reached < ${steps(lens).length}`, 'none']],
    () => `floor((last_step_ms - created_ms) / ${DAY_MS} * 100 + 0.5) / 100`,
    { isMovable: false },
  ),
  account(
    'stalled_step',
    'event',
    'First step not reached, once 7 days have passed since the last',
    'R051',
    ['missing', 'not_yet', 'none'],
    (lens) => [
      ...needsSequence(lens),
      [`steps_reached = ${steps(lens).length}`, 'none'],
      [isOld(lens), 'missing'],
      [`at < if(steps_reached = 0, created_ms, last_step_ms) + ${7 * DAY_MS}`, 'not_yet'],
    ],
    (lens) => `[${steps(lens).map(quote).join(', ') || `''`}][steps_reached + 1]`,
    { type: 'text' },
  ),
  account(
    'activated',
    'yes or no',
    'Whether the primary milestone has been reached',
    'R010',
    ['missing'],
    (lens) => [...needsPrimary(lens), [`${primarySql(lens)} = 0 AND ${isOld(lens)}`, 'missing']],
    (lens) => `${primarySql(lens)} > 0`,
    { type: 'flag' },
  ),
  account(
    'activation_days',
    'days',
    'Days from creation to the primary milestone',
    'R032',
    ['missing', 'none'],
    (lens) => [...needsPrimary(lens), [isOld(lens), 'missing'], [`${primarySql(lens)} = 0`, 'none']],
    (lens) => `floor((${primarySql(lens)} - created_ms) / ${DAY_MS} * 100 + 0.5) / 100`,
    { isMovable: false },
  ),
];
