// Events in, answers out, against `bellwether serve` as a process of its own: `npx tsx bench/live.ts`.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { randomStream } from '../src/stats/random.ts';
import { type Figure, progress, report } from './measure.ts';

const whole = z.coerce.number().int().positive();
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '150' },
    months: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '20' },
  },
  strict: false,
});
const size = {
  accounts: whole.parse(values['accounts']),
  months: whole.parse(values['months']),
  seconds: whole.parse(values['seconds']),
};
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-live-'));
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const random = randomStream(1);

/** A running server, and keys to it. */
interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly write: string;
  readonly read: string;
}

function bellwether(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...words, '--workspace', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`bellwether ${words[0] ?? ''} failed: ${stderr}`);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

async function start(): Promise<Server> {
  bellwether('simulate', folder, '--accounts', String(size.accounts), '--months', String(size.months), '--seed', '1');
  const model = join(folder, 'bellwether.yaml');
  const text = readFileSync(model, 'utf8');
  writeFileSync(model, text.replace(/(table: events.*complete_through: )[^ }]+/, '$1tracking'));
  bellwether('import');
  const words = ['--import', 'tsx', main, 'serve', '--port', '0', '--json', '--workspace', folder];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  let url = '';
  let setup = '';
  for await (const line of said) {
    const event = JSON.parse(line) as { event: string; address?: string; setup?: string };
    if (event.event === 'started') {
      url = event.address ?? '';
      setup = new URL(event.setup ?? '').searchParams.get('token') ?? '';
    }
    if (event.event === 'failure') progress(line);
    if (event.event === 'sweep') break;
  }
  const json = { 'content-type': 'application/json' };
  const made = await ask(`${url}/api/v1/setup`, 'POST', json, JSON.stringify({ token: setup }));
  const { key } = JSON.parse(made.body) as { key: string };
  const keyOf = async (scope: string): Promise<string> => {
    const headers = { ...json, authorization: `Bearer ${key}` };
    const answer = await ask(`${url}/api/v1/keys`, 'POST', headers, JSON.stringify({ name: scope, scope }));
    return (JSON.parse(answer.body) as { key: string }).key;
  };
  return { child, url, write: await keyOf('write'), read: await keyOf('read') };
}

const accountId = (place: number): string => `live-${place}`;
let sent = 0;

/** A batch of events, its accounts drawn by Zipf's law with exponent 1.1. */
function batchOf(events: number): string {
  const batch = Array.from({ length: events }, () => {
    const account = Math.min(size.accounts - 1, Math.floor((1 - random.next()) ** (-1 / 0.1) - 1));
    sent += 1;
    return {
      ...{ type: 'track', event: 'report_exported', messageId: `bench-${sent}`, userId: `u-${account}-${sent % 10}` },
      ...{ context: { groupId: accountId(account) }, properties: { format: 'pdf', pages: sent % 40 } },
    };
  });
  return JSON.stringify({ batch });
}

/** Asks at a steady rate, late or not; milliseconds from when each was due, ascending, and how many were refused. */
async function fire(
  rate: number,
  seconds: number,
  send: () => Promise<Answer>,
): Promise<{ times: readonly number[]; refused: number; taken: number }> {
  const times: number[] = [];
  let refused = 0;
  const open: Promise<void>[] = [];
  const begun = performance.now();
  for (let index = 0; index < rate * seconds; index += 1) {
    const due = begun + (index * 1_000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    open.push(
      send().then(({ status }) => {
        if (status === 200) times.push(performance.now() - due);
        else refused += 1;
      }),
    );
  }
  await Promise.all(open);
  return { times: times.sort((a, b) => a - b), refused, taken: (performance.now() - begun) / 1_000 };
}

const quantile = (times: readonly number[], share: number): number =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;

/** Memory of a process and of those under it, MB. */
function memoryOf(pid: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const parent = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  const sum = (each: number): number => {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0);
    return kilobytes / 1_000 + (children.get(each) ?? []).reduce((all, child) => all + sum(child), 0);
  };
  return sum(pid);
}

const sender =
  ({ url, write }: Server, events: number) =>
  (): Promise<Answer> => {
    const authorization = `Basic ${Buffer.from(`${write}:`).toString('base64')}`;
    return ask(`${url}/v1/batch`, 'POST', { 'content-type': 'application/json', authorization }, batchOf(events));
  };

/** How long after its 200 an event is in the answer of its account: one event of a probe at a time, beside other events. */
async function freshness(server: Server, rate: number): Promise<readonly number[]> {
  const perBatch = rate > 100 ? 20 : 1;
  const load = fire(rate / perBatch, size.seconds, sender(server, perBatch));
  const times: number[] = [];
  const headers = { authorization: `Bearer ${server.read}` };
  const end = performance.now() + size.seconds * 1_000;
  for (let probe = 0; performance.now() < end; probe += 1) {
    const id = `probe-${probe % 20}`;
    const body = JSON.stringify({ userId: id, event: 'report_exported', context: { groupId: id } });
    const authorization = `Basic ${Buffer.from(`${server.write}:`).toString('base64')}`;
    await ask(`${server.url}/v1/track`, 'POST', { 'content-type': 'application/json', authorization }, body);
    const accepted = performance.now();
    const wall = Date.now();
    for (;;) {
      const { status, body: told } = await ask(`${server.url}/api/v1/accounts/${id}`, 'GET', headers);
      if (status === 200 && Date.parse((JSON.parse(told) as { asOf: string }).asOf) >= wall) break;
      await sleep(20);
    }
    times.push(performance.now() - accepted);
  }
  await load;
  return times.sort((a, b) => a - b);
}

function freshnessFigures(name: string, times: readonly number[], bar: number): readonly Figure[] {
  const note = `${times.length} probes`;
  return [
    { what: `event to answer, ${name}, p50`, value: quantile(times, 0.5) / 1_000, unit: 's', note },
    { what: `event to answer, ${name}, p95`, value: quantile(times, 0.95) / 1_000, unit: 's', below: bar, note },
  ];
}

async function measure(server: Server): Promise<readonly Figure[]> {
  const pid = server.child.pid ?? 0;
  await fire(5, 2, sender(server, 10));
  progress('freshness at 50 events/s');
  const calm = await freshness(server, 50);
  progress('freshness at 2,000 events/s');
  const busy = await freshness(server, 2_000);
  progress('answers while 500 events/s arrive');
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.read}` };
  const question = (): Promise<Answer> => {
    const targetingKey = `u-${Math.floor(random.next() * 20)}-1`;
    return ask(
      `${server.url}/ofrep/v1/evaluate/flags/segment`,
      'POST',
      headers,
      JSON.stringify({ context: { targetingKey } }),
    );
  };
  const arriving = fire(50, size.seconds, sender(server, 10));
  const answers = await fire(500, size.seconds, question);
  await arriving;
  progress('batches of 100 at 10,000 events/s');
  const before = memoryOf(pid);
  const full = await fire(100, size.seconds, sender(server, 100));
  const accepted = (full.times.length * 100) / full.taken;
  return [
    {
      what: 'tracking, accepted events a second',
      value: accepted,
      unit: 'count',
      note: `10,000 asked for; ${full.refused} batches refused`,
    },
    { what: 'tracking, batch of 100, p50', value: quantile(full.times, 0.5), unit: 'ms' },
    { what: 'tracking, batch of 100, p99', value: quantile(full.times, 0.99), unit: 'ms', below: 500 },
    ...freshnessFigures('50 events/s', calm, 1),
    ...freshnessFigures('2,000 events/s', busy, 5),
    {
      what: 'OFREP while 500 events/s arrive, p50',
      value: quantile(answers.times, 0.5),
      unit: 'ms',
      note: '500 asked a second',
    },
    { what: 'OFREP while 500 events/s arrive, p99', value: quantile(answers.times, 0.99), unit: 'ms', below: 10 },
    { what: 'all processes before the last load', value: before, unit: 'MB', below: 3_000 },
    { what: 'all processes after it', value: memoryOf(pid), unit: 'MB', below: 3_000 },
  ];
}

try {
  progress(`a company of ${size.accounts} accounts`);
  const server = await start();
  try {
    const figures = await measure(server);
    const notes = [
      'client and server share the machine',
      `each load for ${size.seconds} s; the bar asks for 10 minutes`,
    ];
    report({
      row: 'live',
      sizes: { accounts: size.accounts, events: sent },
      versions: {},
      isEqual: true,
      figures,
      notes,
    });
  } finally {
    server.child.kill('SIGTERM');
    await new Promise((resolve) => server.child.once('exit', resolve));
  }
} finally {
  agent.destroy();
  rmSync(folder, { recursive: true, force: true });
}
