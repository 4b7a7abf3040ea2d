import type { Condition, Scope } from './condition.ts';
import type { Comparable, Expression } from './expression.ts';
import type { Compiling } from './kind.ts';
import { kindOf } from './kinds/list.ts';
import { typing } from './typed.ts';

/** How names and the as-of are written in the SQL around a condition. */
export interface Columns {
  /** SQL that yields the name's value: Nullable(Float64), Nullable(UInt8), Nullable(String), Array(String), Nullable(Date32). */
  readonly columnOf: (name: string) => string;
  readonly typeOf: Scope['typeOf'];
  /** SQL of the as-of instant or day. */
  readonly asOf: string;
}

/**
 * A condition as a ClickHouse expression of type Nullable(UInt8): 1 true, 0 false, NULL unknown.
 *
 * The condition must have passed `checkCondition` in a scope with the same types. Numeric columns hold no NaN and no
 * infinities (whoever writes a table writes nulls); results of arithmetic and parsed properties are made finite here.
 */
export function compileCondition(condition: Condition, columns: Columns): string {
  const types = typing(columns.typeOf);
  const raw = (node: Expression) => kindOf(node.kind).compile(node, context);
  const context: Compiling = {
    ...types,
    columnOf: columns.columnOf,
    asOf: columns.asOf,
    raw,
    truth: raw,
    value: (node, want) => valueSql(node, want, context),
  };
  return `toNullable(${context.truth(condition.expression)})`;
}

/** SQL types of a bare null, which would otherwise have none. */
const NULL_TYPES: Readonly<Record<Comparable, string>> = {
  number: 'Nullable(Float64)',
  text: 'Nullable(String)',
  day: 'Nullable(Date32)',
  list: 'Array(String)',
};

function valueSql(node: Expression, want: Comparable, context: Compiling): string {
  const sql = context.raw(node);
  const type = context.typeOf(node);
  if (type === 'null') return want === 'list' ? 'emptyArrayString()' : `CAST(${sql}, '${NULL_TYPES[want]}')`;
  if (type === 'property' && want === 'number') return propertyNumberSql(sql);
  if (type === 'text' && want === 'day') return `toDate32(${sql})`;
  return sql;
}

function propertyNumberSql(sql: string): string {
  return `ifNotFinite(toFloat64OrNull(transform(${sql}, ['true', 'false'], ['1', '0'], ${sql})), NULL)`;
}
