import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { KeyRing } from '../../src/api/key.ts';
import { settleArrivals } from '../../src/ingest/settle-arrivals.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { scratchFolder } from '../scratch.ts';
import { ask, basic, LIVE_MODEL, openEngines, serve, settled, until } from './serving.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KILLS = 30;
/** What a sender waits before it sends again; less only takes the time of the server that starts. */
const BACK_OFF_MILLIS = 100;

/** A sender like an SDK: it sends a batch again, with the same ids, until it is answered 200. */
class Sender {
  readonly accepted = new Set<string>();
  readonly statuses = new Map<number, number>();
  answered = 0;
  #isOver = false;
  readonly #target: () => { address: string; key: string };
  readonly #running: Promise<void>[];

  constructor(name: string, lanes: number, target: () => { address: string; key: string }) {
    this.#target = target;
    this.#running = Array.from({ length: lanes }, (_, lane) => this.#run(`${name}${lane}`));
  }

  /** Ends after the batches that are under way are answered. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#running);
  }

  async #run(lane: string): Promise<void> {
    for (let round = 0; !this.#isOver; round += 1) {
      const ids = Array.from({ length: 20 }, (_, index) => `${lane}-${round}-${index}`);
      const batch = ids.map((messageId, index) => ({
        type: 'track',
        event: 'report_created',
        userId: `u${index % 5}`,
        messageId,
        context: { groupId: `a${index % 3}` },
      }));
      while ((await this.#send(JSON.stringify({ batch }))) !== 200) await sleep(BACK_OFF_MILLIS);
      for (const id of ids) this.accepted.add(id);
      this.answered += 1;
    }
  }

  async #send(body: string): Promise<number> {
    const { address, key } = this.#target();
    const headers = { 'content-type': 'application/json', authorization: basic(key) };
    const status = await fetch(`${address}/v1/batch`, { method: 'POST', headers, body }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    return status;
  }
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts `bellwether serve` as a process and resolves to its address. */
async function startServer(workspace: string): Promise<{ child: ChildProcess; address: string }> {
  const words = ['--import', 'tsx', 'src/cli/main.ts', 'serve', '--port', '0', '--json', '--workspace', workspace];
  const child = spawn(process.execPath, words, {
    ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, BELLWETHER_EVIDENCE: 'asked' },
  });
  children.add(child);
  let told = '';
  child.stderr?.on('data', (data: Buffer) => {
    told = (told + data.toString()).slice(-4_000);
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { event: string; address?: string };
      if (said.event === 'started') resolve(said.address ?? '');
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${told}`)));
  });
  return { child, address };
}

test('thirty kill -9 under load: what was answered 200 is there, once', async () => {
  const workspace = scratchFolder();
  writeFileSync(join(workspace, 'bellwether.yaml'), LIVE_MODEL);
  const directory = join(workspace, '.bellwether');
  const ledger = await openLedger({ directory });
  const { key } = await new KeyRing(ledger, Date.now).create('test', 'write', 'test');
  await ledger.close();
  let address = 'http://127.0.0.1:9';
  const sender = new Sender('kill', 4, () => ({ address, key }));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const server = await startServer(workspace);
    address = server.address;
    const before = sender.answered;
    await until(
      () => sender.answered - before,
      (answered) => answered > kill % 7,
    );
    const ended = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await ended;
    children.delete(server.child);
  }
  const last = await startServer(workspace);
  address = last.address;
  await sender.stop();
  const ended = once(last.child, 'exit');
  last.child.kill('SIGTERM');
  await ended;
  const warehouse = await openWarehouse({ directory, memoryLimitBytes: 2_000_000_000 });
  while ((await settleArrivals(warehouse, new Date())) !== null);
  const rows = await ask(warehouse, 'SELECT message_id, count() AS n FROM events GROUP BY message_id');
  await warehouse.close();
  const found = new Map(rows.map(({ message_id, n }) => [message_id as string, Number(n)]));
  expect(sender.accepted.size).toBeGreaterThan(KILLS * 20);
  expect([...sender.accepted].filter((id) => found.get(id) !== 1)).toEqual([]);
  expect([...found.values()].filter((n) => n !== 1)).toEqual([]);
});

test('the engine is killed under load: nothing accepted is lost, and the senders are told to come again', async () => {
  const engines = await openEngines();
  const serving = await serve(engines);
  const sender = new Sender('engine', 4, () => ({ address: serving.address, key: serving.keyOf('write') }));
  for (let kill = 1; kill <= 2; kill += 1) {
    const before = sender.answered;
    await until(
      () => sender.answered - before,
      (answered) => answered > 5,
    );
    process.kill(engines.warehouse.engine.pid() ?? 0, 'SIGKILL');
    await until(
      () => engines.warehouse.engine.restarts(),
      (restarts) => restarts >= kill,
    );
  }
  const before = sender.answered;
  await until(
    () => sender.answered - before,
    (answered) => answered > 5,
  );
  await sender.stop();
  await settled(engines.warehouse);
  const [row] = await ask(engines.warehouse, 'SELECT count() AS n, uniqExact(message_id) AS ids FROM events');
  await until(
    () => serving.book.size,
    (size) => size >= 3,
  );
  await serving.close();
  await engines.close();
  expect(row).toEqual({ n: String(sender.accepted.size), ids: String(sender.accepted.size) });
  for (const status of sender.statuses.keys()) expect([200, 429, 503]).toContain(status);
});

/** A disk of its own that can be filled up; null where this process may not mount one, and the test says so by being skipped. */
function mountDisk(): string | null {
  const disk = join(scratchFolder(), 'disk');
  mkdirSync(disk);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600m', 'tmpfs', disk], { stdio: 'ignore' });
  return status === 0 ? disk : null;
}

const disk = mountDisk();

afterAll(() => {
  if (disk !== null) execFileSync('umount', ['-l', disk]);
});

test.skipIf(disk === null)(
  'a full disk is answered 503 with Retry-After, and works again when there is room',
  async () => {
    if (disk === null) throw new Error('there is no disk to fill up');
    const base = await openEngines();
    await base.warehouse.close();
    // Only the facts are on the disk that fills up.
    const warehouse = await openWarehouse({ directory: disk, memoryLimitBytes: 2_000_000_000 });
    const engines = { ...base, warehouse };
    const serving = await serve(engines);
    const call = (id: string) => ({
      type: 'track',
      event: 'report_created',
      userId: 'u1',
      messageId: id,
      context: { groupId: 'acme' },
      properties: { text: 'x'.repeat(20_000) },
    });
    const post = (id: string) => serving.send('/v1/batch', { batch: [call(id)] });
    const accepted: string[] = [];
    for (let i = 0; i < 5; i += 1) if ((await post(`before-${i}`)).status === 200) accepted.push(`before-${i}`);
    expect(accepted.length).toBe(5);
    const filler = join(disk, 'filler');
    fill(filler, disk);
    let refused: Response | null = null;
    for (let i = 0; refused === null && i < 500; i += 1) {
      const answer = await post(`full-${i}`);
      if (answer.status === 200) accepted.push(`full-${i}`);
      else refused = answer;
      if (answer.status === 200) fill(`${filler}-${i}`, disk);
    }
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([503, '1']);
    rmSync(filler);
    const after = await until(
      () => post('after'),
      ({ status }) => status === 200,
    );
    expect(after.status).toBe(200);
    accepted.push('after');
    await settled(warehouse);
    await until(
      () => serving.book.account('acme')?.asOf ?? 0,
      (asOf) => asOf > 0,
    );
    const rows = await ask(warehouse, 'SELECT message_id, count() AS n FROM events GROUP BY message_id');
    const counted = new Map(rows.map(({ message_id, n }) => [message_id as string, n]));
    expect(accepted.filter((id) => counted.get(id) !== '1')).toEqual([]);
    await serving.close();
    await Promise.all([warehouse.close(), base.ledger.close()]);
  },
);

/** Leaves no room on a disk but for less than a block. */
function fill(path: string, disk: string): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    if (bavail > 0) writeFileSync(path, Buffer.alloc(bavail * bsize));
  } catch (error) {
    // The engine wrote something in between: full is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}
