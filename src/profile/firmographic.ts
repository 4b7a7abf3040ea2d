import { scopeOf } from '../definition/scopes.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Condition } from '../rule/condition.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { attributeSql, attributesOf } from './attribute.ts';
import { milliseconds, type Plan, quote, scratch } from './plan.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds `firmographics` (account_id, at_ms, eligible, one column a band): what accounts were on paper at instants of their own.
 *
 * `pairs` is SQL of (account_id, at_ms). A band or the ICP that reads more than attributes is unknown here, null.
 * Needs `declared`.
 */
export async function buildFirmographics(warehouse: Warehouse, plan: Plan, pairs: string): Promise<string> {
  const { model } = plan;
  const attributes = attributesOf(model, 'account');
  const scope = scopeOf('account_attributes', model, []);
  const known = (condition: Condition) => condition.names.every((name) => scope.typeOf(name) !== undefined);
  const compiled = (condition: Condition) =>
    compileCondition(condition, {
      columnOf: (name) => `\`${name}\``,
      typeOf: scope.typeOf,
      asOf: `toDate32(fromUnixTimestamp64Milli(at_ms, 'UTC'))`,
    });
  const bands = model.bands.map((band) => {
    const arms = band.bands.map(({ name, when }) => {
      const test = when === null ? '1' : known(when) ? `ifNull(${compiled(when)}, 0)` : '0';
      return `${test}, toNullable(${quote(name)})`;
    });
    return `${arms.length === 0 ? `CAST(NULL, 'Nullable(String)')` : `multiIf(${arms.join(', ')}, NULL)`} AS ${band.name}`;
  });
  const eligible =
    model.icp === null ? 'toNullable(1)' : known(model.icp) ? compiled(model.icp) : `CAST(NULL, 'Nullable(UInt8)')`;
  const traits = `SELECT account_id, at_ms, CAST((groupArray(name), groupArray(value)), 'Map(String, String)') AS values FROM (
      SELECT p.account_id AS account_id, p.at_ms AS at_ms, toString(t.name) AS name,
        argMax(t.value, (ifNull(${milliseconds('t.`from`')}, -9000000000000), t.value)) AS value
      FROM (${pairs}) AS p INNER JOIN (SELECT id, name, value, \`from\` FROM ${plan.database}.traits WHERE entity = 'account') AS t
        ON t.id = p.account_id
      WHERE isNull(t.\`from\`) OR ${milliseconds('t.`from`')} < p.at_ms
      GROUP BY account_id, at_ms, name
    ) GROUP BY account_id, at_ms`;
  const rows = `SELECT p.account_id AS account_id, p.at_ms AS at_ms, toDate32(d.created) AS created, toDate32(d.lead_created) AS lead_created,
      ${attributes.map((a) => `${attributeSql(a, 'd', 't.values')} AS ${a.name}`).join(', ')}
    FROM (${pairs}) AS p LEFT JOIN ${scratch(plan, 'declared')} AS d ON d.account_id = p.account_id
    LEFT JOIN (${traits}) AS t ON t.account_id = p.account_id AND t.at_ms = p.at_ms`;
  const columns = ['account_id', 'at_ms', `${eligible} AS eligible`, ...bands];
  await buildScratch(warehouse, plan, 'firmographics', `SELECT ${columns.join(', ')} FROM (${rows})`);
  return scratch(plan, 'firmographics');
}
