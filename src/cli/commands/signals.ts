import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { readSignals, type SignalRow } from '../../pipeline/signals.ts';
import { type FactWorkspace, openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, daysText, instantText, readOptions, spanText } from '../arguments.ts';
import { chooseAsOf } from '../as-of.ts';
import type { Command, Paper } from '../command.ts';
import { writeInstant, writeTable } from '../table.ts';

const WEEK_MILLIS = 7 * 86_400_000;
const MOST_AS_OFS = 400;
const SHOWN_SIGNALS: Readonly<Record<string, readonly string[]>> = {
  account: [
    'arr',
    'seat_breadth',
    'feature_breadth_30d',
    'active_users_30d',
    'momentum_60d',
    'value_tier',
    'health_score',
  ],
  user: ['events_30d', 'active_days_per_week_28d', 'core_features_30d', 'activation_depth', 'stalled_step'],
};

const OPTIONS = z.object({
  entity: z.enum(['account', 'user'], 'must be account or user').default('account'),
  asOf: instantText.optional(),
  panel: spanText.optional(),
  every: daysText.optional(),
  account: z.string().optional(),
  signal: z.array(z.string()).optional(),
  limit: countText.default(40),
});

/** `bellwether signals`: every signal of every account or user as of a day, or on many days. */
export const signalsCommand: Command = {
  name: 'signals',
  summary: 'measure every signal of every account, or user, as of a day',
  options: [
    { syntax: '--entity <ENTITY>', meaning: 'account or user (default: account)' },
    {
      syntax: '--as-of <DAY>',
      meaning: 'day (00:00 UTC) or instant; only facts before it count (default: the end of your events)',
    },
    { syntax: '--panel <FROM..TO>', meaning: 'many as-ofs instead of one, both ends included' },
    { syntax: '--every <DAYS>', meaning: 'days between the as-ofs of a panel (default: 7d)' },
    { syntax: '--account <ID>', meaning: 'this account only' },
    { syntax: '--signal <NAME...>', meaning: 'columns of the table (--json has all of them)' },
    { syntax: '--limit <ROWS>', meaning: 'rows of the table (default: 40; --json has all of them)' },
  ],
  examples: [
    { syntax: 'bellwether signals --as-of 2026-03-01', meaning: 'accounts as they were on 1 March' },
    { syntax: 'bellwether signals --entity user --json', meaning: 'users, for machines' },
    { syntax: 'bellwether signals --account a1 --panel 2026-01-05..2026-03-30', meaning: 'one account, week by week' },
  ],
  json: '[{account_id, user_id?, as_of, signals: {name: value}, nulls: {name: reason}, assumed: [name], cohort, lifecycle, direction, relationship, archetype, value_tier, eligible | tier}], sorted by as_of, account_id, user_id',
  run: async (context, _, options) => {
    const given = readOptions(options, OPTIONS);
    if (given.panel !== undefined && given.asOf !== undefined)
      throw new Failure('bad-arguments', 'Give --as-of or --panel, not both.');
    if (given.panel === undefined && given.every !== undefined)
      throw new Failure('bad-arguments', '--every needs --panel FROM..TO.');
    const { directory, engines, run, progress } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const asOfs = await asOfsOf(workspace, given);
    const rows = readSignals(workspace, {
      entity: given.entity,
      asOfs,
      run,
      accountId: given.account,
      onProgress: (done, all) => progress.tell('signals', done, all),
    });
    return {
      status: 0,
      json: rows,
      text: (paper) => writeRows(paper, rows, given.signal ?? SHOWN_SIGNALS[given.entity] ?? [], given.limit),
    };
  },
};

async function asOfsOf(workspace: FactWorkspace, given: z.infer<typeof OPTIONS>): Promise<readonly number[]> {
  const { panel, every = WEEK_MILLIS } = given;
  if (panel === undefined) return [given.asOf ?? (await chooseAsOf(workspace))];
  const count = Math.floor((panel.to - panel.from) / every) + 1;
  if (count > MOST_AS_OFS) {
    throw new Failure(
      'bad-arguments',
      `That panel has ${count} as-ofs, and ${MOST_AS_OFS} is the most: choose a larger --every.`,
    );
  }
  return Array.from({ length: count }, (_, index) => panel.from + index * every);
}

async function writeRows(
  paper: Paper,
  rows: AsyncIterable<SignalRow>,
  signals: readonly string[],
  limit: number,
): Promise<string> {
  const shown: SignalRow[] = [];
  let count = 0;
  for await (const row of rows) {
    count += 1;
    if (shown.length < limit) shown.push(row);
  }
  const [first] = shown;
  if (first === undefined) return 'Nobody existed then.';
  const unknown = signals.filter((name) => first.signals[name] === undefined);
  if (unknown.length > 0) {
    throw new Failure(
      'unknown-signal',
      `There is no signal ${unknown.join(', ')}; \`bellwether signals list\` names all of them.`,
    );
  }
  const isOfUsers = first.user_id !== undefined;
  const classes = isOfUsers ? ['tier'] : ['relationship', 'cohort'];
  const table = writeTable(
    paper,
    ['as of', 'account', ...(isOfUsers ? ['user'] : []), ...classes, ...signals],
    shown.map((row) => [
      writeInstant(new Date(row.as_of)),
      row.account_id,
      ...(isOfUsers ? [row.user_id] : []),
      ...classes.map((name) => (typeof row[name] === 'string' ? row[name] : null)),
      ...signals.map((name) => row.signals[name] ?? (row.nulls[name] ?? '').replace('_', ' ')),
    ]),
  );
  return count > shown.length ? `${table}\n... and ${count - shown.length} more rows; --limit shows more.` : table;
}
