import { join } from 'node:path';
import type { ColumnSource } from 'hyparquet-writer';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { EventFact } from './facts.ts';

const ROWS_PER_GROUP = 100_000;
const GROUPS_PER_FILE = 10;

/** Columns of the events waiting to be written. */
interface Waiting {
  readonly messageId: string[];
  readonly event: string[];
  readonly time: number[];
  readonly userId: (string | null)[];
  readonly accountId: (string | null)[];
  readonly properties: (string | null)[];
}

const nothing = (): Waiting => ({ messageId: [], event: [], time: [], userId: [], accountId: [], properties: [] });

const columnsOf = (rows: Waiting): ColumnSource[] => [
  { name: 'message_id', type: 'STRING', data: encoded(rows.messageId), nullable: false, encoding: 'PLAIN' },
  { name: 'event', type: 'STRING', data: rows.event, nullable: false },
  { name: 'time', type: 'TIMESTAMP', data: rows.time, nullable: false, encoding: 'PLAIN' },
  { name: 'user_id', type: 'STRING', data: rows.userId },
  { name: 'account_id', type: 'STRING', data: rows.accountId },
  { name: 'properties', type: 'STRING', data: rows.properties },
];

/** ASCII texts as bytes in one buffer: encoding them one by one is what would take the longest. */
function encoded(texts: readonly string[]): Uint8Array[] {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const bytes = Buffer.from(new ArrayBuffer(length));
  let at = 0;
  return texts.map((text) => {
    const from = at;
    at += bytes.write(text, at, 'latin1');
    return new Uint8Array(bytes.buffer, from, at - from);
  });
}

/**
 * Writes events as Parquet files `<stem>-000.parquet`, `<stem>-001.parquet` and so on.
 *
 * Why: uncompressed, since compressing in JavaScript takes longer than writing; one row group is the memory it needs.
 */
export class EventFiles {
  readonly #directory: string;
  readonly #stem: string;
  readonly #json = new Map<object, string>();
  #waiting = nothing();
  #writer: ParquetWriter | null = null;
  #groups = 0;
  #files = 0;

  constructor(directory: string, stem: string) {
    this.#directory = directory;
    this.#stem = stem;
  }

  add(rows: readonly EventFact[]): void {
    for (const row of rows) {
      const waiting = this.#waiting;
      waiting.messageId.push(row.message_id);
      waiting.event.push(row.event);
      waiting.time.push(row.time.getTime());
      waiting.userId.push(row.user_id);
      waiting.accountId.push(row.account_id);
      waiting.properties.push(this.#text(row.properties));
      if (waiting.time.length >= ROWS_PER_GROUP) this.#flush();
    }
  }

  /** Writes what waits and closes the last file. */
  close(): void {
    this.#flush();
    this.#closeFile();
  }

  #text(properties: Readonly<Record<string, string>>): string | null {
    let text = this.#json.get(properties);
    if (text === undefined) {
      text = Object.keys(properties).length === 0 ? '' : JSON.stringify(properties);
      this.#json.set(properties, text);
    }
    return text === '' ? null : text;
  }

  #flush(): void {
    if (this.#waiting.time.length === 0) return;
    const columnData = columnsOf(this.#waiting);
    this.#waiting = nothing();
    if (this.#writer === null) {
      const number = String(this.#files).padStart(3, '0');
      this.#files += 1;
      const writer = fileWriter(join(this.#directory, `${this.#stem}-${number}.parquet`));
      const schema = schemaFromColumnData({ columnData });
      this.#writer = new ParquetWriter({ writer, schema, codec: 'UNCOMPRESSED', statistics: false });
    }
    void this.#writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
    this.#groups += 1;
    if (this.#groups === GROUPS_PER_FILE) this.#closeFile();
  }

  #closeFile(): void {
    void this.#writer?.finish();
    this.#writer = null;
    this.#groups = 0;
  }
}
