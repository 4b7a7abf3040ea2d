/**
 * What a column of a fact table holds.
 *
 * `text` any string · `number` IEEE double · `integer` whole number · `money` decimal in files, whole cents in the
 * warehouse (column name + `_cents`) · `instant` UTC, milliseconds · `day` UTC calendar day · `flag` yes or no ·
 * `list` of text · `map` of text to text.
 */
export type ColumnType = 'text' | 'number' | 'integer' | 'money' | 'instant' | 'day' | 'flag' | 'list' | 'map';

/** One column of a fact table, as the input contract names it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly required: boolean;
  readonly meaning: string;
}

/**
 * A fact table: its grain, what makes a row unique, and when the fact happened or became known.
 *
 * `key` names the natural key; `'*'` means all columns. `instant` is the column whose value must lie before an as-of
 * for the row to count (`null`: the row always counts). `isStream` tells a stream of things that happen (its
 * completeness ends with its last whole day) from a register of things that hold (complete until the model says
 * otherwise; docs/decisions/0002).
 */
export interface FactTable {
  readonly name: FactTableName;
  readonly grain: string;
  readonly key: readonly string[] | '*';
  readonly instant: string | null;
  readonly isStream: boolean;
  readonly columns: readonly Column[];
}

/** Names of the fact tables: files, SQL and the model's sources call them so. */
export type FactTableName =
  | 'accounts'
  | 'users'
  | 'events'
  | 'contracts'
  | 'tickets'
  | 'nps'
  | 'costs'
  | 'touches'
  | 'needs'
  | 'releases'
  | 'opportunities'
  | 'identities'
  | 'account_links'
  | 'traits'
  | 'meters'
  | 'rates'
  | 'notes';
