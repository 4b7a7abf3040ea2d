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
  const inner = `SELECT ${select.join(', ')} FROM (SELECT ${raw} FROM ${plan.database}.${table} WHERE ${where}) AS f ${joins.join(' ')}`;
  const kept = [
    plan.only === null ? '' : `account_id IN (SELECT account_id FROM ${plan.only})`,
    excludedAccounts === null ? '' : `account_id NOT IN (SELECT account_id FROM ${excludedAccounts})`,
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
  return attributedEvents(
    plan,
    resolution,
    extra,
    ignore.length === 0 ? where : `(${where}) AND event NOT IN ${quoteList(ignore)}`,
  );
}

function attributedEvents(plan: Plan, resolution: Resolution, extra: readonly string[], where: string): string {
  const columns = ['user_id', 'time', 'event', ...extra];
  const listed = ['account_id', 'user_id', `${milliseconds('time')} AS ms`, 'event', ...extra].join(', ');
  const named = `SELECT ${listed} FROM (${resolveKeys(plan, resolution, 'events', columns, `(${where}) AND account_id != ''`)})`;
  if (resolution.spells === null) return named;
  const orphans = resolveKeys(
    { ...plan, only: null },
    resolution,
    'events',
    ['fact_key', ...columns],
    `(${where}) AND account_id = '' AND user_id != ''`,
  );
  const carried = ['user_id', 'time', 'event', ...extra];
  const { excludedUsers, excludedAccounts } = resolution;
  const kept = [
    plan.only === null ? '1' : `account_id IN (SELECT account_id FROM ${plan.only})`,
    excludedAccounts === null ? '1' : `account_id NOT IN (SELECT account_id FROM ${excludedAccounts})`,
    excludedUsers === null ? '1' : `user_id NOT IN (SELECT user_id FROM ${excludedUsers})`,
  ];
  return `${named} UNION ALL SELECT ${listed} FROM (
      SELECT any(s.account_id) AS account_id, uniqExact(s.account_id) AS candidates,
        ${carried.map((c) => `any(o.${c}) AS ${c}`).join(', ')}
      FROM (${orphans}) AS o INNER JOIN ${resolution.spells} AS s ON s.user_id = o.user_id
      WHERE s.from_ms <= ${milliseconds('o.time')} AND s.to_ms > ${milliseconds('o.time')}
      GROUP BY o.fact_key HAVING candidates = 1
    ) WHERE ${kept.join(' AND ')}`;
}
