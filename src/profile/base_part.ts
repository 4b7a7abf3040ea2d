/** One side of a base row: a table joined onto the row, and the columns that it gives. */
export interface BasePart {
  /** Scratch tables that the join reads. */
  readonly reads: readonly string[];
  /** SQL of the join; empty: the rows themselves. */
  readonly join: string;
  /** SQL of each column by its name. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Every word of SQL that could be the name of a column. */
export function wordsOf(sql: string): readonly string[] {
  return sql.match(/[A-Za-z_]\w*/g) ?? [];
}

/**
 * The parts of a base row that some SQL names a column of, each with those columns alone; the first part always.
 *
 * A column that another one names is kept with it. A word that is no column changes nothing; one that happens to be a
 * column costs a join.
 */
export function namedParts(parts: readonly BasePart[], readers: readonly string[]): readonly BasePart[] {
  const sqlOf = new Map(parts.flatMap(({ columns }) => Object.entries(columns)));
  const named = new Set<string>();
  const open = readers.flatMap(wordsOf);
  for (let word = open.pop(); word !== undefined; word = open.pop()) {
    const sql = sqlOf.get(word);
    if (sql === undefined || named.has(word)) continue;
    named.add(word);
    open.push(...wordsOf(sql));
  }
  return parts.flatMap((part, index) => {
    const columns = Object.fromEntries(Object.entries(part.columns).filter(([name]) => named.has(name)));
    return index > 0 && Object.keys(columns).length === 0 ? [] : [{ ...part, columns }];
  });
}

/** SQL: what parts give, as a select list. */
export function columnList(parts: readonly BasePart[]): string {
  return parts
    .flatMap(({ columns }) => Object.entries(columns).map(([name, sql]) => `${sql} AS \`${name}\``))
    .join(', ');
}
