import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScanner, STAND_IN, splitRecord } from '../../src/ingest/csv-scanner.ts';
import { source } from './builder.ts';
import { openWorkspace } from './workspace.ts';

const FIELDS = 3;
/** Text with everything that makes CSV hard, never blank as a whole row since the first field always holds something. */
const cell = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '"', ',', '\n', '\r\n', 'é', "'", '\\', '\t'),
  maxLength: 6,
});
const row = fc.tuple(
  cell.map((text) => `k${text}`),
  cell,
  cell,
);
const DAMAGE = ['', '   ', ',,', 'short', 'k,"a"b,c', 'k,too,many,fields', 'x,"y" z,"', 'a\rb,c,d'];
const item = fc.oneof(
  { weight: 4, arbitrary: fc.record({ row, isQuoted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ damage: fc.constantFrom(...DAMAGE) }) },
);
type Item = { row: readonly string[]; isQuoted: boolean } | { damage: string };

function encode(items: readonly Item[]): { text: string; expected: { line: number; fields: readonly string[] }[] } {
  let line = 1;
  let text = '';
  const expected: { line: number; fields: readonly string[] }[] = [];
  for (const entry of items) {
    const record =
      'damage' in entry
        ? entry.damage
        : entry.row
            .map((field) => (entry.isQuoted || /[",\r\n]|^\s|\s$/.test(field) ? quoted(field) : field))
            .join(',');
    if ('row' in entry) expected.push({ line, fields: entry.row });
    text += `${record}\n`;
    line += record.split('\n').length;
  }
  return { text, expected };
}

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;

/** The rows of a cleaned body by their line, read by the plainest parser there is. */
function readBody(body: string): { line: number; fields: readonly string[] }[] {
  const rows: { line: number; fields: readonly string[] }[] = [];
  let fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let number = 1;
  for (let i = 0; i < body.length; i += 1) {
    const c = body[i] ?? '';
    if (isQuoted) {
      if (c !== '"') field += c;
      else if (body[i + 1] === '"') {
        field += '"';
        i += 1;
      } else isQuoted = false;
    } else if (c === '"' && field === '') isQuoted = true;
    else if (c === ',') {
      fields.push(field);
      field = '';
    } else if (c === '\n') {
      fields.push(field);
      if (fields[0] !== STAND_IN) rows.push({ line: number, fields });
      fields = [];
      field = '';
      number += 1;
    } else field += c;
  }
  return rows;
}

/** Records of a cleaned body: a quote opens a field only where nothing but blanks came before it, and elsewhere stands for itself. */
function recordsIn(body: string): number {
  const fields = /[ \t]*"(?:[^"]|"")*"[^,\n]*|[^,\n]*/y;
  let records = 0;
  for (let at = 0; at < body.length; at += 1) {
    fields.lastIndex = at;
    at += fields.exec(body)?.[0].length ?? 0;
    if (body[at] === '\n') records += 1;
  }
  return records;
}

function scan(text: string, cuts: readonly number[]): { body: string; rows: number; diverted: number } {
  const bytes = Buffer.from(text);
  const scanner = new CsvScanner({ delimiter: ',', fields: FIELDS, firstLine: 1 });
  let at = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b), bytes.length]) {
    if (cut > at) scanner.push(bytes.subarray(at, cut), false);
    at = Math.max(at, cut);
  }
  scanner.push(Buffer.alloc(0), true);
  const batch = scanner.take();
  return {
    body: Buffer.concat(batch.body as Buffer[]).toString(),
    rows: batch.rows,
    diverted: batch.diverted.length,
  };
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 });

describe('the scanner', () => {
  it('keeps every sound row at its line, whatever the damage around it and wherever the file is cut', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), cuts, (items, at) => {
        const { text, expected } = encode(items);
        const { body, rows } = scan(text, at);
        expect(readBody(body)).toEqual(expected);
        expect(rows).toBe(expected.length);
      }),
      { numRuns: 3_000 },
    );
  });

  it('accounts for every line of any text at all, and answers the same however it is cut', () => {
    const anything = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' '), maxLength: 60 });
    fc.assert(
      fc.property(anything, cuts, (text, at) => {
        const whole = scan(text, []);
        expect(scan(text, at)).toEqual(whole);
        const lines = recordsIn(whole.body);
        const physical = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
        expect(lines).toBe(physical);
      }),
      { numRuns: 3_000, examples: [['a","\n",', []]] },
    );
  });

  it('takes a quote that never closes for damage once the field is too long', () => {
    const text = `k,"open,1\n${'k2,fine,2\n'.repeat(150_000)}`;
    const { rows, diverted } = scan(text, [0.1, 0.5, 0.9]);
    expect([rows, diverted]).toEqual([150_000, 1]);
  });

  it('splits a header', () => {
    expect(splitRecord('a;"b ""x"";";c ;\r\n', ';')).toEqual(['a', 'b "x";', 'c', '']);
  });
});

describe('scanner and engine together', () => {
  const { write, load, ask } = openWorkspace();

  it('agree on every field and line', async () => {
    const items = fc.sample(item, { numRuns: 4_000, seed: 7 }) as Item[];
    const { text, expected } = encode(items);
    const path = write('x.csv', `account_id,name,domain\n${text}`);
    const report = await load([source({ name: 's', table: 'accounts', path })]);
    const [file] = report.files;
    expect(file?.read).toBe((file?.accepted ?? 0) + (file?.refused ?? 0) + (file?.duplicates ?? 0));
    const trimmed = expected.map(({ line, fields }) => ({
      line: String(line + 1),
      account_id: (fields[0] ?? '').replace(/^ +| +$/g, ''),
      name: fields[1],
      domain: fields[2],
    }));
    const first = new Map(trimmed.map((row) => [row.account_id, row] as const).reverse());
    const kept = trimmed.filter((row) => first.get(row.account_id) === row);
    expect(await ask('SELECT line, account_id, name, domain FROM accounts ORDER BY line')).toEqual(kept);
  });
});
