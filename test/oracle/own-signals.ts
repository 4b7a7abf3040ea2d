import type { Measure, OwnSignal } from '../../src/definition/model.ts';
import type { FactTableName } from '../../src/model/table.ts';
import {
  activeUsersSignal,
  dailyShare,
  departmentsActive,
  eventCount,
  featureBreadth,
  featureIntensity,
  integrationsActive,
  topDepartmentShare,
  topUserShare,
} from './account-adoption.ts';
import { type Answer, type Answers, known, MISSING, NONE, ratio } from './answer.ts';
import { ACCOUNT_INPUTS, USER_INPUTS } from './catalogue.ts';
import { DAY, dayBefore, wholeDays } from './instants.ts';
import { costToServe, usageOfQuota } from './money.ts';
import { byCodePoint, distinct, given, mean, sum } from './numbers.ts';
import { runsOf, runsOfUser, workflowCompletion, workflowRuns } from './runs.ts';
import { engagementTouches, npsLatest, selfServiceRatio, ticketCount } from './service.ts';
import { sessionCount, sessionMinutes, sessionsOf, sessionsOfUser } from './sessions.ts';
import {
  activityOf,
  userAdvancedFeatures,
  userCoreFeatures,
  userEvents,
  userFeatureBreadth,
  userTickets,
} from './user-signals.ts';
import { type AccountView, areasOf, type Happening, type View } from './view.ts';

/** A property's text as a number: `true` and `false` are 1 and 0, text that is no number is null. */
export function propertyNumber(text: string | null | undefined): number | null {
  const trimmed = given(text);
  if (trimmed === null) return null;
  if (trimmed === 'true') return 1;
  if (trimmed === 'false') return 0;
  const number = Number(trimmed);
  return trimmed.trim() === '' || !Number.isFinite(number) ? null : number;
}

/** Whether an own signal counts an event: by name, or by belonging to a feature area that it names. */
function isCounted(view: View, signal: OwnSignal, event: Happening): boolean {
  const condition = view.world.predicates.signals[signal.name];
  if (condition !== undefined && !condition(event.row)) return false;
  return signal.of.includes(event.name) || areasOf(view.world, event).some((area) => signal.of.includes(area.name));
}

/** The property of the latest event that has it, as it stands; of events at one instant the larger text. */
function last(events: readonly Happening[], property: string): Answer {
  const found = events
    .flatMap((event) => {
      const value = event.row.properties[property];
      return value === undefined ? [] : [{ time: event.time, value }];
    })
    .sort((a, b) => a.time - b.time || byCodePoint(a.value, b.value));
  const latest = found[found.length - 1];
  return latest === undefined ? NONE : known(latest.value);
}

function measured(view: View, measure: Measure, events: readonly Happening[], property: string): Answer {
  const values = events
    .map((event) => propertyNumber(event.row.properties[property]))
    .filter((value) => value !== null);
  const users = distinct(events.map((event) => event.user).filter((user) => user !== null));
  const orNone = (measureOf: () => number): Answer => (values.length === 0 ? NONE : known(measureOf()));
  const times = events.map((event) => event.time);
  const byMeasure: Record<Measure, () => Answer> = {
    count: () => known(events.length),
    distinct_users: () => known(users.length),
    distinct_days: () => known(distinct(times.map((time) => dayBefore(time, view.at))).length),
    sum: () => known(sum(values)),
    min: () => orNone(() => Math.min(...values)),
    max: () => orNone(() => Math.max(...values)),
    mean: () => orNone(() => mean(values)),
    last: () => last(events, property),
    days_since: () => (times.length === 0 ? NONE : known(wholeDays(Math.max(...times), view.at))),
  };
  return byMeasure[measure]();
}

function measureSignal(view: View, signal: OwnSignal, measure: Measure, events: readonly Happening[]): Answer {
  const needsUsers = signal.entity === 'user' || measure === 'distinct_users';
  const start = signal.windowDays === null ? null : view.at - signal.windowDays * DAY;
  if (!view.isConnected('events') || (needsUsers && !view.eventsCarryUsers)) return MISSING;
  const covers = needsUsers ? view.usersCoverFrom : view.coversFrom('events');
  if (start !== null && start < covers) return MISSING;
  const counted = events.filter((event) => (start === null || event.time >= start) && isCounted(view, signal, event));
  return measured(view, measure, counted, signal.property ?? '');
}

type Windowed = (view: View, account: AccountView, days: number) => Answer;

/** Shipped account signals that may be declared with another window. */
const ACCOUNT_WINDOWS: Readonly<Record<string, Windowed>> = {
  events_30d: eventCount,
  active_users_7d: activeUsersSignal,
  active_users_30d: activeUsersSignal,
  stickiness: dailyShare,
  dau_wau: dailyShare,
  feature_breadth_30d: featureBreadth,
  core_features_30d: (view, account, days) => featureBreadth(view, account, days, true),
  feature_intensity_30d: featureIntensity,
  integrations_active: integrationsActive,
  departments_active_30d: departmentsActive,
  top_department_share: topDepartmentShare,
  top_user_share_30d: topUserShare,
  sessions_30d: (view, account, days) => sessionCount(view, sessionsOf(account), days),
  session_minutes_30d: (view, account, days) => sessionMinutes(view, sessionsOf(account), days),
  workflow_runs_30d: (view, account, days) => workflowRuns(view, runsOf(view, account), days),
  workflow_completion_30d: (view, account, days) => workflowCompletion(view, runsOf(view, account), days),
  tickets_30d: ticketCount,
  tickets_per_active_user_30d: (view, account, days) =>
    ratio(ticketCount(view, account, days), activeUsersSignal(view, account, days)),
  self_service_ratio_30d: selfServiceRatio,
  nps_latest: npsLatest,
  engagement_touches_90d: engagementTouches,
  cost_to_serve_12m: costToServe,
  usage_of_quota_30d: usageOfQuota,
};

type UserWindowed = (view: View, account: AccountView, user: string, days: number) => Answer;

/** Shipped user signals that may be declared with another window. */
const USER_WINDOWS: Readonly<Record<string, UserWindowed>> = {
  feature_breadth_30d: (view, account, user, days) => userFeatureBreadth(view, activityOf(account, user), days),
  core_features_30d: (view, account, user, days) => userCoreFeatures(view, activityOf(account, user), days),
  advanced_features_30d: (view, account, user, days) => userAdvancedFeatures(view, activityOf(account, user), days),
  events_30d: (view, account, user, days) => userEvents(view, activityOf(account, user), days),
  sessions_30d: (view, account, user, days) => sessionCount(view, sessionsOfUser(user, account.activity), days),
  tickets_30d: userTickets,
  workflow_runs_30d: (view, account, user, days) => workflowRuns(view, runsOfUser(view, account, user), days),
  workflow_completion_30d: (view, account, user, days) =>
    workflowCompletion(view, runsOfUser(view, account, user), days),
};

/** The fact tables behind an own signal. */
export function ownInputs(signal: OwnSignal): readonly FactTableName[] {
  if (signal.like === null) return ['events'];
  return (signal.entity === 'account' ? ACCOUNT_INPUTS : USER_INPUTS)[signal.like] ?? ['events'];
}

/** The workspace's own signals of an account. */
export function ownAccountSignals(view: View, account: AccountView): Answers {
  const answers: Answers = {};
  for (const signal of view.world.model.signals.filter((own) => own.entity === 'account')) {
    if (signal.like !== null) {
      const windowed = ACCOUNT_WINDOWS[signal.like];
      if (windowed === undefined) throw new Error(`no other window of ${signal.like}`);
      answers[signal.name] = windowed(view, account, signal.windowDays ?? 0);
    } else if (signal.measure !== null) {
      answers[signal.name] = measureSignal(view, signal, signal.measure, account.events);
    }
  }
  return answers;
}

/** The workspace's own signals of a user. */
export function ownUserSignals(view: View, account: AccountView, user: string): Answers {
  const answers: Answers = {};
  for (const signal of view.world.model.signals.filter((own) => own.entity === 'user')) {
    if (signal.like !== null) {
      const windowed = USER_WINDOWS[signal.like];
      if (windowed === undefined) throw new Error(`no other window of ${signal.like}`);
      answers[signal.name] = windowed(view, account, user, signal.windowDays ?? 0);
    } else if (signal.measure !== null) {
      answers[signal.name] = measureSignal(view, signal, signal.measure, activityOf(account, user));
    }
  }
  return answers;
}
