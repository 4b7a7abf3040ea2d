// Answers to the product from memory, over HTTP, at a steady rate: `npx tsx bench/answers.ts`.
import { fork } from 'node:child_process';
import { Agent, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Fastify from 'fastify';
import { z } from 'zod';
import type { AccountAnswer, UserAnswer } from '../src/activation/answer.ts';
import { AnswerBook } from '../src/activation/book.ts';
import { experienceOf } from '../src/activation/experience.ts';
import { type Guide, guideOf } from '../src/activation/guide.ts';
import { registerRoutes } from '../src/api/register.ts';
import { OFREP_ROUTES } from '../src/api/routes/ofrep.ts';
import { writeDefaultModel } from '../src/definition/example/files.ts';
import { parseModel } from '../src/definition/parse.ts';
import { SIGNAL_CATALOGUE } from '../src/profile/catalogue.ts';
import { randomStream } from '../src/stats/random.ts';
import { progress, report } from './measure.ts';

const AS_OF = Date.UTC(2026, 10, 22);
const TIERS = ['power', 'average', 'average', 'average', 'at_risk', 'dormant', 'new'];
const SEGMENTS = ['At-Risk', 'Strategic', 'Growth', 'Efficient', 'Long-Tail'];
const JOBS = ['reporting', 'monitoring', 'platform', null];
const WARM_SECONDS = 2;
const ROUNDS = 100_000;

const whole = z.coerce.number().int().positive();
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    'users-per-account': { type: 'string', default: '20' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    ask: { type: 'string' },
  },
  strict: false,
});
const size = {
  accounts: whole.parse(values['accounts']),
  usersPerAccount: whole.parse(values['users-per-account']),
  rate: whole.parse(values['rate']),
  seconds: whole.parse(values['seconds']),
  /** Port to ask at: this process is the asker; null: it measures. */
  ask: values['ask'] === undefined ? null : whole.parse(values['ask']),
};

function defaultGuide(): Guide {
  const { model } = parseModel(writeDefaultModel(), { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  return guideOf(model, []);
}

const userId = (account: number, user: number): string => `user-${account}-${user}@example.com`;

/** A book as large as asked for, drawn from a seed. */
function fill(book: AnswerBook): void {
  const random = randomStream(1);
  const draw = <Value>(list: readonly Value[]): Value => list[Math.floor(random.next() * list.length)] as Value;
  for (let number = 0; number < size.accounts; number++) {
    const users = Array.from({ length: size.usersPerAccount }, (_, user): UserAnswer => {
      const stepsReached = Math.floor(random.next() * 4);
      const used = Array.from({ length: 11 }, (_, place) => place).filter(() => random.next() < 0.3);
      return { userId: userId(number, user), tier: draw(TIERS), stalledStep: null, stepsReached, used };
    });
    book.put({ account: account(`account-${number}`, draw(SEGMENTS), draw(JOBS)), users });
  }
}

function account(accountId: string, segment: string, job: string | null): AccountAnswer {
  return {
    accountId,
    asOf: AS_OF,
    name: `Name of ${accountId}`,
    relationship: 'customer',
    eligible: true,
    segment,
    since: AS_OF,
    home: segment,
    isOverridden: false,
    isHeld: false,
    cohort: 'Steady State',
    lifecycle: 'active',
    direction: 'steady',
    archetype: 'Fast and broad',
    valueTier: 'Gold',
    job,
    csm: null,
    arr: 12_000,
    valueScore: 10_000,
    score: 60,
    health: 70,
    isActivated: true,
    stepsReached: 3,
    firmographics: {},
    suppressed: [],
    unknown: [],
  };
}

function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Asks for one flag of one user; milliseconds from when it was due to the last byte of the answer. */
function ask(port: number, user: string, dueAt: number): Promise<number> {
  const body = JSON.stringify({ context: { targetingKey: user } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const path = '/ofrep/v1/evaluate/flags/next_best_feature';
    const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', path, agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the server answered ${response.statusCode}`));
      response.on('end', () => resolve(performance.now() - dueAt)).resume();
    });
    request.on('error', reject).end(body);
  });
}

/** Requests at a steady rate, whether or not earlier ones have been answered: waiting in line counts. */
async function drive(port: number, seconds: number): Promise<readonly number[]> {
  const random = randomStream(2);
  const start = performance.now();
  const asked: Promise<number>[] = [];
  while (asked.length < size.rate * seconds) {
    const due = Math.min(size.rate * seconds, Math.floor(((performance.now() - start) / 1000) * size.rate));
    while (asked.length < due) {
      const user = userId(Math.floor(random.next() * size.accounts), Math.floor(random.next() * size.usersPerAccount));
      asked.push(ask(port, user, start + (1000 * asked.length) / size.rate));
    }
    await sleep(1);
  }
  return Promise.all(asked);
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

/** The asker in a process of its own, so that it does not stand in the way of what it measures. */
function driveApart(port: number, seconds: number): Promise<readonly number[]> {
  const child = fork(fileURLToPath(import.meta.url), [
    ...process.argv.slice(2),
    '--ask',
    `${port}`,
    '--seconds',
    `${seconds}`,
  ]);
  return new Promise((resolve, reject) => {
    child.once('message', (times) => resolve(times as readonly number[])).once('error', reject);
    child.once('exit', (code) => reject(new Error(`the asker ended with ${code}`)));
  });
}

/** Microseconds that one experience takes, without HTTP. */
function timeOne(book: AnswerBook, guide: Guide): number {
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const asked = userId(round % size.accounts, round % size.usersPerAccount);
    const told = experienceOf(book, guide, { userId: asked, accountId: null });
    if (told.kind !== 'told') throw new Error(told.kind);
  }
  return (1000 * (performance.now() - start)) / ROUNDS;
}

async function measure(): Promise<void> {
  const before = memory();
  const book = new AnswerBook();
  fill(book);
  const users = size.accounts * size.usersPerAccount;
  const bytes = memory() - before;
  progress(`${book.size} accounts and ${users} users: ${Math.round(bytes / 1e6)} MB`);
  const guide = defaultGuide();
  const micros = timeOne(book, guide);
  const server = Fastify();
  await registerRoutes(server, {
    routes: OFREP_ROUTES,
    needs: { book, guide: () => guide, isReady: () => true },
    recognisers: [async () => ({ kind: 'key', id: '1', name: 'bench', scope: 'read' })],
    limits: { answer: Number.MAX_SAFE_INTEGER },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const { user, system } = process.cpuUsage();
  const times = [...(await driveApart(port, size.seconds))].sort((a, b) => a - b);
  const spent = process.cpuUsage({ user, system });
  await server.close();
  report({
    row: 'answers',
    sizes: { accounts: book.size, users, requests: times.length },
    versions: { node: process.versions.node },
    isEqual: true,
    figures: [
      { what: `one OFREP answer at ${size.rate}/s, median`, value: quantile(times, 0.5), unit: 'ms' },
      { what: `one OFREP answer at ${size.rate}/s, p99`, value: quantile(times, 0.99), unit: 'ms', below: 10 },
      {
        what: 'processor time of an answer',
        value: (spent.user + spent.system) / 1000 / (times.length + size.rate * WARM_SECONDS),
        unit: 'ms',
        note: 'server process, HTTP included',
      },
      { what: 'one experience from memory', value: micros / 1000, unit: 'ms', note: 'without HTTP' },
      { what: 'memory of a user', value: bytes / users, unit: 'bytes', note: 'accounts and lookup included' },
      { what: 'memory of the book', value: bytes / 1e6, unit: 'MB' },
    ],
    notes: [
      'From when a request was due, by an asker in a process of its own on the same machine. Nothing arrives and nothing sweeps meanwhile.',
    ],
  });
}

if (size.ask === null) await measure();
else {
  await drive(size.ask, WARM_SECONDS);
  process.send?.(await drive(size.ask, size.seconds));
  agent.destroy();
}
