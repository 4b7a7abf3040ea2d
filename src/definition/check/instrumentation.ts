import type { Place } from '../../model/diagnostic.ts';
import { didYouMean } from '../../rule/nearest.ts';
import { conditionsOf } from '../conditions.ts';
import { type DataCheck, type Finding, type FindingHead, finding, type Subject } from './check.ts';
import type { Observations } from './observations.ts';

const NEVER_SEEN: FindingHead = {
  code: 'event-never-seen',
  kind: 'instrumentation',
  requirement: 'R155',
  severity: 'warning',
};
const UNNAMED: FindingHead = {
  code: 'event-without-area',
  kind: 'instrumentation',
  requirement: 'R028',
  severity: 'info',
};
const NO_USERS: FindingHead = {
  code: 'events-without-users',
  kind: 'instrumentation',
  requirement: 'R028',
  severity: 'warning',
};
const UNKNOWN: FindingHead = {
  code: 'signal-unknown',
  kind: 'instrumentation',
  requirement: 'D12',
  severity: 'warning',
};

/** A signal that is missing for more than this share of accounts decides little. */
const MAX_MISSING_SHARE = 0.5;
/** Events without an area are told from this share of all events on, the most frequent first. */
const MIN_UNNAMED_SHARE = 0.01;
const MOST_UNNAMED = 10;

/** What the model expects and the data does not hold: events never seen, events without users, signals that are missing. */
export const instrumentation: DataCheck = {
  name: 'instrumentation',
  find: (subject, observations) => [
    ...neverSeen(subject, observations),
    ...withoutUsers(subject, observations),
    ...unknownSignals(subject, observations),
    ...unnamed(subject, observations),
  ],
};

interface Expected {
  readonly event: string;
  readonly where: string;
  readonly place: Place;
}

function expectedEvents({ model }: Subject): readonly Expected[] {
  const { taxonomy, activation, file } = model;
  const sequence = (name: string, steps: readonly string[]) =>
    steps.map((event) => ({ event, where: `\`${name}\``, place: { file, field: `activation.${name}` } }));
  return [
    ...taxonomy.features.flatMap(({ name, events, place }) =>
      events.map((event) => ({ event, where: `feature area \`${name}\``, place })),
    ),
    ...taxonomy.workflows.flatMap(({ name, steps, place }) =>
      steps.map((event) => ({ event, where: `workflow \`${name}\``, place })),
    ),
    ...sequence('account_sequence', activation.accountSequence),
    ...sequence('user_sequence', activation.userSequence),
    ...activation.milestones.flatMap(({ name, event, place }) =>
      event === null ? [] : [{ event, where: `milestone \`${name}\``, place }],
    ),
  ];
}

function neverSeen(subject: Subject, { events }: Observations): readonly Finding[] {
  if (events.length === 0) return [];
  const seen = events.map((each) => each.event);
  const expected = expectedEvents(subject);
  const absent = new Set(expected.map(({ event }) => event).filter((event) => !seen.includes(event)));
  return [...absent].flatMap((event) => {
    const uses = expected.filter((use) => use.event === event);
    const [first] = uses;
    if (first === undefined) return [];
    const where = [...new Set(uses.map((use) => use.where))].join(', ');
    const advice = didYouMean(event, seen) ?? 'Send it, or take it out of the model.';
    return [finding(NEVER_SEEN, first.place, `the event \`${event}\` (${where}) was never seen`, advice)];
  });
}

function withoutUsers({ model }: Subject, { events }: Observations): readonly Finding[] {
  const rows = events.reduce((sum, each) => sum + each.rows, 0);
  const withUser = events.reduce((sum, each) => sum + each.withUser, 0);
  if (rows === 0 || withUser > 0) return [];
  const message = 'no event carries a user: sessions, active users, tiers and cohorts stay unknown';
  return [finding(NO_USERS, { file: model.file, field: 'sources' }, message, 'Send `user_id` with each event.')];
}

/** Only signals that a rule reads, at the first rule that reads them. */
function unknownSignals({ model }: Subject, { signals }: Observations): readonly Finding[] {
  const read = conditionsOf(model).filter(({ standing }) => standing === 'account' || standing === 'user');
  return signals.flatMap((signal) => {
    const missing = signal.listed === 0 ? 0 : signal.missing / signal.listed;
    if (missing <= MAX_MISSING_SHARE) return [];
    const reader = read.find(
      ({ condition, standing }) => standing === signal.entity && condition.names.includes(signal.name),
    );
    if (reader === undefined) return [];
    const what = signal.entity === 'account' ? 'accounts' : 'users';
    const message = `\`${signal.name}\` is unknown for ${Math.round(100 * missing)}% of ${what}, so rules that read it decide little`;
    return [
      finding(
        UNKNOWN,
        reader.condition.place,
        message,
        'Connect the source that it needs, or let the rule do without it.',
      ),
    ];
  });
}

function unnamed(subject: Subject, { events }: Observations): readonly Finding[] {
  const { taxonomy, file } = subject.model;
  const known = new Set([
    ...expectedEvents(subject).map(({ event }) => event),
    ...taxonomy.proxies,
    ...taxonomy.ignore,
  ]);
  const rows = events.reduce((sum, each) => sum + each.rows, 0);
  const strangers = events
    .filter((each) => !known.has(each.event) && each.rows >= rows * MIN_UNNAMED_SHARE)
    .toSorted((a, b) => b.rows - a.rows)
    .slice(0, MOST_UNNAMED);
  return strangers.map((each) => {
    const message = `the event \`${each.event}\` (${Math.round((100 * each.rows) / rows)}% of all) belongs to no feature area: it is activity and nothing more`;
    return finding(
      UNNAMED,
      { file, field: 'taxonomy' },
      message,
      'Put it into an area, or under `proxies` or `ignore`.',
    );
  });
}
