import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { whole } from '../../src/warehouse/values.ts';
import { scratchFolder } from '../scratch.ts';
import { hasEnded } from '../warehouse/process.ts';

const ROWS = 400_000;
const MONTHS = 12;

function start(directory: string, path: string): { child: ChildProcess; opened: Promise<void>; ended: Promise<void> } {
  const script = fileURLToPath(new URL('./importer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, directory, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const opened = new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  return { child, opened: Promise.race([opened, ended]), ended };
}

it('ends with every row once, however often the import is killed on its way', async () => {
  const directory = scratchFolder();
  const path = join(directory, 'events.csv');
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const month = String((i % MONTHS) + 1).padStart(2, '0');
    return `e,2024-${month}-01 00:00:00,u${i % 1000},m${i}`;
  });
  writeFileSync(path, `event,time,user_id,message_id\n${rows.join('\n')}\n`);
  for (const delay of [300, 700, 1_200, 1_600]) {
    const { child, opened, ended } = start(directory, path);
    await opened;
    await sleep(delay);
    child.kill('SIGKILL');
    await ended;
    await hasEnded(child.pid ?? 0);
  }
  await start(directory, path).ended;
  const warehouse = await openWarehouse({ directory });
  const [counts] = await warehouse.rows(
    'SELECT count() AS n, uniqExact(message_id) AS ids FROM events',
    z.object({ n: whole, ids: whole }),
  );
  const left = await warehouse.rows("SELECT name FROM system.tables WHERE name LIKE 'staged%'", z.unknown());
  await warehouse.close();
  expect(counts).toEqual({ n: ROWS, ids: ROWS });
  expect(left).toEqual([]);
});
