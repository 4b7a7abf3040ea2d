import { factTable } from '../model/tables.ts';
import { factKeySql } from './identity.ts';

/** SQL: the notes among arrivals that are no facts yet, with the columns of their table and `received_at`; one of each. */
export function freshNotesSql(batches: string): string {
  const table = factTable('notes');
  const said = (name: string): string => `properties['${name}'] AS \`${name}\``;
  const rows = `SELECT account_id, time, ${['author', 'text', 'kind'].map(said).join(', ')}, received_at, slot, batch, position
    FROM arrivals WHERE ${batches} AND into = 'notes'`;
  const key = factKeySql(table, (name) => `s.\`${name}\``);
  return `SELECT s.account_id AS account_id, s.time AS time, s.author AS author, s.text AS text, s.kind AS kind, s.received_at AS received_at
    FROM (${rows}) AS s WHERE ${key} NOT IN (SELECT fact_key FROM notes) ORDER BY s.slot, s.batch, s.position LIMIT 1 BY ${key}`;
}
