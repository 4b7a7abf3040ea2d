import type { DeclaredTrait, Model } from '../definition/model.ts';
import type { Entity, ValueType } from '../model/signal.ts';
import type { Column } from '../model/table.ts';
import { factTable } from '../model/tables.ts';
import { instantArray, milliseconds, type Plan, quote } from './plan.ts';
import { type Resolution, resolveKeys } from './resolved.ts';

/** An attribute of an account or user that conditions may name: its type and where it is kept. */
export interface Attribute {
  readonly name: string;
  readonly type: ValueType;
  readonly isTrait: boolean;
}

const HIDDEN = new Set(['account_id', 'user_id', 'created', 'lead_created', 'traits', 'from', 'to']);

/** Attributes of an entity: the columns of its fact table, and the traits that the model declares. */
export function attributesOf(model: Model, entity: Entity): readonly Attribute[] {
  const columns = factTable(entity === 'account' ? 'accounts' : 'users').columns.filter((c) => !HIDDEN.has(c.name));
  const declared = model.traits.filter((trait) => trait.entity === entity);
  return [
    ...columns.map((column) => ({ name: column.name, type: typeOfColumn(column), isTrait: false })),
    ...declared.map((trait) => ({ name: trait.name, type: trait.type, isTrait: true })),
  ];
}

function typeOfColumn(column: Column): ValueType {
  if (column.type === 'number') return 'number';
  if (column.type === 'flag') return 'flag';
  return column.type === 'list' ? 'list' : 'text';
}

/** SQL: a trait's text as a value of the declared type; null where it does not read as one. */
function castTrait(type: DeclaredTrait['type'], text: string): string {
  if (type === 'number') return `toFloat64OrNull(${text})`;
  if (type === 'flag')
    return `multiIf(lower(${text}) IN ('1', 'true', 'yes'), 1, lower(${text}) IN ('0', 'false', 'no'), 0, NULL)`;
  if (type === 'day') return `toDate32OrNull(${text})`;
  if (type === 'list') return `splitByChar(',', ${text})`;
  return `nullIf(${text}, '')`;
}

/**
 * SQL: an attribute as of an instant: the trait that began last before it, else the row's own column.
 *
 * `row` is the alias of the fact row, `traits` an expression of the trait map as of the instant; null: there are none.
 */
export function attributeSql(attribute: Attribute, row: string, traits: string | null): string {
  if (traits === null) return ownValue(attribute, row);
  const history = `${traits}[${quote(attribute.name)}]`;
  const own = ownValue(attribute, row);
  const cast = castTrait(attribute.type, history);
  return `if(mapContains(${traits}, ${quote(attribute.name)}), ${cast}, ${own})`;
}

function ownValue(attribute: Attribute, row: string): string {
  if (attribute.isTrait) return castTrait(attribute.type, `${row}.traits[${quote(attribute.name)}]`);
  if (attribute.type === 'text') return `nullIf(${row}.${attribute.name}, '')`;
  return `${row}.${attribute.name}`;
}

/**
 * SQL: (at, id, values): traits of an entity in force at each instant, as a map of name to text; `among` is a query of
 * the ids that matter, null: all.
 */
export function traitMaps(plan: Plan, entity: Entity, among: string | null = null): string {
  return `SELECT at, key_account, key_id, CAST((groupArray(name), groupArray(value)), 'Map(String, String)') AS values FROM (
      SELECT at, ${entity === 'account' ? `''` : 'account_id'} AS key_account, id AS key_id, toString(name) AS name,
        argMax(value, (ifNull(${milliseconds('`from`')}, -9000000000000), value)) AS value
      FROM ${plan.database}.traits ARRAY JOIN ${instantArray(plan)} AS at
      WHERE entity = '${entity}' ${among === null ? '' : `AND id IN (${among})`} AND (isNull(\`from\`) OR ${milliseconds('`from`')} < at)
      GROUP BY at, key_account, key_id, name
    ) GROUP BY at, key_account, key_id`;
}

/** SQL: one accounts row per declared account, links applied: the survivor's own row where it has one. */
export function declaredAccounts(plan: Plan, resolution: Resolution): string {
  const columns = factTable('accounts')
    .columns.map((column) => column.name)
    .filter((name) => name !== 'account_id');
  const listed = columns.map((name) => `argMin(tuple(${name}), rank).1 AS ${name}`).join(', ');
  const resolved = resolveKeys(plan, resolution, 'accounts', ['account_id', 'fact_key', ...columns], '1');
  if (resolution.accountLinks === null) return resolved;
  return `SELECT account_id, ${listed} FROM (
      SELECT r.*, if(own.account_id = '', 1, 0) AS rank FROM (${resolved}) AS r
      LEFT JOIN (SELECT account_id, fact_key FROM ${plan.database}.accounts) AS own
        ON own.account_id = r.account_id AND own.fact_key = r.fact_key
    ) GROUP BY account_id`;
}
