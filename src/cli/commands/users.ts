import { z } from 'zod';
import { listUsers, USER_MEASURES, type UserRow } from '../../pipeline/users.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import { chooseAsOf } from '../as-of.ts';
import type { Command, Paper } from '../command.ts';
import { writeInstant, writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  account: z.string().optional(),
  tier: z.string().optional(),
  stalledAt: z.string().optional(),
  unused: z.string().optional(),
  limit: countText.default(40),
});

/** `bellwether users`: every user's tier, and where they are stuck. */
export const usersCommand: Command = {
  name: 'users',
  summary: 'list users with their tier and the step at which they stall',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' },
    { syntax: '--account <ID>', meaning: 'users of this account' },
    { syntax: '--tier <TIER>', meaning: 'users of this tier' },
    { syntax: '--stalled-at <STEP>', meaning: 'users who stall at this step of user_sequence' },
    { syntax: '--unused <AREA>', meaning: 'users who have not used this feature area in the last 60 days' },
    { syntax: '--limit <ROWS>', meaning: 'rows of the table (default: 40; --json has all of them)' },
  ],
  examples: [
    { syntax: 'bellwether users --tier at_risk', meaning: 'whom to help first' },
    { syntax: 'bellwether users --stalled-at report_shared', meaning: 'everybody who needs the same next step' },
  ],
  json: `[{account_id, user_id, as_of, tier, stalled_step, ${USER_MEASURES.join(', ')}}], sorted by account_id, user_id`,
  run: async (context, _, options) => {
    const given = readOptions(options, OPTIONS);
    const { directory, engines, run, progress } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const asOf = given.asOf ?? (await chooseAsOf(workspace));
    const query = { ...given, asOf, run, accountId: given.account };
    const users = () =>
      listUsers(workspace, { ...query, onProgress: (done, all) => progress.tell('users', done, all) });
    return { status: 0, json: users(), text: (paper) => writeUsers(paper, users(), asOf, given.limit) };
  },
};

async function writeUsers(paper: Paper, users: AsyncIterable<UserRow>, asOf: number, limit: number): Promise<string> {
  const shown: UserRow[] = [];
  const tiers = new Map<string, number>();
  const stalls = new Map<string, number>();
  let count = 0;
  for await (const user of users) {
    count += 1;
    if (shown.length < limit) shown.push(user);
    add(tiers, String(user['tier'] ?? 'none'));
    if (typeof user['stalled_step'] === 'string') add(stalls, user['stalled_step']);
  }
  const columns = [
    'account_id',
    'user_id',
    'tier',
    'stalled_step',
    'events_30d',
    'active_days_per_week_28d',
    'days_since_last_activity',
  ];
  const rest = count > shown.length ? `\n... and ${count - shown.length} more; --limit shows more.` : '';
  return [
    `As of ${writeInstant(new Date(asOf))}`,
    writeTable(paper, ['tier', 'users'], byCount(tiers)),
    stalls.size === 0 ? '' : writeTable(paper, ['stalled at', 'users'], byCount(stalls)),
    `${writeTable(
      paper,
      columns.map((name) => name.replaceAll('_', ' ')),
      shown.map((user) => columns.map((name) => user[name])),
    )}${rest}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function byCount(counts: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...counts].toSorted(([, a], [, b]) => b - a);
}
