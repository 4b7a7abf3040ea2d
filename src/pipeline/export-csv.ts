import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ExportColumn, ExportRow } from './export-row.ts';

const FLUSH_AT = 1 << 16;
/** First characters that make a spreadsheet take a cell for a formula. Source: OWASP, CSV Injection. */
const FORMULA = /^[=+\-@\t\r]/;

/** Writes rows as CSV (RFC 4180) and ends the stream; answers how many. A text that a spreadsheet would take for a formula gets a quote before it. */
export async function writeCsv(
  columns: readonly ExportColumn[],
  rows: AsyncIterable<ExportRow>,
  out: Writable,
): Promise<number> {
  let waiting = `${columns.map(({ name }) => csvCell(name)).join(',')}\r\n`;
  let count = 0;
  for await (const row of rows) {
    count += 1;
    waiting += `${columns.map(({ name }) => csvCell(row[name] ?? null)).join(',')}\r\n`;
    if (waiting.length < FLUSH_AT) continue;
    if (!out.write(waiting)) await once(out, 'drain');
    waiting = '';
  }
  out.end(waiting);
  return count;
}

/** A value as a cell: a number as it is, a text that begins like a formula with a quote before it. */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
