import { revertedAreas } from './account-adoption.ts';
import { stalledStep, stepsReached } from './activation.ts';
import { type Answer, type Answers, flag, known, MISSING, NONE, NOT_YET, numberOf } from './answer.ts';
import { DAY, dayBefore, inWindow, wholeDays } from './instants.ts';
import { atLeast, atMost, distinct, median } from './numbers.ts';
import { dropOffStep, runsOfUser, workflowCompletion, workflowRuns } from './runs.ts';
import { sessionCount, sessionsOfUser } from './sessions.ts';
import { type AccountView, type Activity, areasOf, usersOf, type View } from './view.ts';
import { uncovered, withoutAnyUsers, withoutUsers } from './windows.ts';

/** The activity of one user in the account, by time. */
export function activityOf(account: AccountView, user: string): Activity[] {
  return account.activity.filter((event) => event.user === user);
}

/** Distinct active days of the last `days`, from `to` days ago on backwards. */
export function activeDays(view: View, activity: readonly Activity[], days: number, to = 0): number {
  return distinct(
    activity.filter((event) => inWindow(event.time, view.at, days, to)).map((event) => dayBefore(event.time, view.at)),
  ).length;
}

/** Whole days since the first activity, null for a user never active. */
function firstSeenDays(view: View, activity: readonly Activity[]): number | null {
  return activity[0] === undefined ? null : wholeDays(activity[0].time, view.at);
}

/** `active_days_per_week_28d`. */
export function activeDaysPerWeek(view: View, activity: readonly Activity[]): Answer {
  const gap = withoutUsers(view, 28);
  if (gap !== null) return gap;
  const seen = firstSeenDays(view, activity);
  if (seen === null) return NONE;
  return known(activeDays(view, activity, 28) / (Math.min(28, Math.max(7, seen)) / 7));
}

/** The windows of a user's frequencies: w days now, b days before them; null under 15 days. */
function frequencyWindows(seen: number): { w: number; b: number } | null {
  if (seen < 15) return null;
  return seen <= 43 ? { w: 7, b: Math.min(30, seen - 8) } : { w: 14, b: 30 };
}

/** The frequencies of a user: now, baseline, decline, its z and whether it is a decline. */
export function frequencySignals(view: View, activity: readonly Activity[]): Answers {
  const all = (answer: Answer): Answers => ({
    frequency_now: answer,
    ...withoutBaseline(answer),
  });
  if (!view.eventsCarryUsers) return all(MISSING);
  const seen = firstSeenDays(view, activity);
  if (seen === null) return all(NONE);
  const windows = frequencyWindows(seen);
  if (windows === null) return all(NOT_YET);
  const { w, b } = windows;
  const frequency = activeDays(view, activity, w) / (w / 7);
  const frequency_now = withoutUsers(view, w) ?? known(frequency);
  const before = activeDays(view, activity, w + b, w);
  const gap = withoutUsers(view, w + b) ?? (before < 2 ? NONE : null);
  if (gap !== null) return { frequency_now, ...withoutBaseline(gap) };
  const baseline = before / (b / 7);
  const decline = 1 - frequency / baseline;
  const x = activeDays(view, activity, w);
  const n = x + before;
  const p = w / (w + b);
  const z = (x - n * p) / Math.sqrt(n * p * (1 - p));
  const { minDecline, maxZ } = view.world.model.decline;
  return {
    frequency_now,
    frequency_baseline: known(baseline),
    frequency_decline: known(decline),
    frequency_z: known(z),
    in_decline: flag(atLeast(decline, minDecline) && atMost(z, maxZ)),
  };
}

function withoutBaseline(answer: Answer): Answers {
  return { frequency_baseline: answer, frequency_decline: answer, frequency_z: answer, in_decline: answer };
}

/** `account_median_frequency`: over the users of the account active in 30d, the same for every listed user. */
export function accountMedianFrequency(view: View, account: AccountView): Answer {
  const gap = withoutUsers(view, 30);
  if (gap !== null) return gap;
  const frequencies = usersOf(account)
    .map((user) => activityOf(account, user))
    .filter((activity) => activity.some((event) => inWindow(event.time, view.at, 30)))
    .map((activity) => numberOf(activeDaysPerWeek(view, activity)))
    .filter((frequency) => frequency !== null);
  return frequencies.length === 0 ? NONE : known(median(frequencies));
}

function areasUsed(
  view: View,
  activity: readonly Activity[],
  days: number,
  which: 'all' | 'core' | 'advanced',
): Answer {
  const gap = withoutUsers(view, days);
  if (gap !== null) return gap;
  const names = activity
    .filter((event) => inWindow(event.time, view.at, days))
    .flatMap((event) => areasOf(view.world, event))
    .filter((area) => which === 'all' || (which === 'core' ? area.isCore : area.isAdvanced))
    .map((area) => area.name);
  return known(distinct(names).length);
}

/** `feature_breadth_30d` of a user. */
export function userFeatureBreadth(view: View, activity: readonly Activity[], days: number): Answer {
  return areasUsed(view, activity, days, 'all');
}

/** `core_features_30d` of a user. */
export function userCoreFeatures(view: View, activity: readonly Activity[], days: number): Answer {
  return areasUsed(view, activity, days, 'core');
}

/** `advanced_features_30d` of a user. */
export function userAdvancedFeatures(view: View, activity: readonly Activity[], days: number): Answer {
  return areasUsed(view, activity, days, 'advanced');
}

/** `events_30d` of a user. */
export function userEvents(view: View, activity: readonly Activity[], days: number): Answer {
  const gap = withoutUsers(view, days);
  return gap ?? known(activity.filter((event) => inWindow(event.time, view.at, days)).length);
}

/** `tickets_30d` of a user. */
export function userTickets(view: View, account: AccountView, user: string, days: number): Answer {
  const gap = uncovered(view, 'tickets', days);
  if (gap !== null) return gap;
  const own = account.tickets.filter((ticket) => ticket.user === user);
  return known(own.filter((ticket) => inWindow(ticket.opened.getTime(), view.at, days)).length);
}

function secondaryFeatures(view: View, activity: readonly Activity[]): Answer {
  if (!view.eventsCarryUsers) return MISSING;
  const first = activity[0]?.time;
  if (first === undefined) return NONE;
  const names = activity
    .filter((event) => event.time < first + 60 * DAY)
    .flatMap((event) => areasOf(view.world, event))
    .filter((area) => !area.isEntry)
    .map((area) => area.name);
  return known(distinct(names).length);
}

function userSequence(view: View, activity: readonly Activity[]): Answers {
  const sequence = view.world.model.activation.userSequence;
  if (sequence.length === 0 || !view.eventsCarryUsers) return { activation_depth: MISSING, stalled_step: MISSING };
  const first = activity[0]?.time;
  if (first === undefined) return { activation_depth: known(0), stalled_step: NONE };
  const reached = stepsReached(sequence, activity, first);
  if (reached.length < sequence.length && first < view.usersCoverFrom) {
    return { activation_depth: MISSING, stalled_step: MISSING };
  }
  return {
    activation_depth: known(reached.length / sequence.length),
    stalled_step: stalledStep(sequence, reached, first, view.at),
  };
}

function userReverted(view: View, activity: readonly Activity[], isCore: boolean): Answer {
  const gap = withoutUsers(view, 60);
  if (gap !== null) return gap;
  const first = activity[0]?.time;
  if (first === undefined) return known(0);
  return view.at - first < 60 * DAY ? NOT_YET : known(revertedAreas(view, activity, isCore));
}

/** All shipped signals of one user in one account. */
export function userSignals(view: View, account: AccountView, user: string, medianFrequency: Answer): Answers {
  const activity = activityOf(account, user);
  const sessions = sessionsOfUser(user, activity);
  const runs = runsOfUser(view, account, user);
  const seen = firstSeenDays(view, activity);
  const last = activity[activity.length - 1]?.time;
  return {
    first_seen_days: withoutAnyUsers(view) ?? (seen === null ? NONE : known(seen)),
    days_since_last_activity: withoutAnyUsers(view) ?? (last === undefined ? NONE : known(wholeDays(last, view.at))),
    active_days_per_week_28d: activeDaysPerWeek(view, activity),
    ...frequencySignals(view, activity),
    account_median_frequency: medianFrequency,
    feature_breadth_30d: userFeatureBreadth(view, activity, 30),
    core_features_30d: userCoreFeatures(view, activity, 30),
    advanced_features_30d: userAdvancedFeatures(view, activity, 30),
    events_30d: userEvents(view, activity, 30),
    sessions_30d: sessionCount(view, sessions, 30),
    tickets_30d: userTickets(view, account, user, 30),
    secondary_features_60d: secondaryFeatures(view, activity),
    ...userSequence(view, activity),
    workflow_runs_30d: workflowRuns(view, runs, 30),
    workflow_runs_prev_30d: workflowRuns(view, runs, 60, 30),
    workflow_completion_30d: workflowCompletion(view, runs, 30),
    workflow_completion_prev_30d: workflowCompletion(view, runs, 60, 30),
    drop_off_step: dropOffStep(view, runs),
    core_reverted_features: userReverted(view, activity, true),
    reverted_features: userReverted(view, activity, false),
  };
}
