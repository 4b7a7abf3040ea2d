import type { Batch, Diverted } from './fact-file.ts';

/** Stands where a line of the file is no row of its own, so that the engine's row number stays the line number. */
export const STAND_IN = '\u0001';

const STAND_IN_LINE = Buffer.from(`${STAND_IN}\n`);
const LINE_END = Buffer.from('\n');
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const RAW_MAX = 2_000;
/** A quoted field longer than this is taken for a quote that was never closed. */
const FIELD_MAX_BYTES = 1_000_000;

const OUTCOME = { more: 0, good: 1, blank: 2, bad: 3 } as const;
type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];

/**
 * Cuts CSV into records, before the engine parses it, and takes out those that no parser could read rightly.
 *
 * The engine then sees well-formed records only. A record is bad when a quote does not close, something follows a
 * closing quote, or the number of fields differs from the header's; only its first line is taken out and reading goes
 * on with the next, so that one broken quote costs one line. Every line that is no row of its own (blank, taken out, or
 * inside a quoted field) is replaced by a line that stands in for it.
 */
export class CsvScanner {
  readonly #kind = new Uint8Array(256);
  readonly #delimiter: number;
  readonly #fields: number;
  #window: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #line: number;
  /** Of the record just looked at: where the next begins, how many lines it has, and what is wrong with it. */
  #next = 0;
  #lines = 0;
  #fault = '';
  #slices: Buffer[] = [];
  #bytes = 0;
  #rows = 0;
  #diverted: Diverted[] = [];
  #firstLine: number;

  constructor(options: { readonly delimiter: string; readonly fields: number; readonly firstLine: number }) {
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#fields = options.fields;
    this.#line = options.firstLine;
    this.#firstLine = options.firstLine;
    for (const byte of [QUOTE, LF, CR, this.#delimiter]) this.#kind[byte] = 1;
  }

  /** Bytes waiting in the batch so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the next piece of the file; `isLast` says that no more will come. */
  push(chunk: Buffer, isLast: boolean): void {
    const buffer = this.#window.length === 0 ? chunk : Buffer.concat([this.#window, chunk]);
    let position = 0;
    let runStart = 0;
    while (position < buffer.length) {
      const outcome = this.#record(buffer, position, isLast);
      if (outcome === OUTCOME.more) break;
      if (outcome === OUTCOME.good) {
        this.#rows += 1;
        this.#line += this.#lines;
        if (this.#lines > 1) {
          this.#emit(buffer.subarray(runStart, this.#next));
          runStart = this.#next;
          if (buffer[this.#next - 1] !== LF) this.#emit(LINE_END);
          for (let extra = 1; extra < this.#lines; extra += 1) this.#emit(STAND_IN_LINE);
        }
      } else {
        this.#emit(buffer.subarray(runStart, position));
        runStart = this.#next;
        if (outcome === OUTCOME.bad) this.#divert(buffer, position);
        this.#emit(STAND_IN_LINE);
        this.#line += 1;
      }
      position = this.#next;
    }
    this.#emit(buffer.subarray(runStart, position));
    this.#window = buffer.subarray(position);
    if (isLast && this.#slices.length > 0 && this.#slices.at(-1)?.at(-1) !== LF) this.#emit(LINE_END);
  }

  /** Hands over what has been cut so far. */
  take(): Batch {
    const batch: Batch = {
      body: this.#slices,
      firstLine: this.#firstLine,
      rows: this.#rows,
      diverted: this.#diverted,
    };
    this.#slices = [];
    this.#bytes = 0;
    this.#rows = 0;
    this.#diverted = [];
    this.#firstLine = this.#line;
    return batch;
  }

  #emit(slice: Buffer): void {
    if (slice.length === 0) return;
    this.#slices.push(slice);
    this.#bytes += slice.length;
  }

  #divert(buffer: Buffer, start: number): void {
    const raw = buffer
      .subarray(start, Math.min(this.#next, start + RAW_MAX))
      .toString('utf8')
      .replace(/\r?\n$/, '');
    this.#diverted.push({ line: this.#line, field: '', reason: this.#fault, raw });
  }

  #record(buffer: Buffer, start: number, isLast: boolean): Outcome {
    const end = buffer.length;
    let delimiters = 0;
    let fieldStart = start;
    let beyond = -1;
    let hasContent = false;
    this.#lines = 1;
    let i = start;
    for (; i < end; i += 1) {
      const byte = buffer[i] ?? 0;
      if (this.#kind[byte] === 0) {
        if (byte !== SPACE && byte !== TAB) hasContent = true;
        continue;
      }
      if (byte === this.#delimiter) {
        delimiters += 1;
        fieldStart = i + 1;
        if (delimiters === this.#fields) beyond = i;
      } else if (byte === LF) {
        break;
      } else if (byte === CR) {
        if (i + 1 >= end && !isLast) return OUTCOME.more;
        if (i + 1 < end && buffer[i + 1] !== LF) return this.#bad(buffer, start, 'stray-carriage-return', isLast);
      } else if (isBlank(buffer, fieldStart, i)) {
        hasContent = true;
        const close = this.#closingQuote(buffer, i, isLast);
        if (close === -1) return OUTCOME.more;
        if (close === -2) return this.#bad(buffer, start, 'broken-quotes', isLast);
        i = close;
      }
    }
    if (i >= end && !isLast)
      return end - start > FIELD_MAX_BYTES * 4 ? this.#bad(buffer, start, 'too-long', true) : OUTCOME.more;
    this.#next = Math.min(i + 1, end);
    if (!hasContent) return this.#lines === 1 ? OUTCOME.blank : this.#bad(buffer, start, 'columns', isLast);
    const isExtraEmpty = beyond !== -1 && isBlankOrDelimiter(buffer, beyond, i, this.#delimiter);
    if (delimiters + 1 !== this.#fields && !isExtraEmpty) return this.#bad(buffer, start, 'columns', isLast);
    return OUTCOME.good;
  }

  /** Index of the quote that closes the field opened at `open`; -1: more is needed; -2: it never closes properly. */
  #closingQuote(buffer: Buffer, open: number, isLast: boolean): number {
    let from = open + 1;
    for (;;) {
      const quote = buffer.indexOf(QUOTE, from);
      if (quote === -1) return isLast || buffer.length - open > FIELD_MAX_BYTES ? -2 : -1;
      if (quote + 1 >= buffer.length && !isLast) return -1;
      if (buffer[quote + 1] === QUOTE) {
        from = quote + 2;
        continue;
      }
      let after = quote + 1;
      while (after < buffer.length && (buffer[after] === SPACE || (buffer[after] === TAB && this.#delimiter !== TAB)))
        after += 1;
      if (after >= buffer.length) {
        if (!isLast) return -1;
      } else {
        const byte = buffer[after];
        if (byte !== this.#delimiter && byte !== LF && byte !== CR) return -2;
      }
      for (let at = buffer.indexOf(LF, open); at !== -1 && at < quote; at = buffer.indexOf(LF, at + 1))
        this.#lines += 1;
      return quote;
    }
  }

  #bad(buffer: Buffer, start: number, fault: string, isLast: boolean): Outcome {
    const lineEnd = buffer.indexOf(LF, start);
    if (lineEnd === -1 && !isLast) return OUTCOME.more;
    this.#next = lineEnd === -1 ? buffer.length : lineEnd + 1;
    this.#lines = 1;
    this.#fault = fault;
    return OUTCOME.bad;
  }
}

function isBlank(buffer: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (buffer[i] !== SPACE && buffer[i] !== TAB) return false;
  return true;
}

function isBlankOrDelimiter(buffer: Buffer, start: number, end: number, delimiter: number): boolean {
  for (let i = start; i < end; i += 1) {
    const byte = buffer[i];
    if (byte !== delimiter && byte !== SPACE && byte !== TAB && byte !== CR) return false;
  }
  return true;
}

/** The fields of one complete record, as the header needs them. */
export function splitRecord(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let rest = record.replace(/\r?\n$/, '');
  for (;;) {
    const quoted = /^[ \t]*"((?:[^"]|"")*)"[ \t]*/.exec(rest);
    const end = quoted === null ? rest.indexOf(delimiter) : quoted[0].length;
    const stop = end === -1 ? rest.length : end;
    fields.push(quoted === null ? rest.slice(0, stop).trim() : (quoted[1] ?? '').replaceAll('""', '"').trim());
    if (stop >= rest.length) return fields;
    rest = rest.slice(stop + 1);
  }
}
