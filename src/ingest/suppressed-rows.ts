import type { FactTable } from '../model/table.ts';
import { factKeySql } from './identity.ts';
import { type SuppressionList, suppressedFactSql, suppressedUserSql, suppressedValueSql } from './suppression.ts';
import type { Target } from './target.ts';

/** Columns that hold the id of a user: a row of an erased one is left out. Of a ticket only who opened it is. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  users: ['user_id'],
  events: ['user_id'],
  nps: ['user_id'],
  touches: ['user_id'],
  identities: ['user_id', 'anonymous_id', 'previous_id'],
  traits: ['id'],
};
/** Columns that hold a value which may be somebody's own. */
const VALUES: Readonly<Record<string, string>> = { users: 'email', traits: 'value' };
/** Tables of which only who is named is left out, and not the row. */
const MENTIONS: Readonly<Record<string, string>> = { tickets: 'user_id' };
/** Registers, whose free attributes may name somebody. */
const REGISTERS: readonly string[] = ['accounts', 'users'];

const placed = (name: string): string => `v__${name}`;

/** A column without whom and what must not come back; the same where nobody was erased. */
export function mended(target: Target, table: FactTable, list: SuppressionList): Target {
  const { name, type } = target.column;
  if (MENTIONS[table.name] === name) {
    const isOut = suppressedUserSql(list, target.value, placed('account_id'));
    return isOut === null ? target : { ...target, value: `if(${isOut}, '', ${target.value})` };
  }
  if (type !== 'map' || !REGISTERS.includes(table.name)) return target;
  const isOut = suppressedValueSql(list, 'v');
  return isOut === null ? target : { ...target, value: `mapFilter((k, v) -> NOT ${isOut}, ${target.value})` };
}

/**
 * SQL: whether a row must not come back, since it is an erased user's, holds a value of theirs, or is one that was mended;
 * null: none can be. `original` are the columns as the file gives them.
 */
export function suppressedRowSql(table: FactTable, original: readonly Target[], list: SuppressionList): string | null {
  const account = table.columns.some(({ name }) => name === 'account_id') ? placed('account_id') : null;
  const people = (PEOPLE[table.name] ?? []).map((name) => {
    const sql = suppressedUserSql(list, placed(name), account);
    return sql !== null && table.name === 'traits' ? `(v__entity = 'user' AND ${sql})` : sql;
  });
  const value = VALUES[table.name];
  const given = (name: string): string =>
    MENTIONS[table.name] === name ? (original.find(({ column }) => column.name === name)?.value ?? `''`) : placed(name);
  const parts = [
    ...people,
    value === undefined ? null : suppressedValueSql(list, placed(value)),
    suppressedFactSql(list, table.name, factKeySql(table, given)),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `(${parts.join(' OR ')})`;
}
