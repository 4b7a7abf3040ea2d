import { DAY_MS, quote } from '../plan.ts';
import { absent, type Lens, needs, needsUsers, type SignalDefinition, uncovered } from '../signal_definition.ts';
import { account, noneActive } from './account_signal.ts';

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
