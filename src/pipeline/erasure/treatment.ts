/**
 * What an erasure does with a column.
 *
 * `person`: the id of a user; the row goes where it is theirs. `mention`: the id of a user in a row about something else;
 * emptied. `words`: text of people; their words are taken out of it. `entries`: a map; entries with their words go. `list`:
 * members with their words go. `json`: their words are taken out of its texts. `raw`: what was sent as it was sent; the row
 * goes where it holds their words. `touched`: the row goes where it is of an account that they belonged to, since it is made
 * again. All others hold nobody: an `account`, a `thing`, a `measure` (numbers, instants, choices), a `hash`, the `origin` of
 * a row, an `operator` of Bellwether, or `told`: it is left, searched, and named in the receipt where it holds their words.
 */
export type Treatment =
  | 'person'
  | 'mention'
  | 'words'
  | 'entries'
  | 'list'
  | 'json'
  | 'raw'
  | 'touched'
  | 'account'
  | 'thing'
  | 'measure'
  | 'hash'
  | 'origin'
  | 'operator'
  | 'told';

/** How one table of an engine is erased: every column of it has its treatment. */
export interface TableRecord {
  readonly table: string;
  readonly columns: Readonly<Record<string, Treatment>>;
  /** SQL: rows in which the `person` columns hold a user at all; absent: all. */
  readonly where?: string;
  /** Whether the table is a register that files state anew, so that values and not rows are kept from coming back. */
  readonly isRegister?: boolean;
}

/** Names of columns with one treatment, written as one line of words. */
export function of(treatment: Treatment, names: string): Record<string, Treatment> {
  return Object.fromEntries(names.split(' ').map((name) => [name, treatment]));
}

/** Columns of a record with one of the treatments. */
export function columnsOf({ columns }: TableRecord, ...treatments: readonly Treatment[]): readonly string[] {
  return Object.entries(columns).flatMap(([name, treatment]) => (treatments.includes(treatment) ? [name] : []));
}
