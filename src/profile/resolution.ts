import { z } from 'zod';
import type { FactTableName } from '../model/table.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { compileExclusion } from './exclusion.ts';
import { extent, milliseconds, type Plan, quoteList, scratch } from './plan.ts';

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
  /** Table (account_id, user_id). */
  readonly excludedUsers: string | null;
  /** Table (account_id). */
  readonly excludedAccounts: string | null;
}

const countSchema = z.object({ n: z.coerce.number() });

async function exists(warehouse: Warehouse, from: string): Promise<boolean> {
  const [row] = await warehouse.rows(`SELECT count() AS n FROM (SELECT 1 FROM ${from} LIMIT 1)`, countSchema);
  return (row?.n ?? 0) > 0;
}

/** Builds the resolution tables that this workspace needs at the plan's latest instant. */
export async function resolve(warehouse: Warehouse, plan: Plan): Promise<Resolution> {
  const { to } = extent(plan);
  const db = plan.database;
  const none: Resolution = {
    identities: null,
    accountLinks: null,
    spells: null,
    excludedUsers: null,
    excludedAccounts: null,
  };
  const identities = (await exists(warehouse, `${db}.identities WHERE ${milliseconds('time')} < ${to}`))
    ? await buildChain(warehouse, plan, 'identity', identityLinks(plan))
    : null;
  const accountLinks = (await exists(
    warehouse,
    `${db}.account_links WHERE ${milliseconds('at')} < ${to} AND kind != 'split'`,
  ))
    ? await buildChain(warehouse, plan, 'account_link', accountLinkRows(plan))
    : null;
  const linked: Resolution = { ...none, identities, accountLinks };
  const needsSpells = await exists(warehouse, `${db}.events WHERE account_id = '' AND user_id != ''`);
  const spells = needsSpells ? await buildSpells(warehouse, plan, linked) : null;
  const excluded = await compileExclusion(warehouse, plan, linked);
  return { ...linked, spells, ...excluded };
}

/**
 * Whether the resolution is the same at every instant of the plan.
 *
 * Answers no when a link was made, or a row that an exclusion reads began, between the first and the last instant.
 */
export async function isSteady(warehouse: Warehouse, plan: Plan): Promise<boolean> {
  const { from, to } = extent(plan);
  if (from === to) return true;
  const within = (column: string) =>
    `assumeNotNull(${milliseconds(column)}) >= ${from} AND assumeNotNull(${milliseconds(column)}) < ${to}`;
  const db = plan.database;
  if (await exists(warehouse, `${db}.identities WHERE ${within('time')}`)) return false;
  if (await exists(warehouse, `${db}.account_links WHERE ${within('at')}`)) return false;
  const { users, accounts } = plan.model.exclude;
  if (users === null && accounts === null) return true;
  const isFresh = await exists(warehouse, `${db}.users WHERE isNotNull(\`from\`) AND ${within('from')}`);
  return !isFresh && !(await exists(warehouse, `${db}.traits WHERE isNotNull(\`from\`) AND ${within('from')}`));
}

function identityLinks(plan: Plan): string {
  const before = `${milliseconds('time')} < ${extent(plan).to}`;
  return `SELECT old_id, argMax(user_id, (time, user_id)) AS new_id FROM (
      SELECT if(anonymous_id != '', anonymous_id, previous_id) AS old_id, user_id, time
      FROM ${plan.database}.identities WHERE ${before}
    ) WHERE old_id != '' AND old_id != user_id GROUP BY old_id`;
}

function accountLinkRows(plan: Plan): string {
  return `SELECT account_id AS old_id, argMax(into_account_id, (at, into_account_id)) AS new_id
    FROM ${plan.database}.account_links
    WHERE ${milliseconds('at')} < ${extent(plan).to} AND kind != 'split' AND account_id != into_account_id
    GROUP BY old_id`;
}

const CHAIN_LENGTH = 8;

/** Follows links of links to their end; a loop of links ends at its length bound. */
async function buildChain(warehouse: Warehouse, plan: Plan, name: string, links: string): Promise<string> {
  const table = scratch(plan, name);
  await warehouse.command(`CREATE TABLE ${table} ENGINE = Memory AS ${links}`);
  for (let step = 0; step < CHAIN_LENGTH; step++) {
    const longer = `${table} AS a INNER JOIN ${table} AS b ON a.new_id = b.old_id WHERE b.new_id != a.old_id`;
    if (!(await exists(warehouse, longer))) break;
    const next = `${table}_next`;
    await warehouse.command(`CREATE TABLE ${next} ENGINE = Memory AS
      SELECT a.old_id AS old_id, if(b.new_id = '' OR b.new_id = a.old_id, a.new_id, b.new_id) AS new_id
      FROM ${table} AS a LEFT JOIN ${table} AS b ON a.new_id = b.old_id`);
    await warehouse.command(`EXCHANGE TABLES ${table} AND ${next}`);
    await warehouse.command(`DROP TABLE ${next} SYNC`);
  }
  return table;
}

async function buildSpells(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<string> {
  const table = scratch(plan, 'spells');
  await warehouse.command(`CREATE TABLE ${table} ENGINE = Memory AS
    SELECT user_id, account_id, ifNull(${milliseconds('`from`')}, -9000000000000) AS from_ms,
      ifNull(${milliseconds('`to`')}, 9000000000000) AS to_ms
    FROM (${resolveKeys(plan, resolution, 'users', ['user_id', 'account_id', '`from`', '`to`'], '1')})
    WHERE from_ms < ${extent(plan).to}`);
  return table;
}

/**
 * SQL: rows of a fact table with their account and user resolved; accounts outside the plan's are left out.
 *
 * `columns` are the columns wanted besides the keys; `where` is over the raw row. Exclusions are not applied here.
 */
export function resolveKeys(
  plan: Plan,
  resolution: Resolution,
  table: FactTableName,
  columns: readonly string[],
  where: string,
): string {
  const { identities, accountLinks } = resolution;
  const wantsUser = columns.includes('user_id');
  const account = accountLinks === null ? 'f.account_id' : `if(l.new_id != '', l.new_id, f.account_id)`;
  const user = identities === null ? 'f.user_id' : `if(i.new_id != '', i.new_id, f.user_id)`;
  const rest = columns.filter((column) => column !== 'account_id' && column !== 'user_id');
  const select = [`${account} AS account_id`, ...(wantsUser ? [`${user} AS user_id`] : []), ...rest.map((c) => `f.${c} AS ${c}`)];
  const raw = [...new Set(['account_id', ...columns])].join(', ');
  const joins = [
    accountLinks === null ? '' : `LEFT JOIN ${accountLinks} AS l ON l.old_id = f.account_id`,
    identities === null || !wantsUser ? '' : `LEFT JOIN ${identities} AS i ON i.old_id = f.user_id`,
  ];
  const only = plan.only === null ? '' : `WHERE account_id IN (SELECT account_id FROM ${plan.only})`;
  const inner = `SELECT ${select.join(', ')} FROM (SELECT ${raw} FROM ${plan.database}.${table} WHERE ${where}) AS f ${joins.join(' ')}`;
  return only === '' ? inner : `SELECT * FROM (${inner}) ${only}`;
}

/**
 * SQL: events as they count in this plan: (account_id, user_id, ms, event, ...extra), ignored and excluded ones left out.
 *
 * Grain: event. `user_id` is empty for an event without a user. `where` is over the raw row's columns.
 */
export function resolvedEvents(plan: Plan, resolution: Resolution, extra: readonly string[], where: string): string {
  const { ignore } = plan.model.taxonomy;
  const kept = ignore.length === 0 ? where : `(${where}) AND event NOT IN ${quoteList(ignore)}`;
  const attributed = attributedEvents(plan, resolution, extra, kept);
  const { excludedUsers, excludedAccounts } = resolution;
  const conditions = [
    excludedAccounts === null ? '' : `account_id NOT IN (SELECT account_id FROM ${excludedAccounts})`,
    excludedUsers === null ? '' : `(account_id, user_id) NOT IN (SELECT account_id, user_id FROM ${excludedUsers})`,
  ].filter((condition) => condition !== '');
  return conditions.length === 0 ? attributed : `SELECT * FROM (${attributed}) WHERE ${conditions.join(' AND ')}`;
}

function attributedEvents(plan: Plan, resolution: Resolution, extra: readonly string[], where: string): string {
  const columns = ['user_id', 'time', 'event', ...extra];
  const listed = ['account_id', 'user_id', `${milliseconds('time')} AS ms`, 'event', ...extra].join(', ');
  const named = `SELECT ${listed} FROM (${resolveKeys(plan, resolution, 'events', columns, `(${where}) AND account_id != ''`)})`;
  if (resolution.spells === null) return named;
  const orphans = resolveKeys({ ...plan, only: null }, resolution, 'events', ['fact_key', ...columns], `(${where}) AND account_id = '' AND user_id != ''`);
  const carried = ['user_id', 'time', 'event', ...extra];
  const only = plan.only === null ? '' : `AND account_id IN (SELECT account_id FROM ${plan.only})`;
  return `${named} UNION ALL SELECT ${listed} FROM (
      SELECT any(s.account_id) AS account_id, uniqExact(s.account_id) AS candidates,
        ${carried.map((c) => `any(o.${c}) AS ${c}`).join(', ')}
      FROM (${orphans}) AS o INNER JOIN ${resolution.spells} AS s ON s.user_id = o.user_id
      WHERE s.from_ms <= ${milliseconds('o.time')} AND s.to_ms > ${milliseconds('o.time')}
      GROUP BY o.fact_key HAVING candidates = 1
    ) WHERE 1 ${only}`;
}
