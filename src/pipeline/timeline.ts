import { z } from 'zod';
import type { Engines } from './engines.ts';

/** Something that happened to an account, or was said or done about it. */
export interface TimelineEntry {
  /** Milliseconds. */
  readonly at: number;
  readonly kind: string;
  /** In a few words. */
  readonly title: string;
  /** What was written or said, where something was; empty otherwise. */
  readonly text: string;
}

/** A kind of entry: where its facts are, and how one of them is told. */
interface TimelineKind {
  readonly kind: string;
  /** SQL over the facts of the accounts in `{accounts: Array(String)}`: at_ms, title, text. */
  readonly sql: string;
}

const ms = (column: string): string => `toUnixTimestamp64Milli(${column})`;
const day = (column: string): string => `toInt64(toInt32(${column})) * 86400000`;
const OF = 'account_id IN {accounts: Array(String)}';

/** Kinds that are facts, one record each. */
const KINDS: readonly TimelineKind[] = [
  {
    kind: 'contract',
    sql: `SELECT ${day('starts')} AS at_ms, concat(if(kind = '', 'paid', toString(kind)), ' contract starts, ', toString(arr_cents / 100), ' ', toString(currency), ' a year',
        if(isNull(seats), '', concat(', ', toString(seats), ' seats'))) AS title, toString(plan) AS text
      FROM contracts WHERE ${OF}
      UNION ALL SELECT ${day('assumeNotNull(ends)')}, 'contract ends', toString(plan) FROM contracts WHERE ${OF} AND isNotNull(ends)`,
  },
  {
    kind: 'renewal',
    sql: `SELECT DISTINCT ${day('assumeNotNull(term_ends)')} AS at_ms, 'term ends' AS title, toString(plan) AS text
      FROM contracts WHERE ${OF} AND isNotNull(term_ends)`,
  },
  {
    kind: 'ticket',
    sql: `SELECT ${ms('opened')} AS at_ms, concat('ticket', if(priority = '', '', concat(', ', toString(priority)))) AS title, theme AS text
      FROM tickets WHERE ${OF}`,
  },
  {
    kind: 'nps',
    sql: `SELECT ${ms('time')} AS at_ms, concat('NPS ', toString(score)) AS title, comment AS text FROM nps WHERE ${OF}`,
  },
  {
    kind: 'need',
    sql: `SELECT ${ms('time')} AS at_ms, concat('said in ', if(origin = '', 'a talk', toString(origin)), ': ', toString(job)) AS title, quote AS text
      FROM needs WHERE ${OF}`,
  },
  {
    kind: 'note',
    sql: `SELECT ${ms('time')} AS at_ms, concat(if(kind = '', 'note', toString(kind)), ' by ', author) AS title, text FROM notes WHERE ${OF}`,
  },
  {
    kind: 'sponsor',
    sql: `SELECT ${ms('assumeNotNull(`from`)')} AS at_ms, 'a sponsor begins' AS title, user_id AS text FROM users
      WHERE ${OF} AND is_sponsor = 1 AND isNotNull(\`from\`)
      UNION ALL SELECT ${ms('assumeNotNull(`to`)')}, 'a sponsor leaves', user_id FROM users
      WHERE ${OF} AND is_sponsor = 1 AND isNotNull(\`to\`)`,
  },
  {
    kind: 'opportunity',
    sql: `SELECT ${ms('time')} AS at_ms, concat(if(kind = '', 'opportunity', toString(kind)), ': ', toString(stage)) AS title, opportunity_id AS text
      FROM opportunities WHERE ${OF}`,
  },
  {
    kind: 'merger',
    sql: `SELECT ${ms('at')} AS at_ms, concat(toString(kind), ' into ', into_account_id) AS title, account_id AS text
      FROM account_links WHERE ${OF} OR into_account_id IN {accounts: Array(String)}`,
  },
];

const factSchema = z.object({ at_ms: z.coerce.number(), title: z.string(), text: z.string() });
const linkSchema = z.object({ account_id: z.string() });

/**
 * What happened to an account before an instant, the latest first: facts, those of accounts merged into it included; its
 * recorded moves; what people decided of it.
 */
export async function accountTimeline(
  engines: Engines,
  accountId: string,
  before: number,
): Promise<readonly TimelineEntry[]> {
  const { warehouse } = engines;
  const merged = await warehouse.rows(
    `SELECT account_id FROM account_links WHERE into_account_id = {id: String} AND kind != 'split' AND ${ms('at')} < ${before}`,
    linkSchema,
    { parameters: { id: accountId } },
  );
  const parameters = { accounts: [accountId, ...merged.map(({ account_id }) => account_id)] };
  const facts = await Promise.all(
    KINDS.map(async ({ kind, sql }) => {
      const rows = await warehouse.rows(`SELECT * FROM (${sql}) WHERE at_ms < ${before}`, factSchema, { parameters });
      return rows.map(({ at_ms: at, title, text }): TimelineEntry => ({ at, kind, title, text }));
    }),
  );
  return [...facts.flat(), ...(await decided(engines, accountId, before))].sort((a, b) => b.at - a.at);
}

const decidedSchema = z.object({ at: z.coerce.date(), kind: z.string(), title: z.string(), text: z.string() });

async function decided({ ledger }: Engines, accountId: string, before: number): Promise<readonly TimelineEntry[]> {
  const rows = await ledger.query(
    `SELECT at, 'move' AS kind, concat(coalesce(from_segment, 'no segment'), ' to ', coalesce(to_segment, 'no segment')) AS title, cause AS text
      FROM moves WHERE account_id = $1 AND at < $2
    UNION ALL SELECT set_at, 'override', concat('set to ', segment, ' by ', author), reason FROM overrides WHERE account_id = $1 AND set_at < $2
    UNION ALL SELECT ended_at, 'override', 'override ended', '' FROM overrides WHERE account_id = $1 AND ended_at < $2
    UNION ALL SELECT at, 'model', 'another version of the model', note FROM (
      SELECT min(r.as_of) AS at, v.note FROM runs AS r JOIN model_versions AS v ON v.version = r.model_version
      GROUP BY v.version, v.note ORDER BY min(r.as_of) OFFSET 1
    ) AS edits WHERE at < $2`,
    [accountId, new Date(before)],
    decidedSchema,
  );
  return rows.map(({ at, ...rest }) => ({ at: at.getTime(), ...rest }));
}
