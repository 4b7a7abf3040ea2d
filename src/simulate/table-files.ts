import { closeSync, openSync, writeSync } from 'node:fs';
import { parquetWriteFile } from 'hyparquet-writer';
import type { Column, FactTable } from '../model/table.ts';
import { isoDay } from './calendar.ts';
import type { Fact } from './facts.ts';

/** Writes the rows of one table, as they come. */
export interface TableFile {
  add(rows: readonly Fact[]): void;
  close(): void;
}

const FLUSH_AT = 1 << 16;

/** Lines of text in a file, written in large pieces. */
class TextFile {
  readonly #file: number;
  #waiting = '';

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  line(text: string): void {
    this.#waiting += `${text}\n`;
    if (this.#waiting.length >= FLUSH_AT) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#waiting);
    this.#waiting = '';
  }
}

/** Columns of the table that are written, in their order; those of a map stand beside them under their own names. */
function columnNames(table: FactTable, mapKeys: readonly string[]): readonly Column[] {
  const plain = table.columns.filter((column) => column.type !== 'map');
  return [...plain, ...mapKeys.map((name): Column => ({ name, type: 'text', required: false, meaning: '' }))];
}

/** A CSV file with a header. Values of a map, such as an account's traits, have columns of their own: `mapKeys`. */
export function csvFile(path: string, table: FactTable, mapKeys: readonly string[]): TableFile {
  const file = new TextFile(path);
  const columns = columnNames(table, mapKeys);
  const map = table.columns.find((column) => column.type === 'map')?.name;
  file.line(columns.map((column) => column.name).join(','));
  return {
    add: (rows) => {
      for (const row of rows) {
        const inMap = (map === undefined ? undefined : row[map]) as Fact | undefined;
        file.line(columns.map(({ name, type }) => csvCell(row[name] ?? inMap?.[name], type)).join(','));
      }
    },
    close: () => file.close(),
  };
}

function csvCell(value: unknown, type: Column['type']): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return type === 'day' ? isoDay(value.getTime()) : value.toISOString();
  const text = Array.isArray(value)
    ? value.join(';')
    : typeof value === 'boolean'
      ? value
        ? '1'
        : '0'
      : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A JSON Lines file; unknown values are left out. */
export function jsonlFile(path: string, table: FactTable): TableFile {
  const file = new TextFile(path);
  return {
    add: (rows) => {
      for (const row of rows) {
        const entries = table.columns.flatMap(({ name, type }): [string, unknown][] => {
          const value = row[name];
          if (value === null || value === undefined) return [];
          return [[name, value instanceof Date && type === 'day' ? isoDay(value.getTime()) : value]];
        });
        file.line(JSON.stringify(Object.fromEntries(entries)));
      }
    },
    close: () => file.close(),
  };
}

const PARQUET_TYPES = { text: 'STRING', number: 'DOUBLE', money: 'DOUBLE', instant: 'TIMESTAMP' } as const;

/** A Parquet file of a table of plain columns; holds its rows until it is closed. */
export function parquetFile(path: string, table: FactTable): TableFile {
  const held: Fact[] = [];
  return {
    add: (rows) => {
      for (const row of rows) held.push(row);
    },
    close: () => {
      const columnData = table.columns.map(({ name, type }) => ({
        name,
        type: PARQUET_TYPES[type as keyof typeof PARQUET_TYPES],
        data: held.map((row) => row[name] ?? null),
      }));
      parquetWriteFile({ filename: path, columnData, statistics: false });
    },
  };
}
