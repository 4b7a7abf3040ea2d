import { type Answer, type Answers, known, MISSING, NONE, ratio } from './answer.ts';
import { DAY, dayBefore, inWindow, wholeDays } from './instants.ts';
import { distinct, given, sum } from './numbers.ts';
import { type AccountView, areasOf, currentRow, type Happening, inForce, type View } from './view.ts';
import { uncovered, withoutAnyUsers, withoutUsers, youngerThan } from './windows.ts';

/** Events of the account in the last `days`, from `to` days ago on backwards. */
export function eventsIn<E extends Happening>(view: View, events: readonly E[], days: number, to = 0): E[] {
  return events.filter((event) => inWindow(event.time, view.at, days, to));
}

/** Distinct users with activity in the window. */
export function activeUsers(view: View, account: AccountView, days: number, to = 0): string[] {
  return distinct(eventsIn(view, account.activity, days, to).map((event) => event.user));
}

/** `active_users_7d`, `active_users_30d`. */
export function activeUsersSignal(view: View, account: AccountView, days: number): Answer {
  return withoutUsers(view, days) ?? known(activeUsers(view, account, days).length);
}

/** `events_30d`. */
export function eventCount(view: View, account: AccountView, days: number): Answer {
  return uncovered(view, 'events', days) ?? known(eventsIn(view, account.events, days).length);
}

/** `seats`. */
export function seats(view: View, account: AccountView): Answer {
  if (!view.isConnected('contracts')) return MISSING;
  const contracts = inForce(view, account);
  if (contracts.length === 0) return NONE;
  const giving = contracts.map((contract) => contract.seats).filter((count) => count !== null);
  return giving.length === 0 ? MISSING : known(sum(giving));
}

/** Mean of the daily active users over the last `days`. */
function meanDailyUsers(view: View, account: AccountView, days: number): number {
  let total = 0;
  for (let k = 0; k < days; k++) {
    const onDay = account.activity.filter((event) => dayBefore(event.time, view.at) === k);
    total += distinct(onDay.map((event) => event.user)).length;
  }
  return total / days;
}

/** `dau_seat_share`. */
function dailySeatShare(view: View, account: AccountView): Answer {
  const daily = withoutUsers(view, 28) ?? known(meanDailyUsers(view, account, 28));
  return ratio(daily, seats(view, account));
}

/** `stickiness`, `dau_wau`: mean daily active users over the window / active users in it. */
export function dailyShare(view: View, account: AccountView, days: number): Answer {
  const daily = withoutUsers(view, days) ?? known(meanDailyUsers(view, account, days));
  return ratio(daily, activeUsersSignal(view, account, days));
}

/** `feature_breadth_30d`; with `isCore` `core_features_30d`. */
export function featureBreadth(view: View, account: AccountView, days: number, isCore = false): Answer {
  const gap = uncovered(view, 'events', days);
  if (gap !== null) return gap;
  return known(areaNames(view, eventsIn(view, account.events, days), isCore).length);
}

function areaNames(view: View, events: readonly Happening[], isCore = false): string[] {
  return distinct(
    events.flatMap((event) =>
      areasOf(view.world, event)
        .filter((area) => area.isCore || !isCore)
        .map((area) => area.name),
    ),
  );
}

/** `features_first_30d`. */
function featuresFirst30Days(view: View, account: AccountView): Answer {
  const { created } = account;
  if (!view.isConnected('events') || created === null || created < view.coversFrom('events')) return MISSING;
  const young = youngerThan(view, account, 30);
  if (young !== null) return young;
  const first = account.events.filter((event) => event.time >= created && event.time < created + 30 * DAY);
  return known(areaNames(view, first).length);
}

/** `feature_intensity_30d`. */
export function featureIntensity(view: View, account: AccountView, days: number): Answer {
  const gap = withoutUsers(view, days);
  if (gap !== null) return gap;
  const users = activeUsers(view, account, days).length;
  if (users === 0) return NONE;
  const core = eventsIn(view, account.activity, days).filter((event) =>
    areasOf(view.world, event).some((area) => area.isCore),
  );
  return known(core.length / users / (days / 7));
}

/** `active_users_change_30d`. */
function activeUsersChange(view: View, account: AccountView): Answer {
  const gap = withoutUsers(view, 60);
  if (gap !== null) return gap;
  const earlier = activeUsers(view, account, 60, 30).length;
  return earlier === 0 ? NONE : known(activeUsers(view, account, 30).length / earlier - 1);
}

/** `integrations_active`. */
export function integrationsActive(view: View, account: AccountView, days: number): Answer {
  if (!view.world.model.taxonomy.features.some((area) => area.isIntegration)) return MISSING;
  const gap = uncovered(view, 'events', days);
  if (gap !== null) return gap;
  const values = eventsIn(view, account.events, days)
    .filter((event) => areasOf(view.world, event).some((area) => area.isIntegration))
    .map((event) => given(event.row.properties['integration']))
    .filter((value) => value !== null);
  return known(distinct(values).length);
}

/** Feature areas used on 3 or more distinct days in `[T-60d, T-30d)` and on none in 30d. */
export function revertedAreas(view: View, events: readonly Happening[], isCore: boolean): number {
  const areas = view.world.model.taxonomy.features.filter((area) => area.isCore || !isCore);
  return areas.filter((area) => {
    const uses = events.filter((event) => areasOf(view.world, event).some((other) => other.name === area.name));
    const days = uses.map((event) => dayBefore(event.time, view.at));
    const before = distinct(days.filter((day) => day >= 30 && day < 60));
    return before.length >= 3 && !days.some((day) => day < 30);
  }).length;
}

function reverted(view: View, account: AccountView, isCore: boolean): Answer {
  return (
    uncovered(view, 'events', 60) ??
    youngerThan(view, account, 60) ??
    known(revertedAreas(view, account.events, isCore))
  );
}

/** Whole days since the last of the events, NONE of none. */
function daysSinceLast(view: View, events: readonly Happening[]): Answer {
  const times = events.map((event) => event.time);
  return times.length === 0 ? NONE : known(wholeDays(Math.max(...times), view.at));
}

/** The departments of the users active in the last `days` who have one: one entry per user. */
function departments(view: View, account: AccountView, days: number): string[] {
  return activeUsers(view, account, days)
    .map((user) => given(currentRow(account, user)?.row.department))
    .filter((department) => department !== null);
}

function withDepartments(
  view: View,
  account: AccountView,
  days: number,
  measure: (departments: readonly string[]) => number,
): Answer {
  const gap = withoutUsers(view, days);
  if (gap !== null) return gap;
  const found = departments(view, account, days);
  if (found.length > 0) return known(measure(found));
  return activeUsers(view, account, days).length === 0 ? NONE : MISSING;
}

const largestCount = (values: readonly string[]): number =>
  Math.max(...distinct(values).map((value) => values.filter((other) => other === value).length));

/** `departments_active_30d`. */
export function departmentsActive(view: View, account: AccountView, days: number): Answer {
  return withDepartments(view, account, days, (found) => distinct(found).length);
}

/** `top_department_share`. */
export function topDepartmentShare(view: View, account: AccountView, days: number): Answer {
  return withDepartments(view, account, days, (found) => largestCount(found) / found.length);
}

/** `top_user_share_30d`. */
export function topUserShare(view: View, account: AccountView, days: number): Answer {
  const gap = withoutUsers(view, days);
  if (gap !== null) return gap;
  const users = eventsIn(view, account.activity, days).map((event) => event.user);
  return users.length === 0 ? NONE : known(largestCount(users) / users.length);
}

/** The account signals of the family "adoption" that need neither sessions, frequencies nor workflows. */
export function adoptionSignals(view: View, account: AccountView): Answers {
  const active7 = activeUsersSignal(view, account, 7);
  const active30 = activeUsersSignal(view, account, 30);
  const seatCount = seats(view, account);
  return {
    account_age_days: account.created === null ? MISSING : known(wholeDays(account.created, view.at)),
    seats: seatCount,
    events_30d: eventCount(view, account, 30),
    days_since_last_event: uncovered(view, 'events', 0) ?? daysSinceLast(view, account.events),
    active_users_7d: active7,
    active_users_30d: active30,
    seat_breadth: ratio(active30, seatCount),
    dau_seat_share: dailySeatShare(view, account),
    wau_seat_share: ratio(active7, seatCount),
    stickiness: dailyShare(view, account, 30),
    dau_wau: dailyShare(view, account, 7),
    feature_breadth_30d: featureBreadth(view, account, 30),
    core_features_30d: featureBreadth(view, account, 30, true),
    features_first_30d: featuresFirst30Days(view, account),
    feature_intensity_30d: featureIntensity(view, account, 30),
    active_users_change_30d: activeUsersChange(view, account),
    integrations_active: integrationsActive(view, account, 90),
    core_reverted_features: reverted(view, account, true),
    reverted_features: reverted(view, account, false),
    days_since_last_activity: withoutAnyUsers(view) ?? daysSinceLast(view, account.activity),
    departments_active_30d: departmentsActive(view, account, 30),
    top_department_share: topDepartmentShare(view, account, 30),
    top_user_share_30d: topUserShare(view, account, 30),
  };
}
