import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { importsWord } from '../../src/pipeline/import-history.ts';
import { whileNobodyImports } from '../../src/pipeline/one-import.ts';
import { ask, LIVE_MODEL, type OpenEngines, openEngines, type Serving, serve, until } from '../api/serving.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROWS = 40_000;
const patience = { pause: (milliseconds: number) => sleep(milliseconds) };

let engines: OpenEngines;
let service: Serving;
const children = new Set<ChildProcess>();

const MODEL = `${LIVE_MODEL}sources:
  - { name: product, table: events, path: events.csv }
`;

/** Events of one source, from a number on. */
function eventsFrom(first: number): string {
  const start = Date.UTC(2026, 0, 1);
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const n = first + index;
    return `report_created,${new Date(start + n * 1_000).toISOString()},u${n % 50},a${n % 20},m${n}`;
  });
  return `event,time,user_id,account_id,message_id\n${rows.join('\n')}\n`;
}

beforeAll(async () => {
  engines = await openEngines(MODEL);
  service = await serve(engines, Date.now, { uploadBytes: 50_000_000 });
  writeFileSync(join(engines.directory, 'bellwether.yaml'), MODEL);
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await service.close();
  await engines.close();
});

/** `bellwether import` as a process of its own over the same engines. */
async function importBeside(): Promise<{ readonly code: number | null; readonly out: string; readonly told: string }> {
  const { url, username, password } = engines.warehouse.engine.address();
  const warehouse = Object.assign(new URL(url), { username, password });
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'src/cli/main.ts', 'import', '--json', '--workspace', engines.directory],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        CLICKHOUSE_URL: warehouse.href,
        CLICKHOUSE_DATABASE: engines.warehouse.database,
        DATABASE_URL: engines.ledger.server.url(),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.add(child);
  let [out, told] = ['', ''];
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    told += data.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  children.delete(child);
  return { code, out, told };
}

const reportSchema = z.object({
  files: z.array(z.object({ read: z.number(), accepted: z.number(), refused: z.number(), duplicates: z.number() })),
});

async function upload(text: string): Promise<z.infer<typeof reportSchema>> {
  const body = new FormData();
  body.append('source', 'product');
  body.append('file', new Blob([text]), 'sent.csv');
  const headers = { authorization: `Bearer ${service.keyOf('write')}` };
  const answer = await fetch(`${service.address}/api/v1/imports`, { method: 'POST', headers, body });
  const said = await answer.text();
  expect([answer.status, answer.status === 200 ? '' : said]).toEqual([200, '']);
  return reportSchema.parse(JSON.parse(said));
}

test('uploads and an import of another process at once: every row is a fact once, and both reports add up', async () => {
  // Half of what is sent up is in the file as well: whoever comes second finds it known.
  writeFileSync(join(engines.directory, 'events.csv'), eventsFrom(0));
  const [beside, ...sent] = await Promise.all([
    importBeside(),
    ...[0, 1, 2].map((round) => upload(eventsFrom(ROWS / 2 + round * 100))),
  ]);
  expect([beside.code, beside.told.includes('Error')]).toEqual([0, false]);
  const files = [reportSchema.parse(JSON.parse(beside.out)), ...sent].flatMap((report) => report.files);
  expect(files).toHaveLength(4);
  for (const { read, accepted, refused, duplicates } of files) {
    expect([read, refused, accepted + duplicates]).toEqual([ROWS, 0, ROWS]);
  }
  const distinct = ROWS + ROWS / 2 + 200;
  expect(files.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(distinct);
  const [row] = await ask(engines.warehouse, 'SELECT count() AS n, uniqExact(message_id) AS ids FROM events');
  expect(row).toEqual({ n: String(distinct), ids: String(distinct) });
  const left = await ask(
    engines.warehouse,
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'staged_')`,
  );
  expect(left).toEqual([]);
});

test('who waits is told once and let in when the other has ended, however it ended; who will not wait is refused', async () => {
  const { ledger } = engines;
  const order: string[] = [];
  let end = (): void => undefined;
  const first = whileNobodyImports(ledger, patience, async () => {
    order.push('first');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    throw new Error('it broke');
  });
  await until(
    () => order.length,
    (n) => n === 1,
  );
  const impatient = whileNobodyImports(ledger, { ...patience, mostMillis: 0 }, async () => order.push('never'));
  await expect(impatient).rejects.toMatchObject({ code: 'import-runs' });
  const second = whileNobodyImports(ledger, { ...patience, onWait: () => order.push('waits') }, async () =>
    order.push('second'),
  );
  await until(
    () => order.length,
    (n) => n === 2,
  );
  end();
  await expect(first).rejects.toThrow('it broke');
  await second;
  expect(order).toEqual(['first', 'waits', 'second']);
});

test('an import in which everything is known sweeps nobody, and one that brings a row sweeps everybody', async () => {
  const known = eventsFrom(10);
  await upload(known);
  const word = await importsWord(engines);
  const again = await upload(known);
  expect(again.files[0]).toMatchObject({ accepted: 0, duplicates: ROWS });
  expect(await importsWord(engines)).toBe(word);
  await until(
    () => service.loop.state.sweptAt,
    (at) => at !== null,
  );
  const before = service.loop.state.sweptAt ?? 0;
  const fresh = await upload(eventsFrom(100_000));
  expect(fresh.files[0]).toMatchObject({ accepted: ROWS });
  expect(await importsWord(engines)).not.toBe(word);
  await until(
    () => service.loop.state.sweptAt ?? 0,
    (at) => at > before,
  );
});
