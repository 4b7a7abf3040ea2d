import { type Answer, known, MISSING, NONE, NOT_YET } from './answer.ts';
import { versionsAt } from './contracts.ts';
import { DAY } from './instants.ts';
import { byCodePoint, distinct, given } from './numbers.ts';
import { type AccountView, type Activity, currentRow, type View } from './view.ts';

/** Whether the event lies in a trial or pilot contract: such activity is not "before the first contract". */
function isOnTrial(view: View, account: AccountView, event: Activity): boolean {
  return versionsAt(account.contracts, view.at).some(
    (version) =>
      (version.kind === 'trial' || version.kind === 'pilot') &&
      event.time >= version.starts &&
      (version.ends === null || version.ends >= view.at || event.time < version.ends),
  );
}

function firstActivities(activity: readonly Activity[]): { user: string; first: number }[] {
  return distinct(activity.map((event) => event.user)).map((user) => ({
    user,
    first: Math.min(...activity.filter((event) => event.user === user).map((event) => event.time)),
  }));
}

/** Executive by the row that tells the person's role as of T; unknown seniority is not executive. */
function isExecutive(view: View, account: AccountView, user: string): boolean {
  const seniority = given(currentRow(account, user)?.row.seniority);
  return seniority !== null && view.world.model.users.executiveSeniority.includes(seniority);
}

function wasExecutiveOrSponsor(view: View, account: AccountView, user: string): boolean {
  return account.people
    .filter((row) => row.user === user)
    .some((row) => {
      const seniority = given(row.row.seniority);
      const isExecutiveRow = seniority !== null && view.world.model.users.executiveSeniority.includes(seniority);
      return isExecutiveRow || row.row.is_sponsor === true;
    });
}

function isBottomUp(view: View, account: AccountView, before: readonly Activity[], start: number): boolean {
  const people = firstActivities(before).filter(({ user }) => !isExecutive(view, account, user));
  return people.length >= 3 && Math.min(...people.map(({ first }) => first)) <= start - 14 * DAY;
}

function isTopDown(view: View, account: AccountView, start: number): boolean {
  const firsts = firstActivities(account.activity).sort((a, b) => a.first - b.first || byCodePoint(a.user, b.user));
  if (firsts.slice(0, 3).some(({ user }) => wasExecutiveOrSponsor(view, account, user))) return true;
  const after = account.activity.filter((event) => event.time >= start && event.time < start + 30 * DAY);
  const active = distinct(after.map((event) => event.user));
  const joined = firsts.filter(({ user }) => active.includes(user)).map(({ first }) => first);
  return joined.some((s) => joined.filter((first) => first >= s && first < s + 7 * DAY).length >= active.length / 2);
}

/** `adoption_pathway`: how the account came to its first paid contract. */
export function adoptionPathway(view: View, account: AccountView): Answer {
  if (!view.isConnected('contracts') || !view.eventsCarryUsers) return MISSING;
  const starts = versionsAt(account.contracts, view.at)
    .filter((version) => version.isPaid)
    .map((version) => version.starts);
  if (starts.length === 0) return NONE;
  const start = Math.min(...starts);
  if (start - 14 * DAY < view.usersCoverFrom) return MISSING;
  if (!(start + 30 * DAY < view.at)) return NOT_YET;
  if (account.activity.length === 0) return NONE;
  const before = account.activity.filter((event) => event.time < start && !isOnTrial(view, account, event));
  if (isBottomUp(view, account, before, start)) return known('bottom_up');
  const isEarly = before.some((event) => event.time < start - 14 * DAY);
  return known(!isEarly && isTopDown(view, account, start) ? 'top_down' : 'mixed');
}
