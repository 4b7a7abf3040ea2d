import { activeUsersSignal, eventsIn } from './account-adoption.ts';
import { type Answer, type Answers, known, MISSING, NONE, NOT_YET, numberOf, ratio } from './answer.ts';
import { DAY, inWindow, millis } from './instants.ts';
import { mean } from './numbers.ts';
import { type AccountView, areasOf, type View } from './view.ts';
import { uncovered } from './windows.ts';

/** `tickets_30d`. */
export function ticketCount(view: View, account: AccountView, days: number, to = 0): Answer {
  const opened = account.tickets.filter((ticket) => inWindow(millis(ticket.opened), view.at, days, to));
  return uncovered(view, 'tickets', days) ?? known(opened.length);
}

function ticketsChange(view: View, account: AccountView): Answer {
  const now = numberOf(ticketCount(view, account, 30));
  const before = numberOf(ticketCount(view, account, 60, 30));
  return now === null || before === null ? MISSING : known(now - before);
}

/** `self_service_ratio_30d`. */
export function selfServiceRatio(view: View, account: AccountView, days: number): Answer {
  const tickets = numberOf(ticketCount(view, account, days));
  const hasHelp = view.world.model.taxonomy.features.some((area) => area.isHelp);
  if (!hasHelp || tickets === null || uncovered(view, 'events', days) !== null) return MISSING;
  const helped = eventsIn(view, account.events, days).filter((event) =>
    areasOf(view.world, event).some((area) => area.isHelp),
  ).length;
  return helped + tickets === 0 ? NONE : known(helped / (helped + tickets));
}

interface Answered {
  readonly time: number;
  readonly score: number;
  readonly user: string | null;
}

/** The answers that count: of two answers of one person at one instant the lower; each one without a person counts. */
function answers(account: AccountView): Answered[] {
  const all = account.nps.map((row) => ({ time: millis(row.time), score: row.score, user: row.user }));
  return all.filter(
    (answer, position) =>
      answer.user === null ||
      all.every(
        (other, place) =>
          place === position ||
          other.user !== answer.user ||
          other.time !== answer.time ||
          other.score > answer.score ||
          (other.score === answer.score && place > position),
      ),
  );
}

/** `nps_latest`. */
export function npsLatest(view: View, account: AccountView, days: number): Answer {
  const gap = uncovered(view, 'nps', days);
  if (gap !== null) return gap;
  const recent = answers(account).filter((answer) => inWindow(answer.time, view.at, days));
  const latest = recent.filter(
    (answer) => answer.user === null || !recent.some((other) => other.user === answer.user && other.time > answer.time),
  );
  return latest.length === 0 ? NONE : known(mean(latest.map((answer) => answer.score)));
}

function npsDay90(view: View, account: AccountView): Answer {
  const { created } = account;
  if (!view.isConnected('nps') || created === null || created < view.coversFrom('nps')) return MISSING;
  const scores = answers(account)
    .filter((answer) => answer.time >= created + 60 * DAY && answer.time < created + 120 * DAY)
    .map((answer) => answer.score);
  if (scores.length > 0) return known(mean(scores));
  return view.at < created + 120 * DAY ? NOT_YET : NONE;
}

/** `engagement_touches_90d`. */
export function engagementTouches(view: View, account: AccountView, days: number): Answer {
  const touches = account.touches.filter(
    (touch) =>
      (touch.kind === 'marketing' || touch.kind === 'community') && inWindow(millis(touch.time), view.at, days),
  );
  return uncovered(view, 'touches', days) ?? known(touches.length);
}

/** The account signals over tickets, answers and touches. */
export function serviceSignals(view: View, account: AccountView): Answers {
  return {
    tickets_30d: ticketCount(view, account, 30),
    tickets_change_30d: ticketsChange(view, account),
    tickets_per_active_user_30d: ratio(ticketCount(view, account, 30), activeUsersSignal(view, account, 30)),
    self_service_ratio_30d: selfServiceRatio(view, account, 30),
    nps_latest: npsLatest(view, account, 180),
    nps_day_90: npsDay90(view, account),
    engagement_touches_90d: engagementTouches(view, account, 90),
  };
}
