import { z } from 'zod';
import { scopeOf } from '../definition/scopes.ts';
import type { Entity } from '../model/signal.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Condition } from '../rule/condition.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { attributeSql, attributesOf, declaredAccounts, traitMaps } from './attribute.ts';
import { extent, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolveKeys } from './resolved.ts';
import { buildScratch, PROFILE_SETTINGS } from './scratch.ts';

/**
 * Internal, test and demo traffic as of the plan's latest instant: tables of the users and accounts to leave out.
 *
 * Judged by rows begun before that instant. A user is left out of every account as soon as a row of theirs matches in
 * any, so all accounts are looked at, also where the plan measures some.
 */
export async function compileExclusion(
  warehouse: Warehouse,
  plan: Plan,
  resolution: Resolution,
): Promise<Pick<Resolution, 'excludedUsers' | 'excludedAccounts'>> {
  const { users } = plan.model.exclude;
  const latest: Plan = { ...plan, only: null, instants: [extent(plan).to] };
  const [excludedUsers, excludedAccounts] = await Promise.all([
    users === null ? null : build(warehouse, plan, 'excluded_users', userSql(latest, resolution, users)),
    excludedAccountsOf(warehouse, plan, resolution),
  ]);
  return { excludedUsers, excludedAccounts };
}

/** The table of the accounts to leave out as of the plan's latest instant; null where there are none. */
export async function excludedAccountsOf(
  warehouse: Warehouse,
  plan: Plan,
  resolution: Resolution,
): Promise<string | null> {
  const { accounts } = plan.model.exclude;
  if (accounts === null) return null;
  const latest: Plan = { ...plan, only: null, instants: [extent(plan).to] };
  return build(warehouse, plan, 'excluded_accounts', accountSql(latest, resolution, accounts));
}

const differenceSchema = z.object({ n: z.coerce.number() });

/** Whether the same users and accounts are left out at the plan's first instant as at its last. */
export async function isExclusionSteady(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<boolean> {
  const { users, accounts } = plan.model.exclude;
  const { from, to } = extent(plan);
  const at = (instant: number): Plan => ({ ...plan, instants: [instant] });
  const questions = [
    ...(users === null ? [] : [(plan: Plan) => `SELECT user_id AS id FROM (${userSql(plan, resolution, users)})`]),
    ...(accounts === null
      ? []
      : [(plan: Plan) => `SELECT account_id AS id FROM (${accountSql(plan, resolution, accounts)})`]),
  ];
  const differences = await Promise.all(
    questions.map(async (leftOut) => {
      // Each side lists nobody twice, so whoever is listed once is left out at one of the two alone.
      const sql = `SELECT count() AS n FROM (
        SELECT id FROM (${leftOut(at(from))} UNION ALL ${leftOut(at(to))}) GROUP BY id HAVING count() = 1)`;
      const [row] = await warehouse.rows(sql, differenceSchema, { settings: PROFILE_SETTINGS });
      return row?.n ?? 0;
    }),
  );
  return differences.every((n) => n === 0);
}

/** Builds the table; null where nobody is in it, so that nothing need be looked up in it. */
async function build(warehouse: Warehouse, plan: Plan, name: string, sql: string): Promise<string | null> {
  const table = scratch(plan, name);
  await buildScratch(warehouse, plan, name, sql);
  const [row] = await warehouse.rows(`SELECT count() AS n FROM ${table}`, differenceSchema);
  return (row?.n ?? 0) === 0 ? null : table;
}

function compiled(plan: Plan, entity: Entity, condition: Condition): string {
  return compileCondition(condition, {
    columnOf: (name) => `\`${name}\``,
    typeOf: scopeOf(`${entity}_attributes`, plan.model, []).typeOf,
    asOf: `toDate32(fromUnixTimestamp64Milli(toInt64(${extent(plan).to}), 'UTC'))`,
  });
}

function userSql(plan: Plan, resolution: Resolution, condition: Condition): string {
  const attributes = attributesOf(plan.model, 'user');
  const rows = resolveKeys(plan, resolution, 'users', ['user_id', ...userColumns(plan)], '1');
  const traits = resolution.hasTraits.user ? 'mapUpdate(t.values, u.values)' : null;
  const joins = `LEFT JOIN (${traitMaps(plan, 'user')}) AS t ON t.key_id = r.user_id AND t.key_account = ''
      LEFT JOIN (${traitMaps(plan, 'user')}) AS u ON u.key_id = r.user_id AND u.key_account = r.account_id AND u.key_account != ''`;
  return `SELECT DISTINCT user_id FROM (
      SELECT r.account_id AS account_id, r.user_id AS user_id, toDate32(r.\`from\`) AS \`from\`, toDate32(r.\`to\`) AS \`to\`,
        ${attributes.map((a) => `${attributeSql(a, 'r', traits)} AS ${a.name}`).join(', ')}
      FROM (${rows}) AS r ${traits === null ? '' : joins}
      WHERE isNull(r.\`from\`) OR ${milliseconds('r.`from`')} < ${extent(plan).to}
    ) WHERE ${compiled(plan, 'user', condition)} = 1`;
}

function userColumns(plan: Plan): string[] {
  const own = attributesOf(plan.model, 'user').filter((attribute) => !attribute.isTrait);
  return [...own.map((attribute) => attribute.name), 'traits', '`from`', '`to`'];
}

function accountSql(plan: Plan, resolution: Resolution, condition: Condition): string {
  const attributes = attributesOf(plan.model, 'account');
  const hasTraits = resolution.hasTraits.account;
  return `SELECT DISTINCT account_id FROM (
      SELECT r.account_id AS account_id, toDate32(r.created) AS created, toDate32(r.lead_created) AS lead_created,
        ${attributes.map((a) => `${attributeSql(a, 'r', hasTraits ? 't.values' : null)} AS ${a.name}`).join(', ')}
      FROM (${declaredAccounts(plan, resolution)}) AS r
      ${hasTraits ? `LEFT JOIN (${traitMaps(plan, 'account')}) AS t ON t.key_id = r.account_id` : ''}
      WHERE isNull(r.created) OR ${milliseconds('r.created')} < ${extent(plan).to}
    ) WHERE ${compiled(plan, 'account', condition)} = 1`;
}
