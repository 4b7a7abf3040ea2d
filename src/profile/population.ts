import { z } from 'zod';
import type { FactTableName } from '../model/table.ts';
import { FACT_TABLES } from '../model/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { attributeSql, attributesOf, declaredAccounts, traitMaps } from './attribute.ts';
import { extent, instantArray, milliseconds, type Plan, scratch } from './plan.ts';
import { type Resolution, resolvedEvents, resolveKeys } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** Facts by which an account that has no row of its own exists: of any table, or contracts alone. */
type NamedBy = 'facts' | 'contracts';

/**
 * Builds `declared` (account: the fact row), `births` (account, created_ms, is_assumed: every account that exists at some
 * instant) and `population` (at, account: the accounts that exist at each instant, with attributes as of it).
 */
export async function buildPopulation(
  warehouse: Warehouse,
  plan: Plan,
  resolution: Resolution,
  namedBy: NamedBy = 'facts',
): Promise<void> {
  const declared = scratch(plan, 'declared');
  await buildScratch(warehouse, plan, 'declared', declaredAccounts(plan, resolution));
  const told = `SELECT account_id, ${milliseconds('created')} AS created_ms, 0 AS is_assumed FROM ${declared}`;
  const assumed = `SELECT account_id, toNullable(min(ms)) AS created_ms, 1 AS is_assumed FROM (${firstFacts(plan, resolution, declared, namedBy)})
    WHERE account_id != '' GROUP BY account_id`;
  const isAllDeclared = await areDeclared(warehouse, resolution, declared);
  await buildScratch(warehouse, plan, 'births', isAllDeclared ? told : `${told} UNION ALL ${assumed}`);
  await buildScratch(warehouse, plan, 'population', populationSql(plan, resolution));
}

const countSchema = z.object({ n: z.coerce.number() });

/** Whether every account that the plan measures has a row of its own; where it measures all, nobody has looked. */
async function areDeclared(warehouse: Warehouse, { touched }: Resolution, declared: string): Promise<boolean> {
  if (touched === null) return false;
  const [row] = await warehouse.rows(
    `SELECT count() AS n FROM ${touched.accounts} WHERE account_id NOT IN (SELECT account_id FROM ${declared})`,
    countSchema,
  );
  return row?.n === 0;
}

function firstFacts(plan: Plan, resolution: Resolution, declared: string, namedBy: NamedBy): string {
  const { to } = extent(plan);
  const undeclared = `account_id NOT IN (SELECT account_id FROM ${declared})`;
  const events = `SELECT account_id, min(ms) AS ms FROM (${resolvedEvents(plan, resolution, [], `${milliseconds('time')} < ${to}`)})
    WHERE ${undeclared} GROUP BY account_id`;
  const tables = namingTables().filter(({ name }) => namedBy === 'facts' || name === namedBy);
  const others = tables.map(({ name, instant }) => {
    const rows = resolveKeys(plan, resolution, name, [instant], '1');
    return `SELECT account_id, min(assumeNotNull(${milliseconds(instant)})) AS ms FROM (${rows})
      WHERE ${undeclared} AND isNotNull(${instant}) AND ${milliseconds(instant)} < ${to} GROUP BY account_id`;
  });
  return [...(namedBy === 'facts' ? [events] : []), ...others].join(' UNION ALL ');
}

function namingTables(): { name: FactTableName; instant: string }[] {
  return FACT_TABLES.filter(
    (table) =>
      !['accounts', 'events', 'account_links', 'traits'].includes(table.name) &&
      table.columns.some((column) => column.name === 'account_id'),
  ).map((table) => ({ name: table.name, instant: table.instant === 'from' ? '`from`' : (table.instant ?? 'time') }));
}

function populationSql(plan: Plan, resolution: Resolution): string {
  const attributes = attributesOf(plan.model, 'account');
  const hasTraits = resolution.hasTraits.account;
  const births = `SELECT account_id FROM ${scratch(plan, 'births')}`;
  return `SELECT b.at AS at, b.account_id AS account_id, b.created_ms AS created_ms, b.is_assumed AS is_assumed,
      toDate32(fromUnixTimestamp64Milli(b.created_ms, 'UTC')) AS created, toDate32(d.lead_created) AS lead_created,
      ${attributes.map((a) => `${attributeSql(a, 'd', hasTraits ? 't.values' : null)} AS ${a.name}`).join(', ')}
    FROM (
      SELECT at, account_id, created_ms, is_assumed FROM ${scratch(plan, 'births')}
      ARRAY JOIN ${instantArray(plan)} AS at WHERE isNull(created_ms) OR created_ms < at
    ) AS b
    LEFT JOIN ${scratch(plan, 'declared')} AS d ON d.account_id = b.account_id
    ${hasTraits ? `LEFT JOIN (${traitMaps(plan, 'account', births)}) AS t ON t.at = b.at AND t.key_id = b.account_id` : ''}`;
}
