import type { Milestone } from '../../src/definition/model.ts';
import { type Answer, type Answers, known, MISSING, NONE, NOT_YET } from './answer.ts';
import { DAY, daysTo2Decimals } from './instants.ts';
import { distinct } from './numbers.ts';
import { runsOf } from './runs.ts';
import type { AccountView, Happening, View } from './view.ts';

/**
 * The instants at which the steps of a sequence were reached, up to the first one that was not: step k at the first
 * time of its event at or after the time of step k-1, step zero being `start`.
 */
export function stepsReached(sequence: readonly string[], events: readonly Happening[], start: number): number[] {
  const reached: number[] = [];
  let since = start;
  for (const step of sequence) {
    const times = events.filter((event) => event.name === step && event.time >= since).map((event) => event.time);
    if (times.length === 0) break;
    since = Math.min(...times);
    reached.push(since);
  }
  return reached;
}

/** `stalled_step`, once 7 x 24 h have passed since the last step reached, or since `start` where none was. */
export function stalledStep(
  sequence: readonly string[],
  reached: readonly number[],
  start: number,
  at: number,
): Answer {
  const next = sequence[reached.length];
  if (next === undefined) return NONE;
  const since = reached[reached.length - 1] ?? start;
  return at >= since + 7 * DAY ? known(next) : NOT_YET;
}

function sequenceSignals(view: View, account: AccountView): Answers {
  const sequence = view.world.model.activation.accountSequence;
  const { created } = account;
  if (sequence.length === 0 || created === null || !view.isConnected('events')) {
    return { activation_depth: MISSING, sequence_days: MISSING, stalled_step: MISSING };
  }
  const reached = stepsReached(sequence, account.events, created);
  const isComplete = reached.length === sequence.length;
  const isUncovered = created < view.coversFrom('events');
  const last = reached[reached.length - 1] ?? created;
  const days = isComplete ? known(daysTo2Decimals(created, last)) : NONE;
  return {
    activation_depth: isUncovered && !isComplete ? MISSING : known(reached.length / sequence.length),
    sequence_days: isUncovered ? MISSING : days,
    stalled_step: isUncovered && !isComplete ? MISSING : stalledStep(sequence, reached, created, view.at),
  };
}

/** What may fulfil a milestone: an event or the completion of a run, by whom. */
interface Fulfilment {
  readonly time: number;
  readonly user: string | null;
}

function fulfilments(view: View, account: AccountView, milestone: Milestone): Fulfilment[] {
  if (milestone.workflow !== null) {
    return runsOf(view, account)
      .filter((run) => run.workflow === milestone.workflow)
      .flatMap((run) => (run.completed === null ? [] : [{ time: run.completed, user: run.user }]));
  }
  const condition = view.world.predicates.milestones[milestone.name];
  return account.events.filter(
    (event) => event.name === milestone.event && (condition === undefined || condition(event.row)),
  );
}

/** When the account reached a milestone, null where it has not. */
export function milestoneReached(
  view: View,
  account: AccountView,
  milestone: Milestone,
  created: number,
): number | null {
  const end = milestone.withinDays === null ? Number.POSITIVE_INFINITY : created + milestone.withinDays * DAY;
  const candidates = fulfilments(view, account, milestone)
    .filter((event) => event.time >= created && event.time < end)
    .filter((event) => milestone.users === null || event.user !== null)
    .sort((a, b) => a.time - b.time);
  for (let count = 1; count <= candidates.length; count++) {
    const soFar = candidates.slice(0, count);
    const users = distinct(soFar.map((event) => event.user)).length;
    if (count >= milestone.count && (milestone.users === null || users >= milestone.users)) {
      return soFar[count - 1]?.time ?? null;
    }
  }
  return null;
}

function milestoneSignals(view: View, account: AccountView): Answers {
  const primary = view.world.model.activation.milestones.find((milestone) => milestone.isPrimary);
  const { created } = account;
  if (primary === undefined || created === null || !view.isConnected('events')) {
    return { activated: MISSING, activation_days: MISSING };
  }
  const reached = milestoneReached(view, account, primary, created);
  const isUncovered = created < view.coversFrom('events');
  const needsUsers = primary.workflow !== null || primary.users !== null;
  if (reached === null) {
    const isUnknown = isUncovered || (needsUsers && !view.eventsCarryUsers);
    return isUnknown
      ? { activated: MISSING, activation_days: MISSING }
      : { activated: known(0), activation_days: NONE };
  }
  return { activated: known(1), activation_days: isUncovered ? MISSING : known(daysTo2Decimals(created, reached)) };
}

/** The account signals of the family "activation". */
export function activationSignals(view: View, account: AccountView): Answers {
  return { ...sequenceSignals(view, account), ...milestoneSignals(view, account) };
}
