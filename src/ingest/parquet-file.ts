import { createReadStream } from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync, parquetSchema, type SchemaTree } from 'hyparquet';
import { Failure } from '../model/failure.ts';
import { type FactFile, type FileColumn, type Kind, quote, quoteName } from './fact-file.ts';

/** Refuses with `unreadable-file` what is no Parquet. Columns of nested records that are no list or map are left out. */
export async function openParquet(path: string, timezone: string): Promise<FactFile> {
  const { columns, types, rows } = await readSchema(path, timezone);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const names = columns.map((column) => quoteName(column.name));
  return {
    path,
    columns,
    column: (name) => byName.get(name),
    structure: columns.map((column, index) => `${quoteName(column.name)} ${types[index] ?? ''}`).join(', '),
    format: 'Parquet',
    settings: { input_format_parquet_preserve_order: 1, input_format_parquet_allow_missing_columns: 1 },
    isStandIn: '0',
    raw: `formatRowNoNewline('JSONEachRow', ${names.join(', ')})`,
    isBroken: null,
    others: (taken) => {
      const plain = columns.filter((column) => !taken.has(column.name) && column.kind !== 'map');
      if (plain.length === 0) return null;
      const pairs = plain.map((column) => `${quote(column.name)}, ${asText(column)}`);
      return `mapFilter((k, v) -> v != '', map(${pairs.join(', ')}))`;
    },
    batches: async function* (onBytes) {
      yield { body: counted(path, onBytes), firstLine: 1, rows, diverted: [] };
    },
  };
}

async function* counted(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    onBytes(chunk.length);
    yield chunk as Buffer;
  }
}

function asText(column: FileColumn): string {
  if (column.kind === 'text') return column.sql;
  if (column.kind === 'list') return `if(empty(${column.sql}), '', toJSONString(${column.sql}))`;
  return `ifNull(toString(${column.sql}), '')`;
}

async function readSchema(
  path: string,
  timezone: string,
): Promise<{ columns: FileColumn[]; types: string[]; rows: number }> {
  try {
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
    const columns: FileColumn[] = [];
    const types: string[] = [];
    for (const child of parquetSchema(metadata).children) {
      const found = typeOf(child);
      if (found === null) continue;
      const name = quoteName(child.element.name);
      const sql = found.kind === 'text' ? `ifNull(${name}, '')` : inZone(child, found.kind, name, timezone);
      columns.push({ name: child.element.name, kind: found.kind, sql });
      types.push(found.type);
    }
    return { columns, types, rows: Number(metadata.num_rows) };
  } catch (error) {
    throw new Failure('unreadable-file', `${path} is no Parquet file that can be read: ${String(error)}`, {
      cause: error,
    });
  }
}

/** A timestamp that its file calls local is of the source's time zone. */
function inZone(node: SchemaTree, kind: Kind, sql: string, timezone: string): string {
  const logical = node.element.logical_type;
  const isLocal = kind === 'instant' && logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC;
  return isLocal && timezone !== 'UTC' ? `toDateTime64OrNull(toString(${sql}), 6, ${quote(timezone)})` : sql;
}

function typeOf(node: SchemaTree): { kind: Kind; type: string } | null {
  const { type, converted_type: converted, logical_type: logical } = node.element;
  if (node.children.length > 0) {
    if (converted === 'LIST' || logical?.type === 'LIST') return { kind: 'list', type: 'Array(Nullable(String))' };
    if (converted === 'MAP' || logical?.type === 'MAP') return { kind: 'map', type: 'Map(String, Nullable(String))' };
    return null;
  }
  if (node.element.repetition_type === 'REPEATED') return { kind: 'list', type: 'Array(Nullable(String))' };
  if (converted === 'DATE' || logical?.type === 'DATE') return { kind: 'day', type: 'Nullable(Date32)' };
  if (logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP') || type === 'INT96') {
    return { kind: 'instant', type: "Nullable(DateTime64(6, 'UTC'))" };
  }
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const { precision = 38, scale = 0 } = node.element;
    return { kind: 'number', type: `Nullable(Decimal(${precision}, ${scale}))` };
  }
  switch (type) {
    case 'BOOLEAN':
      return { kind: 'flag', type: 'Nullable(Bool)' };
    case 'INT32':
    case 'INT64':
      return { kind: 'number', type: converted?.startsWith('UINT') ? 'Nullable(UInt64)' : 'Nullable(Int64)' };
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'number', type: 'Nullable(Float64)' };
    default:
      return { kind: 'text', type: 'Nullable(String)' };
  }
}
