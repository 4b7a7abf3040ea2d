import { textBytes } from './byte-stream.ts';
import { CsvScanner, STAND_IN, splitRecord } from './csv-scanner.ts';
import { type Batch, type FactFile, type FileColumn, quote } from './fact-file.ts';

const DELIMITERS = [',', ';', '\t', '|'];
/** Big enough that an insert is worth its costs, small enough that some of them fit into memory. */
const BATCH_BYTES = 32_000_000;
const LF = 0x0a;

/**
 * A CSV file: its first line that is not blank is the header. `sep=;` in front of it is obeyed, a delimiter that is not
 * given is taken from the header, and carriage returns alone end lines where the file has no others.
 */
export async function openCsv(path: string, delimiter: string | null): Promise<FactFile | null> {
  const head = await readHead(path, delimiter);
  if (head === null) return null;
  const columns = nameColumns(head.names);
  const byName = new Map(columns.map((column) => [column.name, column]));
  const first = columns[0];
  if (first === undefined) return null;
  return {
    path,
    columns: columns.filter((column) => column.name !== ''),
    column: (name) => (name === '' ? undefined : byName.get(name)),
    structure: columns.map((column) => `${column.sql} String`).join(', '),
    format: 'CSV',
    settings: {
      format_csv_delimiter: head.delimiter,
      input_format_csv_detect_header: 0,
      input_format_csv_allow_variable_number_of_columns: 1,
    },
    isStandIn: `${first.sql} = ${quote(STAND_IN)}`,
    raw: rawOf(columns.filter((column) => column.name !== '')),
    isBroken: null,
    others: (taken) => othersOf(columns.filter((column) => column.name !== '' && !taken.has(column.name))),
    batches: (onBytes) => batches(path, head, columns.length, onBytes),
  };
}

interface Head {
  readonly names: readonly string[];
  readonly delimiter: string;
  /** Lines and bytes before the first row. */
  readonly lines: number;
  readonly bytes: number;
  readonly hasBareReturns: boolean;
}

/** Twice the same name: the second is read as `name_2`. */
function nameColumns(names: readonly string[]): FileColumn[] {
  const seen = new Map<string, number>();
  return names.map((name, index) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { name: times > 1 && name !== '' ? `${name}_${times}` : name, kind: 'text', sql: `c${index}` };
  });
}

/** SQL: a row with the names of its columns, so that who puts it right knows what is what. */
function rawOf(columns: readonly FileColumn[]): string {
  return `toJSONString(map(${columns.map((column) => `${quote(column.name)}, ${column.sql}`).join(', ')}))`;
}

function othersOf(columns: readonly FileColumn[]): string | null {
  if (columns.length === 0) return null;
  const pairs = columns.map((column) => `${quote(column.name)}, ${column.sql}`);
  return `mapFilter((k, v) -> v != '', map(${pairs.join(', ')}))`;
}

async function readHead(path: string, given: string | null): Promise<Head | null> {
  let head = Buffer.alloc(0);
  let result: Head | null = null;
  for await (const chunk of textBytes(path, () => undefined)) {
    head = Buffer.concat([head, chunk]);
    result = parseHead(head, given, false);
    if (result !== null) return result;
  }
  return parseHead(head, given, true);
}

function parseHead(bytes: Buffer, given: string | null, isWhole: boolean): Head | null {
  const hasBareReturns = !bytes.includes(LF) && bytes.includes(0x0d);
  if (hasBareReturns && !isWhole) return null;
  const buffer = hasBareReturns ? replaceReturns(bytes) : bytes;
  let position = 0;
  let lines = 0;
  let delimiter = given;
  for (;;) {
    const end = recordEnd(buffer, position);
    if (end === -1 && !isWhole) return null;
    const stop = end === -1 ? buffer.length : end + 1;
    const text = buffer.subarray(position, stop).toString('utf8');
    if (text === '') return null;
    position = stop;
    lines += Math.max(1, text.split('\n').length - 1);
    const told = /^sep=(.)\r?\n?$/.exec(text);
    if (told?.[1] !== undefined) delimiter = given ?? told[1];
    else if (text.trim() !== '') {
      const chosen = delimiter ?? sniffDelimiter(text);
      return { names: splitRecord(text, chosen), delimiter: chosen, lines, bytes: position, hasBareReturns };
    }
  }
}

function recordEnd(buffer: Buffer, start: number): number {
  let isQuoted = false;
  for (let i = start; i < buffer.length; i += 1) {
    if (buffer[i] === 0x22) isQuoted = !isQuoted;
    else if (buffer[i] === LF && !isQuoted) return i;
  }
  return -1;
}

function sniffDelimiter(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function replaceReturns(buffer: Buffer): Buffer<ArrayBuffer> {
  const copy = Buffer.from(buffer);
  for (let i = 0; i < copy.length; i += 1) if (copy[i] === 0x0d) copy[i] = LF;
  return copy;
}

async function* batches(
  path: string,
  head: Head,
  fields: number,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Batch> {
  const scanner = new CsvScanner({ delimiter: head.delimiter, fields, firstLine: head.lines + 1 });
  let skip = head.bytes;
  for await (const piece of textBytes(path, onBytes)) {
    const chunk = head.hasBareReturns ? replaceReturns(piece) : piece;
    const rest = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - rest.length;
    if (rest.length > 0) scanner.push(rest, false);
    if (scanner.bytes >= BATCH_BYTES) yield scanner.take();
  }
  scanner.push(Buffer.alloc(0), true);
  yield scanner.take();
}
