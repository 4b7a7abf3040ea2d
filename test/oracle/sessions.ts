import { type Answer, type Answers, known, NONE } from './answer.ts';
import { dayBefore, inWindow, MINUTE } from './instants.ts';
import { atMost, distinct, mean, median, sum } from './numbers.ts';
import type { AccountView, Activity, View } from './view.ts';
import { withoutUsers, youngerThan } from './windows.ts';

/** A session of one user in one account. */
export interface Session {
  readonly user: string;
  readonly start: number;
  readonly last: number;
}

const GAP = 30 * MINUTE;

/** Sessions of one user, cut from all of the user's activity: a gap of 30 minutes or more starts the next. */
export function sessionsOfUser(user: string, activity: readonly Activity[]): Session[] {
  const times = activity
    .filter((event) => event.user === user)
    .map((event) => event.time)
    .sort((a, b) => a - b);
  const sessions: { user: string; start: number; last: number }[] = [];
  for (const time of times) {
    const running = sessions[sessions.length - 1];
    if (running !== undefined && time - running.last < GAP) running.last = time;
    else sessions.push({ user, start: time, last: time });
  }
  return sessions;
}

/** The sessions of all users of the account. */
export function sessionsOf(account: AccountView): Session[] {
  return distinct(account.activity.map((event) => event.user)).flatMap((user) =>
    sessionsOfUser(user, account.activity),
  );
}

/** Sessions started from `days` ago to `to` days ago. */
export function startedIn(view: View, sessions: readonly Session[], days: number, to = 0): Session[] {
  return sessions.filter((session) => inWindow(session.start, view.at, days, to));
}

const minutes = (session: Session): number => (session.last - session.start) / MINUTE;

/** `sessions_30d`. */
export function sessionCount(view: View, sessions: readonly Session[], days: number): Answer {
  return withoutUsers(view, days) ?? known(startedIn(view, sessions, days).length);
}

/** `session_minutes_30d`. */
export function sessionMinutes(view: View, sessions: readonly Session[], days: number): Answer {
  const gap = withoutUsers(view, days);
  if (gap !== null) return gap;
  const started = startedIn(view, sessions, days);
  return started.length === 0 ? NONE : known(median(started.map(minutes)));
}

function sessionsChange(view: View, sessions: readonly Session[]): Answer {
  const gap = withoutUsers(view, 60);
  if (gap !== null) return gap;
  const earlier = startedIn(view, sessions, 60, 30).length;
  return earlier === 0 ? NONE : known(startedIn(view, sessions, 30).length / earlier - 1);
}

function sessionMinutesChange(view: View, sessions: readonly Session[]): Answer {
  const gap = withoutUsers(view, 60);
  if (gap !== null) return gap;
  const now = startedIn(view, sessions, 30).map(minutes);
  const earlier = startedIn(view, sessions, 60, 30).map(minutes);
  if (now.length < 5 || earlier.length < 5 || median(earlier) === 0) return NONE;
  return known(median(now) / median(earlier) - 1);
}

/** The least-squares line through (0, y0), (1, y1), ...: its slope and the slope's ordinary standard error. */
export function leastSquares(values: readonly number[]): { slope: number; standardError: number } {
  const n = values.length;
  const meanX = mean(values.map((_, x) => x));
  const meanY = mean(values);
  const sxx = sum(values.map((_, x) => (x - meanX) ** 2));
  const sxy = sum(values.map((y, x) => (x - meanX) * (y - meanY)));
  const slope = sxy / sxx;
  const residuals = values.map((y, x) => y - (meanY + slope * (x - meanX)));
  const variance = sum(residuals.map((residual) => residual ** 2)) / (n - 2);
  return { slope, standardError: Math.sqrt(variance / sxx) };
}

/** Sessions started on each of the last 60 days, the oldest first. */
function dailyCounts(view: View, sessions: readonly Session[]): number[] {
  return Array.from({ length: 60 }, (_, day) => {
    const k = 59 - day;
    return sessions.filter((session) => dayBefore(session.start, view.at) === k).length;
  });
}

function momentum(view: View, account: AccountView, sessions: readonly Session[]): [Answer, Answer] {
  const gap = withoutUsers(view, 60) ?? youngerThan(view, account, 60);
  if (gap !== null) return [gap, gap];
  const counts = dailyCounts(view, sessions);
  if (sum(counts) < 10) return [NONE, NONE];
  const { slope, standardError } = leastSquares(counts);
  const isExact = atMost(standardError, 0);
  return [known((slope * 59) / mean(counts)), isExact ? NONE : known(slope / standardError)];
}

/** The account signals over sessions. */
export function sessionSignals(view: View, account: AccountView): Answers {
  const sessions = sessionsOf(account);
  const [relative, t] = momentum(view, account, sessions);
  return {
    sessions_30d: sessionCount(view, sessions, 30),
    session_minutes_30d: sessionMinutes(view, sessions, 30),
    sessions_change_30d: sessionsChange(view, sessions),
    session_minutes_change_30d: sessionMinutesChange(view, sessions),
    momentum_60d: relative,
    momentum_t_60d: t,
  };
}
