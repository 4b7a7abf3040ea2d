import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer';
import type { ExportColumn, ExportRow } from './export-row.ts';

const ROWS_IN_GROUP = 10_000;

/** Writes rows as Parquet, a group of ten thousand at a time, and ends the stream; answers how many. */
export async function writeParquet(
  columns: readonly ExportColumn[],
  rows: AsyncIterable<ExportRow>,
  out: Writable,
): Promise<number> {
  let count = 0;
  async function* counted(): AsyncGenerator<Record<string, string | number | null>> {
    for await (const row of rows) {
      count += 1;
      yield Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null]));
    }
  }
  const writer = new ByteWriter();
  const flush = async (): Promise<void> => {
    const piece = Buffer.from(writer.getBytes());
    writer.index = 0;
    if (piece.length > 0 && !out.write(piece)) await once(out, 'drain');
  };
  await parquetWriteRows({
    writer: Object.assign(writer, { flush, finish: flush }),
    rows: counted(),
    columns: columns.map(({ name, type }) => ({ name, type: type === 'text' ? 'STRING' : 'DOUBLE', nullable: true })),
    rowGroupSize: ROWS_IN_GROUP,
    statistics: false,
  });
  out.end();
  return count;
}
