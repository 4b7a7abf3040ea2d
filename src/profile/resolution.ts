import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { compileExclusion, excludedAccountsOf, isExclusionSteady } from './exclusion.ts';
import { extent, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolveKeys, type Touched } from './resolved.ts';
import { buildScratch } from './scratch.ts';

const found = z.record(z.string(), z.coerce.number());

/** Which of these have a row: each a FROM clause with its WHERE, all asked in one query. */
async function present<Name extends string>(
  warehouse: Warehouse,
  questions: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, boolean>>> {
  const names = Object.keys(questions) as Name[];
  const columns = names.map((name) => `(SELECT count() FROM (SELECT 1 FROM ${questions[name]} LIMIT 1)) AS ${name}`);
  const [row] = await warehouse.rows(`SELECT ${columns.join(', ')}`, found);
  return Object.fromEntries(names.map((name) => [name, (row?.[name] ?? 0) > 0])) as Record<Name, boolean>;
}

/** Raw facts as they are. */
const UNRESOLVED: Resolution = {
  identities: null,
  accountLinks: null,
  spells: null,
  excludedUsers: null,
  excludedAccounts: null,
  hasTraits: { account: true, user: true },
  touched: null,
};

/** Links and exclusions of all accounts, the same whichever of them a plan measures. */
export interface Common {
  readonly linked: Resolution;
  /** Whether there are events without an account, to be attributed by spells. */
  readonly hasOrphans: boolean;
}

/** Builds the resolution tables that this workspace needs at the plan's latest instant. */
export async function resolve(warehouse: Warehouse, plan: Plan): Promise<Resolution> {
  return narrow(warehouse, plan, await resolveCommon(warehouse, plan));
}

/** The part of a resolution that looks at all accounts. Its tables are the plan's, and must last as long as it is read. */
export async function resolveCommon(warehouse: Warehouse, plan: Plan): Promise<Common> {
  const { to } = extent(plan);
  const db = plan.database;
  const has = await present(warehouse, {
    identities: `${db}.identities WHERE ${milliseconds('time')} < ${to}`,
    accountLinks: `${db}.account_links WHERE ${milliseconds('at')} < ${to} AND kind != 'split'`,
    parents: `${db}.accounts WHERE parent_id != ''`,
    orphans: `${db}.events WHERE account_id = '' AND user_id != ''`,
    accountTraits: `${db}.traits WHERE entity = 'account'`,
    userTraits: `${db}.traits WHERE entity = 'user'`,
  });
  const isLinked = has.accountLinks || (plan.model.grain === 'parent' && has.parents);
  const [identities, accountLinks] = await Promise.all([
    has.identities ? buildChain(warehouse, plan, 'identity', identityLinks(plan)) : null,
    isLinked ? buildChain(warehouse, plan, 'account_link', accountLinkRows(plan)) : null,
  ]);
  const hasTraits = { account: has.accountTraits, user: has.userTraits };
  const linked: Resolution = { ...UNRESOLVED, identities, accountLinks, hasTraits };
  const excluded = await compileExclusion(warehouse, plan, linked);
  return { linked: { ...linked, ...excluded }, hasOrphans: has.orphans };
}

/** The resolution of the accounts that a plan measures, at instants at which the common part holds. */
export async function narrow(warehouse: Warehouse, plan: Plan, { linked, hasOrphans }: Common): Promise<Resolution> {
  const touched = plan.only === null ? null : await buildTouched(warehouse, plan, linked);
  const { excludedUsers, excludedAccounts } = linked;
  const open: Resolution = { ...linked, excludedUsers: null, excludedAccounts: null, touched };
  const spells = hasOrphans ? await buildSpells(warehouse, plan, open) : null;
  return { ...open, spells, excludedUsers, excludedAccounts };
}

/** As `resolve`, of accounts alone and of all of them: enough for facts that name no user. */
export async function resolveAccounts(warehouse: Warehouse, plan: Plan): Promise<Resolution> {
  const db = plan.database;
  const has = await present(warehouse, {
    accountLinks: `${db}.account_links WHERE ${milliseconds('at')} < ${extent(plan).to} AND kind != 'split'`,
    parents: `${db}.accounts WHERE parent_id != ''`,
    accountTraits: `${db}.traits WHERE entity = 'account'`,
  });
  const isLinked = has.accountLinks || (plan.model.grain === 'parent' && has.parents);
  const accountLinks = isLinked ? await buildChain(warehouse, plan, 'account_link', accountLinkRows(plan)) : null;
  const hasTraits = { account: has.accountTraits, user: true };
  const linked: Resolution = { ...UNRESOLVED, accountLinks, hasTraits };
  return { ...linked, excludedAccounts: await excludedAccountsOf(warehouse, plan, linked) };
}

/** The accounts of the plan that count, and what facts call them: their own name unless it is linked away, and names linked to it. */
async function buildTouched(
  warehouse: Warehouse,
  plan: Plan,
  { accountLinks, excludedAccounts }: Resolution,
): Promise<Touched> {
  const accounts = scratch(plan, 'touched');
  const isKept = excludedAccounts === null ? '1' : `account_id NOT IN (SELECT account_id FROM ${excludedAccounts})`;
  await buildScratch(warehouse, plan, 'touched', `SELECT DISTINCT account_id FROM ${plan.only} WHERE ${isKept}`);
  if (accountLinks === null) return { named: accounts, accounts, events: null };
  const names = `SELECT account_id FROM ${accounts} WHERE account_id NOT IN (SELECT old_id FROM ${accountLinks})
    UNION ALL SELECT old_id AS account_id FROM ${accountLinks} WHERE new_id IN (SELECT account_id FROM ${accounts})`;
  await buildScratch(warehouse, plan, 'touched_names', names);
  return { named: scratch(plan, 'touched_names'), accounts, events: null };
}

/**
 * Whether the resolution is the same at every instant of the plan.
 *
 * Answers no when a link was made, or somebody came to be left out, between the first and the last instant.
 */
export async function isSteady(warehouse: Warehouse, plan: Plan): Promise<boolean> {
  const { from, to } = extent(plan);
  if (from === to) return true;
  const within = (column: string) =>
    `assumeNotNull(${milliseconds(column)}) >= ${from} AND assumeNotNull(${milliseconds(column)}) < ${to}`;
  const db = plan.database;
  const changes = await present(warehouse, {
    identities: `${db}.identities WHERE ${within('time')}`,
    accountLinks: `${db}.account_links WHERE ${within('at')}`,
    users: `${db}.users WHERE isNotNull(\`from\`) AND ${within('from')}`,
    traits: `${db}.traits WHERE isNotNull(\`from\`) AND ${within('from')}`,
    anyTraits: `${db}.traits`,
  });
  if (changes.identities || changes.accountLinks) return false;
  const isTouched = changes.users || changes.traits;
  const hasTraits = { account: changes.anyTraits, user: changes.anyTraits };
  return !isTouched || isExclusionSteady(warehouse, plan, { ...UNRESOLVED, hasTraits });
}

function identityLinks(plan: Plan): string {
  const before = `${milliseconds('time')} < ${extent(plan).to}`;
  return `SELECT old_id, argMax(user_id, (time, user_id)) AS new_id FROM (
      SELECT if(anonymous_id != '', anonymous_id, previous_id) AS old_id, user_id, time
      FROM ${plan.database}.identities WHERE ${before}
    ) WHERE old_id != '' AND old_id != user_id GROUP BY old_id`;
}

/** SQL: which account carries on another's history: declared links, and every account's parent where that is the grain. */
export function accountLinkRows(plan: Plan): string {
  const parents =
    plan.model.grain === 'account'
      ? ''
      : `UNION ALL SELECT account_id, toString(parent_id) AS new_id FROM ${plan.database}.accounts
        WHERE parent_id != '' AND parent_id != account_id AND account_id NOT IN (SELECT account_id FROM ${plan.database}.account_links)`;
  return `SELECT account_id AS old_id, argMax(into_account_id, (at, into_account_id)) AS new_id
    FROM ${plan.database}.account_links
    WHERE ${milliseconds('at')} < ${extent(plan).to} AND kind != 'split' AND account_id != into_account_id
    GROUP BY old_id ${parents}`;
}

const CHAIN_LENGTH = 8;

/** Follows links of links to their end; a loop of links ends at its length bound. */
async function buildChain(warehouse: Warehouse, plan: Plan, name: string, links: string): Promise<string> {
  const table = scratch(plan, name);
  await buildScratch(warehouse, plan, name, links);
  for (let step = 0; step < CHAIN_LENGTH; step++) {
    const longer = `${table} AS a INNER JOIN ${table} AS b ON a.new_id = b.old_id WHERE b.new_id != a.old_id`;
    if (!(await present(warehouse, { longer })).longer) break;
    const next = `${table}_next`;
    const longerLinks = `SELECT a.old_id AS old_id, if(b.new_id = '' OR b.new_id = a.old_id, a.new_id, b.new_id) AS new_id
      FROM ${table} AS a LEFT JOIN ${table} AS b ON a.new_id = b.old_id`;
    await buildScratch(warehouse, plan, `${name}_next`, longerLinks);
    await warehouse.command(`EXCHANGE TABLES ${table} AND ${next}`);
    await warehouse.command(`DROP TABLE ${next} SYNC`);
  }
  return table;
}

/**
 * Of all accounts, also where the plan measures some: an event belongs to one account or to none by all of them. Then
 * only of the people who have a spell in one of those.
 */
async function buildSpells(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<string> {
  const table = scratch(plan, 'spells');
  const people =
    resolution.touched === null
      ? ''
      : `AND user_id IN (SELECT user_id FROM (${resolveKeys(plan, resolution, 'users', ['user_id'], '1')}))`;
  const spells = `SELECT user_id, account_id, ifNull(${milliseconds('`from`')}, -9000000000000) AS from_ms,
      ifNull(${milliseconds('`to`')}, 9000000000000) AS to_ms
    FROM (${resolveKeys({ ...plan, only: null }, resolution, 'users', ['user_id', 'account_id', '`from`', '`to`'], '1')})
    WHERE from_ms < ${extent(plan).to} ${people}`;
  await buildScratch(warehouse, plan, 'spells', spells);
  return table;
}
