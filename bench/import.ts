// Import of events against the engine's own INSERT of the same file: `npx tsx bench/import.ts [rows]`.
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { importSources } from '../src/ingest/import-sources.ts';
import { openWarehouse } from '../src/warehouse/open.ts';
import { source } from '../test/ingest/builder.ts';
import { type Figure, peakMegabytes, progress, report, seconds, versionsOf } from './measure.ts';

const rows = Number(process.argv[2] ?? 5_000_000);
const MEMORY = 3_000_000_000;
const COLUMNS = 'account_id, user_id, event, time, message_id';
const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
const warehouse = await openWarehouse({ directory: join(folder, '.bellwether'), memoryLimitBytes: MEMORY });

/** 5k accounts, 200k users, 18 months in the order of time. */
const GENERATED = `SELECT concat('acc_', toString(number % 5000)) AS account_id,
  concat('user_', toString((number % 5000) * 40 + intDiv(number, 5000) % 40)) AS user_id,
  ['report_created', 'report_opened', 'login', 'page_viewed', 'exported'][1 + cityHash64(number) % 5] AS event,
  toDateTime64('2024-01-01 00:00:00', 3, 'UTC') + toIntervalSecond(intDiv(number * 46656000, ${rows})) AS time,
  concat('m', toString(number)) AS message_id FROM numbers(${rows})`;

async function generate(format: string, path: string): Promise<void> {
  const { url, username, password } = warehouse.engine.address();
  const response = await fetch(`${url}/?date_time_output_format=iso`, {
    method: 'POST',
    body: `${GENERATED} FORMAT ${format}`,
    headers: { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password },
  });
  if (response.body === null || !response.ok) throw new Error(await response.text());
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path));
}

const figures: Figure[] = [];
for (const [format, name] of [
  ['CSVWithNames', 'events.csv'],
  ['Parquet', 'events.parquet'],
] as const) {
  const path = join(folder, name);
  await generate(format, path);
  await warehouse.command('DROP TABLE IF EXISTS own SYNC');
  await warehouse.command('CREATE TABLE own AS events');
  const own = await seconds(() =>
    warehouse.insertFile(
      `INSERT INTO own (${COLUMNS}) FORMAT ${format}`,
      createReadStream(path, { highWaterMark: 1_048_576 }),
    ),
  );
  await warehouse.command('DROP TABLE own SYNC');
  await warehouse.command('TRUNCATE TABLE events SYNC');
  const run = async (day: number): Promise<void> => {
    const now = new Date(Date.UTC(2026, 10, day));
    const model = { sources: [source({ name: 'bench', table: 'events', path })] };
    const report = await importSources({ warehouse, model, directory: '/', environment: () => undefined, now });
    const [file] = report.files;
    const isRight = file?.accepted === (day === 1 ? rows : 0) && file.duplicates === (day === 1 ? 0 : rows);
    if (!isRight) throw new Error(JSON.stringify(report));
  };
  const first = await seconds(() => run(1));
  const again = await seconds(() => run(2));
  progress(`${name}: own INSERT ${own.toFixed(2)} s, import ${first.toFixed(2)} s`);
  figures.push(
    { what: `${format}, own INSERT`, value: own, unit: 's', note: `${Math.round(statSync(path).size / 1e6)} MB` },
    { what: `${format}, import`, value: first, unit: 's' },
    { what: `${format}, import against own INSERT`, value: first / own, unit: 'x', below: 3 },
    { what: `${format}, import of the same file again`, value: again, unit: 's' },
  );
}
figures.push(
  { what: 'peak memory of the engine', value: peakMegabytes(warehouse.engine.pid()), unit: 'MB' },
  { what: 'peak memory of Node', value: peakMegabytes(process.pid), unit: 'MB' },
);
report({
  row: 'import',
  sizes: { events: rows },
  versions: await versionsOf(warehouse),
  // A run that does not accept every row, and know every row again, has thrown.
  isEqual: true,
  figures,
  notes: [],
});
await warehouse.close();
rmSync(folder, { recursive: true, force: true });
