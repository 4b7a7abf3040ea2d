import { DAY_MS } from '../plan.ts';
import { absent, type Lens, needsUsers, type SignalDefinition, withoutUsers } from '../signal_definition.ts';
import { account, noneActive } from './account_signal.ts';

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
