import type { Entity } from '../model/signal.ts';
import type { FactTableName } from '../model/table.ts';
import { factTable } from '../model/tables.ts';
import { milliseconds, type Plan, quoteList } from './plan.ts';

/**
 * Who and what a raw fact belongs to as of the plan's instants: links between users and between accounts applied,
 * events without an account attributed, excluded traffic left out.
 *
 * A part is null where the workspace has nothing of the kind, so that the common case reads raw facts.
 */
export interface Resolution {
  /** Table (old_id, user_id). */
  readonly identities: string | null;
  /** Table (old_id, account_id). */
  readonly accountLinks: string | null;
  /** Table (user_id, account_id, from_ms, to_ms): spells by which events without an account are attributed. */
  readonly spells: string | null;
  /** Table (user_id): people left out of the whole workspace. */
  readonly excludedUsers: string | null;
  /** Table (account_id). */
  readonly excludedAccounts: string | null;
  /** Whether the entity has traits with a history. */
  readonly hasTraits: Readonly<Record<Entity, boolean>>;
  /** Where the plan measures some accounts: which, and what their facts call them; null: all accounts. */
  readonly touched: Touched | null;
}

/** The accounts that a plan measures: excluded ones are not among them. */
export interface Touched {
  /** Table (account_id): as facts name them, before links are followed. */
  readonly named: string;
  /** Table (account_id): as they are called at the plan's instants. */
  readonly accounts: string;
  /** Tables of their events as `resolvedEvents` gives them, with `time`; null until they are built. */
  readonly events: {
    /** Without properties. */
    readonly all: string;
    /** With properties and session: those of which anything reads these. */
    readonly read: string;
  } | null;
}

/**
 * SQL: rows of a fact table with their account and user resolved, excluded traffic and accounts outside the plan's left
 * out.
 *
 * `columns` are the columns wanted besides the account; `where` is over the raw row.
 */
export function resolveKeys(
  plan: Plan,
  resolution: Resolution,
  table: FactTableName,
  columns: readonly string[],
  where: string,
): string {
  const { identities, accountLinks, excludedUsers, excludedAccounts } = resolution;
  const hasUser = factTable(table).columns.some((column) => column.name === 'user_id') && table !== 'identities';
  const needsUser = hasUser && (columns.includes('user_id') || excludedUsers !== null);
  const account = accountLinks === null ? 'f.account_id' : `if(l.new_id != '', l.new_id, f.account_id)`;
  const user = identities === null ? 'f.user_id' : `if(i.new_id != '', i.new_id, f.user_id)`;
  const rest = columns.filter((column) => column !== 'account_id' && column !== 'user_id');
  const select = [
    `${account} AS account_id`,
    ...(needsUser ? [`${user} AS user_id`] : []),
    ...rest.map((c) => `f.${c} AS ${c}`),
  ];
  const raw = [...new Set(['account_id', ...(needsUser ? ['user_id'] : []), ...columns])].join(', ');
  const joins = [
    accountLinks === null ? '' : `LEFT JOIN ${accountLinks} AS l ON l.old_id = f.account_id`,
    identities === null || !needsUser ? '' : `LEFT JOIN ${identities} AS i ON i.old_id = f.user_id`,
  ];
  const touched = touchedOf(plan, resolution);
  const among = touched === null ? '' : `AND account_id IN (SELECT account_id FROM ${touched.named})`;
  const inner = `SELECT ${select.join(', ')} FROM (SELECT ${raw} FROM ${plan.database}.${table} WHERE (${where}) ${among}) AS f ${joins.join(' ')}`;
  const kept = [
    excludedAccounts === null || touched !== null
      ? ''
      : `account_id NOT IN (SELECT account_id FROM ${excludedAccounts})`,
    excludedUsers === null || !hasUser ? '' : `user_id NOT IN (SELECT user_id FROM ${excludedUsers})`,
  ].filter((condition) => condition !== '');
  return kept.length === 0 ? inner : `SELECT * FROM (${inner}) WHERE ${kept.join(' AND ')}`;
}

/**
 * SQL: events as they count in this plan: (account_id, user_id, ms, event, ...extra), ignored and excluded ones left out.
 *
 * Grain: event. `user_id` is empty for an event without a user. `where` is over the raw row's columns.
 */
export function resolvedEvents(plan: Plan, resolution: Resolution, extra: readonly string[], where: string): string {
  const { ignore } = plan.model.taxonomy;
  const kept = touchedOf(plan, resolution)?.events ?? null;
  if (kept !== null) {
    const isReading = extra.some((column) => column !== 'time');
    return `SELECT ${listedColumns(extra)} FROM ${isReading ? kept.read : kept.all} WHERE ${where}`;
  }
  return attributedEvents(
    plan,
    resolution,
    extra,
    ignore.length === 0 ? where : `(${where}) AND event NOT IN ${quoteList(ignore)}`,
  );
}

/** The accounts that this plan measures; null where a part of a computation looks at all. */
function touchedOf(plan: Plan, resolution: Resolution): Touched | null {
  return plan.only === null ? null : resolution.touched;
}

function listedColumns(extra: readonly string[]): string {
  return ['account_id', 'user_id', `${milliseconds('time')} AS ms`, 'event', ...extra].join(', ');
}

function attributedEvents(plan: Plan, resolution: Resolution, extra: readonly string[], where: string): string {
  const columns = [...new Set(['user_id', 'time', 'event', ...extra])];
  const listed = listedColumns(extra);
  const named = `SELECT ${listed} FROM (${resolveKeys(plan, resolution, 'events', columns, `(${where}) AND account_id != ''`)})`;
  if (resolution.spells === null) return named;
  const orphans = resolveKeys(
    { ...plan, only: null },
    resolution,
    'events',
    ['fact_key', ...columns],
    `(${where}) AND account_id = '' AND user_id != '' ${touchedOf(plan, resolution) === null ? '' : `AND user_id IN (${namesOfPeople(resolution)})`}`,
  );
  const { excludedUsers, excludedAccounts } = resolution;
  const touched = touchedOf(plan, resolution);
  const kept = [
    touched === null ? '1' : `account_id IN (SELECT account_id FROM ${touched.accounts})`,
    excludedAccounts === null || touched !== null
      ? '1'
      : `account_id NOT IN (SELECT account_id FROM ${excludedAccounts})`,
    excludedUsers === null ? '1' : `user_id NOT IN (SELECT user_id FROM ${excludedUsers})`,
  ];
  return `${named} UNION ALL SELECT ${listed} FROM (
      SELECT any(s.account_id) AS account_id, uniqExact(s.account_id) AS candidates,
        ${columns.map((c) => `any(o.${c}) AS ${c}`).join(', ')}
      FROM (${orphans}) AS o INNER JOIN ${resolution.spells} AS s ON s.user_id = o.user_id
      WHERE s.from_ms <= ${milliseconds('o.time')} AND s.to_ms > ${milliseconds('o.time')}
      GROUP BY o.fact_key HAVING candidates = 1
    ) WHERE ${kept.join(' AND ')}`;
}

/** SQL: ids by which events without an account may name whoever has a spell. */
function namesOfPeople({ spells, identities }: Resolution): string {
  const people = `SELECT user_id FROM ${spells}`;
  if (identities === null) return people;
  return `SELECT user_id FROM (${people} UNION DISTINCT SELECT old_id AS user_id FROM ${identities} WHERE new_id IN (${people}))`;
}
