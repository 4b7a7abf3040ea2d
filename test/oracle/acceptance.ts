import type { FactTableName } from '../../src/model/table.ts';
import type { Facts } from './rows.ts';

/** Columns that may identify a row, by table; a row without its identifier is identified by all its columns. */
const IDENTIFIERS: Partial<Record<FactTableName, readonly string[]>> = {
  events: ['message_id'],
  tickets: ['ticket_id'],
  nps: ['response_id'],
  costs: ['cost_id'],
  touches: ['touch_id'],
};

/** Columns that always identify a row, empty ones included. */
const KEYS: Partial<Record<FactTableName, readonly string[]>> = {
  accounts: ['account_id'],
  users: ['account_id', 'user_id', 'from'],
  traits: ['entity', 'account_id', 'id', 'name', 'from'],
  rates: ['currency', 'from'],
};

type AnyRow = Readonly<Record<string, unknown>>;

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

function text(value: unknown): string {
  if (isEmpty(value)) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return JSON.stringify(value);
  if (typeof value === 'object') return JSON.stringify(Object.entries(value as object).sort());
  return JSON.stringify(value);
}

function wholeRow(row: AnyRow): string {
  return Object.keys(row)
    .sort()
    .map((column) => `${column}=${text(row[column])}`)
    .join('|');
}

function keyOf(table: FactTableName, row: AnyRow): string {
  if (table === 'contracts') {
    if (isEmpty(row['contract_id'])) return wholeRow(row);
    return `${text(row['contract_id'])}|${text(row['known'] ?? row['starts'])}`;
  }
  const always = KEYS[table];
  if (always !== undefined) return always.map((column) => text(row[column])).join('|');
  const identifiers = IDENTIFIERS[table];
  if (identifiers !== undefined && !identifiers.some((column) => isEmpty(row[column]))) {
    return identifiers.map((column) => text(row[column])).join('|');
  }
  return wholeRow(table === 'events' ? withoutSource(row) : row);
}

function withoutSource(row: AnyRow): AnyRow {
  const { source: _, ...rest } = row;
  return rest;
}

function firstOfEachKey<Row>(table: FactTableName, rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = keyOf(table, row as AnyRow);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * The facts without the rows that the import drops: of rows with one natural key the first stays, whether the others
 * say the same (duplicates) or something else (conflicts); an event that names neither account nor user is refused.
 */
export function acceptedFacts(facts: Facts): Facts {
  const accepted: Record<string, unknown> = {};
  for (const [table, rows] of Object.entries(facts)) {
    accepted[table] = firstOfEachKey(table as FactTableName, rows as readonly AnyRow[]);
  }
  const { events, ...others } = accepted as unknown as Facts;
  return {
    ...others,
    events: events.filter((event) => !isEmpty(event.user_id) || !isEmpty(event.account_id)),
  };
}
