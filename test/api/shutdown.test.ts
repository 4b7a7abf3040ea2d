import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { KeyRing } from '../../src/api/key.ts';
import { settleArrivals } from '../../src/ingest/settle-arrivals.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { scratchFolder } from '../scratch.ts';
import { ask, basic, LIVE_MODEL, until } from './serving.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

interface Running {
  readonly child: ChildProcess;
  readonly address: string;
  readonly log: () => string;
}

/** Starts `bellwether serve` as a process. */
async function start(workspace: string, environment: Readonly<Record<string, string>>): Promise<Running> {
  const words = ['--import', 'tsx', 'src/cli/main.ts', 'serve', '--port', '0', '--json', '--workspace', workspace];
  const env = { ...process.env, BELLWETHER_MEMORY: '2GB', BELLWETHER_EVIDENCE: 'asked', ...environment };
  const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env });
  children.add(child);
  let log = '';
  child.stderr?.on('data', (data: Buffer) => {
    log += data.toString();
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { event: string; address?: string };
      if (said.event === 'started') resolve(said.address ?? '');
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
  return { child, address, log: () => log };
}

async function workspaceWithKeys(): Promise<{ workspace: string; write: string; read: string }> {
  const workspace = scratchFolder();
  writeFileSync(join(workspace, 'bellwether.yaml'), LIVE_MODEL);
  const ledger = await openLedger({ directory: join(workspace, '.bellwether') });
  const ring = new KeyRing(ledger, Date.now);
  const write = (await ring.create('test', 'write', 'test')).key;
  const read = (await ring.create('test', 'read', 'test')).key;
  await ledger.close();
  return { workspace, write, read };
}

test('a stop under load: it says so first, answers what is open, ends with 0, and what was answered 200 is there', async () => {
  const { workspace, write, read } = await workspaceWithKeys();
  const { child, address, log } = await start(workspace, {
    BELLWETHER_DRAIN_SECONDS: '2',
    BELLWETHER_GRACE_SECONDS: '60',
  });
  const accepted = new Set<string>();
  const broken: number[] = [];
  let isOver = false;
  let sent = 0;
  let stoppedAt = Number.POSITIVE_INFINITY;
  const lane = async (): Promise<void> => {
    while (!isOver) {
      sent += 1;
      const ids = Array.from({ length: 20 }, (_, i) => `s${sent}-${i}-${Math.floor(performance.now() * 1e3)}`);
      const batch = ids.map((messageId) => ({
        type: 'track',
        userId: 'u',
        event: 'report_created',
        messageId,
        context: { groupId: 'acme' },
      }));
      const begun = Date.now();
      const status = await fetch(`${address}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: basic(write) },
        body: JSON.stringify({ batch }),
      }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => 0,
      );
      if (status === 200) for (const id of ids) accepted.add(id);
      else if (begun < stoppedAt) broken.push(status);
    }
  };
  const lanes = Array.from({ length: 4 }, lane);
  const stream = await fetch(`${address}/api/v1/stream`, { headers: { authorization: `Bearer ${read}` } });
  expect(stream.status).toBe(200);
  await until(
    () => accepted.size,
    (n) => n > 400,
  );
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const said = await until(
    async () =>
      fetch(`${address}/readyz`).then(async (answer) => ({
        status: answer.status,
        body: (await answer.json()) as { status: string },
      })),
    ({ body }) => body.status === 'draining',
  );
  expect(said.status).toBe(503);
  // While it says no it still takes what comes: whoever sends has not been turned away yet.
  const before = accepted.size;
  await until(
    () => accepted.size,
    (n) => n > before,
  );
  stoppedAt = Date.now();
  expect(await ended).toEqual([0, null]);
  isOver = true;
  await Promise.all(lanes);
  // The stream was closed and not left to its reader.
  await stream.body?.cancel().catch(() => undefined);
  expect(broken).toEqual([]);
  expect(log()).toContain('"event":"stopped"');
  const warehouse = await openWarehouse({ directory: join(workspace, '.bellwether'), memoryLimitBytes: 2_000_000_000 });
  while ((await settleArrivals(warehouse, new Date())) !== null);
  const rows = await ask(warehouse, 'SELECT message_id FROM events');
  await warehouse.close();
  const found = new Set(rows.map(({ message_id }) => message_id as string));
  expect([...accepted].filter((id) => !found.has(id))).toEqual([]);
});

test('whoever asks twice does not wait, and the workspace can be used again', async () => {
  const { workspace } = await workspaceWithKeys();
  const first = await start(workspace, { BELLWETHER_DRAIN_SECONDS: '60' });
  const ended = once(first.child, 'exit');
  first.child.kill('SIGTERM');
  await until(
    async () => ((await (await fetch(`${first.address}/readyz`)).json()) as { status: string }).status,
    (status) => status === 'draining',
  );
  const asked = Date.now();
  first.child.kill('SIGTERM');
  expect(await ended).toEqual([130, null]);
  expect(Date.now() - asked).toBeLessThan(10_000);
  const again = await until(
    () => start(workspace, {}).catch(() => null),
    (running) => running !== null,
  );
  again?.child.kill('SIGKILL');
});

test('a stop that takes longer than it may ends there, and says so', async () => {
  const { workspace } = await workspaceWithKeys();
  const { child, log } = await start(workspace, { BELLWETHER_DRAIN_SECONDS: '60', BELLWETHER_GRACE_SECONDS: '1' });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
  expect(log()).toContain('did not end within 1 seconds');
});
