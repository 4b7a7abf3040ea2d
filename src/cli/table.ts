import Table from 'cli-table3';
import type { Paper } from './command.ts';

/** A cell: null and undefined print as a dash. */
export type Cell = string | number | boolean | null | undefined;

const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows as a table for people: numbers to the right, colour of the head on a terminal only. */
export function writeTable(paper: Paper, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const aligns = head.map((_, index) =>
    rows.some((row) => typeof row[index] === 'number') ? ('right' as const) : ('left' as const),
  );
  const table = new Table({
    head: [...head],
    chars: PLAIN,
    colAligns: aligns,
    style: { head: paper.isTerminal ? ['bold'] : [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map(writeCell)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A value as people read it: 1,234.5, yes, a dash for nothing. */
export function writeCell(value: Cell): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? writeNumber(value) : value;
}

/** A number with thousands separated and at most two decimals. */
export function writeNumber(value: number): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 2, signDisplay: 'negative' }).format(value);
}

/** Money in whole units of the currency. */
export function writeMoney(value: number | null, currency: string): string {
  return value === null
    ? '-'
    : `${new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value)} ${currency}`;
}

/** `1 account`, `2 accounts`. */
export function writeCount(count: number, noun: string): string {
  return `${writeNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The UTC day of an instant, with its time of day where that is not midnight. */
export function writeInstant(instant: Date): string {
  const text = instant.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z');
}
