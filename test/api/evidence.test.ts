import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Context } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/list.ts';
import { QUESTIONS } from '../../src/pipeline/asked.ts';
import { claimAnswer, readAnswer } from '../../src/pipeline/evidence-store.ts';
import { loadRows } from '../profile/load-world.ts';
import { LIVE_MODEL, type OpenEngines, openEngines, PEOPLE, type Serving, serve, until } from './serving.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 10, 12);
const ACCOUNTS = 30;
const AHEAD = ['ground', 'segments', 'milestones'];
const begun = Date.now();
const clock = (): number => START + (Date.now() - begun);

let engines: OpenEngines;
let service: Serving;

beforeAll(async () => {
  engines = await openEngines();
  const created = (index: number) => new Date(START - (500 - 3 * index) * DAY);
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => `a${String(index).padStart(2, '0')}`);
  await loadRows(
    engines.warehouse,
    new Map<string, readonly Record<string, unknown>[]>([
      [
        'accounts',
        ids.map((account_id, index) => ({
          account_id,
          created: created(index),
          industry: index % 2 === 0 ? 'fintech' : 'saas',
        })),
      ],
      [
        'contracts',
        ids.map((account_id, index) => ({
          account_id,
          contract_id: account_id,
          starts: created(index),
          arr: 1200,
          kind: 'paid',
          ...(index % 3 === 0 ? { ends: new Date(START - (10 + index) * DAY) } : {}),
        })),
      ],
      [
        'events',
        ids.flatMap((account_id, index) =>
          Array.from({ length: 60 }, (_, place) => ({
            event: place % 3 === 0 ? 'report_created' : 'report_exported',
            time: new Date(START - (2 + place * (index % 3 === 0 ? 3 : 2)) * DAY),
            user_id: `${account_id}-u`,
            account_id,
          })),
        ),
      ],
    ]),
  );
  writeFileSync(join(engines.directory, 'bellwether.yaml'), LIVE_MODEL);
  service = await serve(engines, clock, { isEvidenceAhead: true });
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${service.address}${path}`, { headers: { authorization: `Bearer ${service.keyOf('read')}`, ...headers } });

/** What a command prints with `--json`, over the engines of the service. */
async function printed(name: string): Promise<unknown> {
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const closing: (() => Promise<void>)[] = [];
  const { url, username, password } = engines.warehouse.engine.address();
  const context: Context = {
    engines: {
      warehouseUrl: url.replace('://', `://${username}:${password}@`),
      warehouseDatabase: engines.warehouse.database,
      ledgerUrl: engines.ledger.server.url(),
    },
    people: { ...PEOPLE, trustedProxies: [] },
    user: 'tester',
    directory: engines.directory,
    pathOf: (path) => path,
    settings: {},
    log: () => undefined,
    environment: () => undefined,
    now: new Date(clock()),
    clock: () => new Date(clock()),
    say: () => undefined,
    run: 'command',
    progress: { tell: () => undefined, end: () => undefined },
    onClose: (close) => closing.push(close),
  };
  const { json } = await command.run(context, [], {});
  for (const close of closing.reverse()) await close();
  return JSON.parse(JSON.stringify(json));
}

const evidence = z.object({ question: z.string(), asOf: z.string(), isStale: z.boolean(), answer: z.unknown() });

/** Asks until the answer is there. */
async function answerTo(path: string): Promise<Response> {
  for (;;) {
    const response = await ask(path);
    if (response.status !== 202) return response;
    expect(response.headers.get('location')).toBe(path);
    await sleep(100);
  }
}

test('what pages show of evidence is computed after a sweep without being asked for', async () => {
  for (const question of AHEAD) {
    const stored = await until(
      () => readAnswer(engines, { question, asOf: null }),
      (found) => found?.state === 'done',
    );
    expect(stored?.answer, question).not.toBeNull();
  }
});

test('every question is answered as its command prints it, computed once, and kept', async () => {
  for (const { name } of QUESTIONS) {
    const path = `/api/v1/evidence/${name}`;
    const first = await Promise.all([ask(path), ask(path), ask(path)]);
    const status = AHEAD.includes(name) ? 200 : 202;
    expect(first.map((each) => each.status)).toEqual([status, status, status]);
    const response = await answerTo(path);
    const text = await response.text();
    expect([name, response.status, response.status === 200 ? '' : text]).toEqual([name, 200, '']);
    const command = name === 'ground' ? 'evidence' : `evidence ${name}`;
    expect(evidence.parse(JSON.parse(text)).answer, name).toEqual(await printed(command));
    const etag = response.headers.get('etag') ?? '';
    expect((await ask(path, { 'if-none-match': etag })).status).toBe(304);
  }
  expect(service.failures).toEqual([]);
});

test('another process that computes is waited for; an answer that is a day old is told, and computed anew', async () => {
  const other = { ...engines, run: 'another' };
  const wanted = { question: 'drift', asOf: Date.UTC(2026, 1, 1) };
  expect(await claimAnswer(other, wanted, new Date(clock()))).toBe(true);
  expect((await ask('/api/v1/evidence/ground?asOf=2026-02-01')).status).toBe(202);
  const third = { ...engines, run: 'a third' };
  const ground = { question: 'ground', asOf: Date.UTC(2026, 1, 1) };
  expect(await claimAnswer(third, ground, new Date(clock()))).toBe(false);
  const [row] = await engines.ledger.query(
    `SELECT count(*)::int AS computing FROM evidence_answers WHERE state = 'computing' AND until > now()`,
    [],
    z.object({ computing: z.number() }),
  );
  expect(row?.computing).toBe(1);
  await engines.ledger.command(`UPDATE evidence_answers SET until = now() WHERE holder = 'another'`);
  expect((await answerTo('/api/v1/evidence/ground?asOf=2026-02-01')).status).toBe(200);
  await engines.ledger.command(
    `UPDATE evidence_answers SET computed_at = computed_at - interval '2 days' WHERE asked = ''`,
  );
  const old = evidence.parse(await (await ask('/api/v1/evidence/ground')).json());
  expect(old.isStale).toBe(true);
  await until(
    async () => evidence.parse(await (await ask('/api/v1/evidence/ground')).json()),
    ({ isStale }) => !isStale,
  );
});
