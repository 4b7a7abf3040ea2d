import { activeUsersSignal } from './account-adoption.ts';
import { type Answer, type Answers, known, MISSING, NONE, numberOf, ratio } from './answer.ts';
import { runsOf, workflowCompletion, workflowRuns } from './runs.ts';
import { tierOf } from './tier.ts';
import { accountMedianFrequency, activeDays, activityOf, userSignals } from './user-signals.ts';
import { type AccountView, usersOf, type View } from './view.ts';
import { withoutUsers } from './windows.ts';

/** One user of the account with all signals and the tier as of the view's instant. */
export interface UserAnswers {
  readonly user: string;
  readonly signals: Answers;
  readonly tier: string | null;
}

/** The users of an account with their signals and tiers. */
export function usersWithSignals(view: View, account: AccountView): UserAnswers[] {
  const medianFrequency = accountMedianFrequency(view, account);
  return usersOf(account).map((user) => {
    const signals = userSignals(view, account, user, medianFrequency);
    return { user, signals, tier: tierOf(signals, view.world.model) };
  });
}

const hasBaseline = (user: UserAnswers): boolean => numberOf(user.signals['frequency_baseline']) !== null;

function tierSignals(view: View, account: AccountView, users: readonly UserAnswers[]): Answers {
  const inTier = (tier: string): Answer =>
    withoutUsers(view, 30) ?? known(users.filter((user) => user.tier === tier).length);
  const power = inTier('power');
  return {
    power_users: power,
    at_risk_users: inTier('at_risk'),
    power_user_density: ratio(power, activeUsersSignal(view, account, 30)),
  };
}

function declineSignals(view: View, users: readonly UserAnswers[]): Answers {
  const measured = users.filter(hasBaseline);
  if (measured.length === 0) {
    const isUncovered = users.some((user) => user.signals['frequency_baseline']?.reason === 'missing');
    const gap = !view.eventsCarryUsers || isUncovered ? MISSING : NONE;
    return { users_in_decline: gap, decline_share: gap };
  }
  const declining = measured.filter((user) => numberOf(user.signals['in_decline']) === 1).length;
  return { users_in_decline: known(declining), decline_share: known(declining / measured.length) };
}

/** `activity_change_14d` and `activity_z_14d`: over users first seen 44 or more days ago that have a baseline. */
function activityChange(view: View, account: AccountView, users: readonly UserAnswers[]): Answers {
  const gap = withoutUsers(view, 44);
  const settled = users.filter((user) => (numberOf(user.signals['first_seen_days']) ?? 0) >= 44 && hasBaseline(user));
  if (gap !== null || settled.length === 0) {
    return { activity_change_14d: gap ?? NONE, activity_z_14d: gap ?? NONE };
  }
  let now = 0;
  let before = 0;
  for (const { user } of settled) {
    now += activeDays(view, activityOf(account, user), 14);
    before += activeDays(view, activityOf(account, user), 44, 14);
  }
  const n = now + before;
  const p = 14 / 44;
  return {
    activity_change_14d: known(now / 14 / (before / 30) - 1),
    activity_z_14d: known((now - n * p) / Math.sqrt(n * p * (1 - p))),
  };
}

/** The account signals that are made of its users: tiers, declines, the change of activity and workflow runs. */
export function usersInAccountSignals(view: View, account: AccountView, users: readonly UserAnswers[]): Answers {
  const runs = runsOf(view, account);
  return {
    ...tierSignals(view, account, users),
    ...declineSignals(view, users),
    ...activityChange(view, account, users),
    workflow_runs_30d: workflowRuns(view, runs, 30),
    workflow_completion_30d: workflowCompletion(view, runs, 30),
  };
}
