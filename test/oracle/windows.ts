import type { FactTableName } from '../../src/model/table.ts';
import { type Answer, MISSING, NOT_YET } from './answer.ts';
import { DAY } from './instants.ts';
import type { AccountView, View } from './view.ts';

/** MISSING where the table is not connected or does not cover the last `days`, else null. */
export function uncovered(view: View, table: FactTableName, days: number): Answer | null {
  if (!view.isConnected(table)) return MISSING;
  return view.at - days * DAY < view.coversFrom(table) ? MISSING : null;
}

/** MISSING where no source whose events carry users covers the last `days`, else null. */
export function withoutUsers(view: View, days: number): Answer | null {
  if (!view.eventsCarryUsers) return MISSING;
  return view.at - days * DAY < view.usersCoverFrom ? MISSING : null;
}

/** MISSING without a source whose events carry users, for signals over all history, else null. */
export function withoutAnyUsers(view: View): Answer | null {
  return view.eventsCarryUsers ? null : MISSING;
}

/** MISSING without `created`, NOT YET for an account younger than `days`, else null. */
export function youngerThan(view: View, account: AccountView, days: number): Answer | null {
  if (account.created === null) return MISSING;
  return view.at - account.created < days * DAY ? NOT_YET : null;
}
