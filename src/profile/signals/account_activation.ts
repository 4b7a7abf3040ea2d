import { DAY_MS, quote } from '../plan.ts';
import {
  absent,
  createdBeforeCoverage,
  type Lens,
  type SignalDefinition,
  type Unknown,
  withoutUsers,
} from '../signal_definition.ts';
import { ofUse } from './account_signal.ts';

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
  ofUse(
    'activation_depth',
    'fraction',
    'Share of the account sequence reached, in order, by anyone',
    'R047',
    ['missing'],
    (lens) => [...needsSequence(lens), [`steps_reached < ${steps(lens).length} AND ${isOld(lens)}`, 'missing']],
    (lens) => `steps_reached / ${Math.max(1, steps(lens).length)}`,
  ),
  ofUse(
    'sequence_days',
    'days',
    'Days from creation to the last step of the account sequence',
    'R032',
    ['missing', 'none'],
    (lens) => [...needsSequence(lens), [isOld(lens), 'missing'], [`steps_reached < ${steps(lens).length}`, 'none']],
    () => `floor((last_step_ms - created_ms) / ${DAY_MS} * 100 + 0.5) / 100`,
    { isMovable: false },
  ),
  ofUse(
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
  ofUse(
    'activated',
    'yes or no',
    'Whether the primary milestone has been reached',
    'R010',
    ['missing'],
    (lens) => [...needsPrimary(lens), [`${primarySql(lens)} = 0 AND ${isOld(lens)}`, 'missing']],
    (lens) => `${primarySql(lens)} > 0`,
    { type: 'flag' },
  ),
  ofUse(
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
