import type { SignalEntry } from '../../model/signal.ts';
import { areaBits, countAreas } from '../area.ts';
import { DAY_MS, quote } from '../plan.ts';
import {
  absent,
  type Lens,
  needsUsers,
  type SignalDefinition,
  type Unknown,
  uncovered,
  withoutUsers,
} from '../signal_definition.ts';

const M7 = 2 ** 7 - 1;
const M28 = 2 ** 28 - 1;
const M30 = 2 ** 30 - 1;

const never: Unknown = ['isNull(first_ms)', 'none'];

/** Columns of `user_base`: days of the recent window and of the baseline window, and active days in each. */
const RECENT = 'recent_window';
const BASE = 'base_window';
const ACTIVE_RECENT = 'recent_active';
const ACTIVE_BASE = 'base_active';
const NOW = `(${ACTIVE_RECENT} / (${RECENT} / 7))`;
const BASELINE = `(${ACTIVE_BASE} / (${BASE} / 7))`;

const young: Unknown = ['first_seen < 15', 'not_yet'];

function needsBaseline(lens: Lens): readonly Unknown[] {
  const from = lens.coverage.get('events')?.userCoversFrom;
  return [
    [withoutUsers(lens), 'missing'],
    never,
    young,
    [from == null ? '0' : `at - (${RECENT} + ${BASE}) * ${DAY_MS} < ${from}`, 'missing'],
    [`${ACTIVE_BASE} < 2`, 'none'],
  ];
}

/** SQL: `frequency_decline`. */
const DECLINE_SQL = `(1 - ${NOW} / ${BASELINE})`;

/** SQL: `frequency_z`. */
const DECLINE_Z_SQL = zScore(ACTIVE_RECENT, ACTIVE_BASE, `(${RECENT} / (${RECENT} + ${BASE}))`);

function zScore(x: string, rest: string, p: string): string {
  return `((${x} - (${x} + ${rest}) * ${p}) / sqrt((${x} + ${rest}) * ${p} * (1 - ${p})))`;
}

/** SQL: how many areas that are picked were used on 3 or more days from 60 to 30 days ago, and on none since. */
export function revertedSql(lens: Lens, coreOnly: boolean): string {
  const parts = areaBits(lens.model)
    .filter(({ area }) => !coreOnly || area.isCore)
    .map(
      ({ index }) =>
        `(bitAnd(area_${index}_days, ${M30}) = 0 AND bitCount(bitAnd(bitShiftRight(area_${index}_days, 30), ${M30})) >= 3)`,
    );
  return parts.length === 0 ? '0' : `(${parts.join(' + ')})`;
}

const user = (
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
  entity: 'user',
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

const seq = (lens: Lens) => lens.model.activation.userSequence;

function needsSequence(lens: Lens): readonly Unknown[] {
  const from = lens.coverage.get('events')?.userCoversFrom;
  const isOld = from == null ? '0' : `(steps_reached < ${seq(lens).length} AND first_ms < ${from})`;
  return [
    [seq(lens).length === 0 ? '1' : '0', 'missing'],
    [withoutUsers(lens), 'missing'],
    [isOld, 'missing'],
  ];
}

const needsWorkflow = (lens: Lens, days: number): readonly Unknown[] => [
  [lens.model.taxonomy.workflows.length === 0 ? '1' : '0', 'missing'],
  ...needsUsers(lens, days),
];

/** Signals of a user in one account, over `user_base`. */
export const USER_SIGNALS: readonly SignalDefinition[] = [
  user(
    'first_seen_days',
    'days',
    'Whole days since the first activity in the account',
    'R050',
    ['missing', 'none'],
    (lens) => [[withoutUsers(lens), 'missing'], never],
    () => 'first_seen',
    { isMovable: false },
  ),
  user(
    'days_since_last_activity',
    'days',
    'Whole days since the last activity in the account',
    'R050',
    ['missing', 'none'],
    (lens) => [[withoutUsers(lens), 'missing'], never],
    () => `intDiv(at - last_ms, ${DAY_MS})`,
  ),
  user(
    'active_days_per_week_28d',
    'days per week',
    'Active days a week over 28 days, or since the first activity',
    'R050',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 28), never],
    () => `bitCount(bitAnd(days, ${M28})) / (least(28, greatest(7, first_seen)) / 7)`,
  ),
  user(
    'frequency_now',
    'days per week',
    'Active days a week in the last two weeks (one, for a newer user)',
    'R058',
    ['missing', 'not_yet', 'none'],
    (lens) => {
      const from = lens.coverage.get('events')?.userCoversFrom;
      return [
        [withoutUsers(lens), 'missing'],
        never,
        young,
        [from == null ? '0' : `at - ${RECENT} * ${DAY_MS} < ${from}`, 'missing'],
      ];
    },
    () => NOW,
  ),
  user(
    'frequency_baseline',
    'days per week',
    'Active days a week in the 30 days before those',
    'R058',
    ['missing', 'not_yet', 'none'],
    needsBaseline,
    () => BASELINE,
  ),
  user(
    'frequency_decline',
    'fraction',
    "How far the frequency fell below the user's own baseline",
    'R059',
    ['missing', 'not_yet', 'none'],
    needsBaseline,
    () => DECLINE_SQL,
  ),
  user(
    'frequency_z',
    'standard deviations',
    'How far that fall stands out from chance',
    'R059',
    ['missing', 'not_yet', 'none'],
    needsBaseline,
    () => DECLINE_Z_SQL,
  ),
  user(
    'in_decline',
    'yes or no',
    'Whether the fall is large and stands out from chance',
    'R058',
    ['missing', 'not_yet', 'none'],
    needsBaseline,
    ({ model }) =>
      `(${DECLINE_SQL} >= ${model.decline.minDecline} - 1e-9 AND ${DECLINE_Z_SQL} <= ${model.decline.maxZ} + 1e-9)`,
    { type: 'flag' },
  ),
  user(
    'account_median_frequency',
    'days per week',
    "Median of active days a week over the account's users active in 30 days",
    'R056',
    ['missing', 'none'],
    (lens) => [...needsUsers(lens, 30), ['isNull(median_frequency)', 'none']],
    () => 'median_frequency',
    { isMovable: false },
  ),
  user(
    'feature_breadth_30d',
    'areas',
    'Feature areas used in 30 days',
    'R048',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    ({ model }) => countAreas(model, 'areas_', () => true),
  ),
  user(
    'core_features_30d',
    'areas',
    'Core feature areas used in 30 days',
    'R052',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    ({ model }) => countAreas(model, 'areas_', (area) => area.isCore),
  ),
  user(
    'advanced_features_30d',
    'areas',
    'Advanced feature areas used in 30 days',
    'R056',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    ({ model }) => countAreas(model, 'areas_', (area) => area.isAdvanced),
  ),
  user(
    'events_30d',
    'events',
    'Activities in 30 days',
    'R050',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    () => 'events',
  ),
  user(
    'sessions_30d',
    'sessions',
    'Sessions started in 30 days',
    'R050',
    ['missing'],
    (lens) => needsUsers(lens, 30),
    () => 'sessions',
  ),
  user(
    'tickets_30d',
    'tickets',
    'Tickets opened in 30 days',
    'R065',
    ['missing'],
    (lens) => [
      [absent(lens, 'tickets'), 'missing'],
      [uncovered(lens, 'tickets', 30), 'missing'],
    ],
    () => 'tickets',
    { inputs: ['tickets'] },
  ),
  user(
    'secondary_features_60d',
    'areas',
    'Feature areas other than entry points used within 60 days of the first activity',
    'R053',
    ['missing', 'none'],
    (lens) => [[withoutUsers(lens), 'missing'], never],
    ({ model }) => {
      const parts = areaBits(model)
        .filter(({ area }) => !area.isEntry)
        .map(
          ({ index }) =>
            `(area_${index}_first_ms > 0 AND area_${index}_first_ms < least(at, assumeNotNull(first_ms) + ${60 * DAY_MS}))`,
        );
      return parts.length === 0 ? '0' : parts.join(' + ');
    },
  ),
  user(
    'activation_depth',
    'fraction',
    'Share of the user sequence reached, in order',
    'R047',
    ['missing'],
    needsSequence,
    (lens) => `if(isNull(first_ms), 0, steps_reached / ${Math.max(1, seq(lens).length)})`,
  ),
  user(
    'stalled_step',
    'event',
    'First step not reached, once 7 days have passed since the last',
    'R051',
    ['missing', 'not_yet', 'none'],
    (lens) => [
      ...needsSequence(lens),
      never,
      [`steps_reached = ${seq(lens).length}`, 'none'],
      [`at < if(steps_reached = 0, first_ms, last_step_ms) + ${7 * DAY_MS}`, 'not_yet'],
    ],
    (lens) => `[${seq(lens).map(quote).join(', ') || `''`}][steps_reached + 1]`,
    { type: 'text' },
  ),
  user(
    'workflow_runs_30d',
    'runs',
    'Workflow runs started in 30 days that are closed',
    'R049',
    ['missing'],
    (lens) => needsWorkflow(lens, 30),
    () => 'runs',
  ),
  user(
    'workflow_runs_prev_30d',
    'runs',
    'The same in the 30 days before',
    'R058',
    ['missing'],
    (lens) => needsWorkflow(lens, 60),
    () => 'runs_prev',
  ),
  user(
    'workflow_completion_30d',
    'fraction',
    'Share of those runs that were completed',
    'R049',
    ['missing', 'none'],
    (lens) => [...needsWorkflow(lens, 30), ['runs = 0', 'none']],
    () => 'runs_done / runs',
  ),
  user(
    'workflow_completion_prev_30d',
    'fraction',
    'The same in the 30 days before',
    'R058',
    ['missing', 'none'],
    (lens) => [...needsWorkflow(lens, 60), ['runs_prev = 0', 'none']],
    () => 'runs_prev_done / runs_prev',
  ),
  user(
    'drop_off_step',
    'event',
    'Step at which runs of 60 days stopped most often',
    'R049',
    ['missing', 'none'],
    (lens) => [...needsWorkflow(lens, 60), [`drop_off = ''`, 'none']],
    () => 'drop_off',
    { type: 'text' },
  ),
  user(
    'core_reverted_features',
    'areas',
    'Core areas used on 3 days or more from 60 to 30 days ago, and not since',
    'R055',
    ['missing', 'not_yet'],
    (lens) => [...needsUsers(lens, 60), [`first_seen < 60`, 'not_yet']],
    (lens) => revertedSql(lens, true),
  ),
  user(
    'reverted_features',
    'areas',
    'Areas used on 3 days or more from 60 to 30 days ago, and not since',
    'R055',
    ['missing', 'not_yet'],
    (lens) => [...needsUsers(lens, 60), [`first_seen < 60`, 'not_yet']],
    (lens) => revertedSql(lens, false),
  ),
];

/** SQL: active in the last 7, 28 or 30 days, over a day mask. */
export const ACTIVE_MASKS = { M7, M28, M30 } as const;
