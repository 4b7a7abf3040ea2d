import type { ColumnType, FactTable } from '../model/table.ts';

/** Column that identifies a row where it is given; without it, all columns do. */
const IDENTIFIERS: Readonly<Record<string, string>> = {
  events: 'message_id',
  contracts: 'contract_id',
  tickets: 'ticket_id',
  nps: 'response_id',
  costs: 'cost_id',
  touches: 'touch_id',
};

const EMPTY: Readonly<Record<ColumnType, string>> = {
  text: `''`,
  number: 'toFloat64(0)',
  integer: 'toInt64(0)',
  money: 'toInt64(0)',
  instant: "toDateTime64(0, 3, 'UTC')",
  day: 'toDate32(0)',
  flag: 'toUInt8(0)',
  list: '[]',
  map: 'map()',
};
const NULLABLE: readonly ColumnType[] = ['number', 'integer', 'money', 'instant', 'day', 'flag'];

/** The identifier column of a table whose key depends on the row, null for the others. */
export function identifierOf(table: FactTable): string | null {
  return IDENTIFIERS[table.name] ?? null;
}

/** SQL for `content`: a hash of all columns of the contract. `value` gives the SQL of a column by its contract name. */
export function contentSql(table: FactTable, value: (column: string) => string): string {
  return `cityHash64(${allColumns(table, value)})`;
}

/** SQL for `fact_key`: a hash of the natural key (SIGNALS, fine print). */
export function factKeySql(table: FactTable, value: (column: string) => string): string {
  const all = hash(allColumns(table, value));
  const identifier = identifierOf(table);
  if (identifier !== null) {
    const key = table.key === '*' ? [identifier] : table.key;
    return `if(${value(identifier)} != '', ${hash(key.map((name) => part(table, name, value)).join(', '))}, ${all})`;
  }
  return table.key === '*' ? all : hash(table.key.map((name) => part(table, name, value)).join(', '));
}

function hash(parts: string): string {
  return `reinterpretAsUInt128(sipHash128(${parts}))`;
}

function allColumns(table: FactTable, value: (column: string) => string): string {
  return table.columns.map((column) => part(table, column.name, value)).join(', ');
}

/** A hash of null is null, so that absence is hashed beside the value. */
function part(table: FactTable, name: string, value: (column: string) => string): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
  const sql = value(name);
  return NULLABLE.includes(column.type) ? `isNull(${sql}), ifNull(${sql}, ${EMPTY[column.type]})` : sql;
}
