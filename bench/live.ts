// Events in, answers out, against `bellwether serve` as a process of its own: `npx tsx bench/live.ts`.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { randomStream } from '../src/stats/random.ts';
import {
  type Answer,
  ask,
  companyIn,
  endServer,
  type Memory,
  memoryOf,
  peaksOf,
  type Server,
  startServer,
} from './live-server.ts';
import { type Figure, median, progress, report } from './measure.ts';

const whole = z.coerce.number().int().positive();
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '150' },
    months: { type: 'string', default: '6' },
    users: { type: 'string', default: '12' },
    events: { type: 'string' },
    workspace: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    'flood-seconds': { type: 'string', default: '20' },
  },
  strict: false,
});
/** A folder that was simulated and imported already; a copy of it is measured. */
const workspace = z.string().optional().parse(values['workspace']);
const size = {
  accounts: whole.parse(values['accounts']),
  months: whole.parse(values['months']),
  users: whole.parse(values['users']),
  events: whole.optional().parse(values['events']),
  ...(workspace === undefined ? {} : companyIn(workspace)),
  seconds: whole.parse(values['seconds']),
  floodSeconds: whole.parse(values['flood-seconds']),
};
const random = randomStream(1);

const accountId = (place: number): string => `acc-${String(place + 1).padStart(5, '0')}`;
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

const sender =
  ({ url, write }: Server, events: number) =>
  (): Promise<Answer> => {
    const authorization = `Basic ${Buffer.from(`${write}:`).toString('base64')}`;
    return ask(`${url}/v1/batch`, 'POST', { 'content-type': 'application/json', authorization }, batchOf(events));
  };

/** How long after its 200 an event is in the answer of its account: one event of a probe every second, beside other events. */
async function freshness(server: Server, rate: number): Promise<readonly number[]> {
  const perBatch = rate > 100 ? 20 : 1;
  const load = fire(rate / perBatch, size.seconds, sender(server, perBatch));
  const probes: Promise<number>[] = [];
  for (let probe = 0; probe < size.seconds; probe += 1) {
    probes.push(probeOf(server, accountId(size.accounts - 1 - (probe % 20)), probe));
    await sleep(1_000);
  }
  await load;
  return (await Promise.all(probes)).toSorted((a, b) => a - b);
}

/** Milliseconds from the 200 of one event to the first answer of its account that is as of a later instant. */
async function probeOf({ url, write, read }: Server, id: string, probe: number): Promise<number> {
  const body = JSON.stringify({ userId: `probe-${probe % 20}`, event: 'report_exported', context: { groupId: id } });
  const authorization = `Basic ${Buffer.from(`${write}:`).toString('base64')}`;
  await ask(`${url}/v1/track`, 'POST', { 'content-type': 'application/json', authorization }, body);
  const accepted = performance.now();
  const wall = Date.now();
  for (;;) {
    const { status, body: told } = await ask(`${url}/api/v1/accounts/${id}`, 'GET', {
      authorization: `Bearer ${read}`,
    });
    if (status === 200 && Date.parse((JSON.parse(told) as { asOf: string }).asOf) >= wall) break;
    await sleep(25);
  }
  return performance.now() - accepted;
}

function freshnessFigures(name: string, times: readonly number[], bar: number): readonly Figure[] {
  const note = `${times.length} probes`;
  return [
    { what: `event to answer, ${name}, p50`, value: quantile(times, 0.5) / 1_000, unit: 's', note },
    { what: `event to answer, ${name}, p95`, value: quantile(times, 0.95) / 1_000, unit: 's', below: bar, note },
  ];
}

/** Has everybody computed again and again until the work is done: a file of one touch, once the sweep before has ended. */
async function sweeping<T>(
  { url, admin, sweepMillis }: Server,
  work: Promise<T>,
): Promise<{ result: T; sweeps: number }> {
  const before = sweepMillis().length;
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  const source = JSON.stringify({ table: 'touches', format: 'jsonl', name: 'bench' });
  for (let turn = 0; !isDone; turn += 1) {
    const seen = sweepMillis().length;
    const touch = { touch_id: `bench-${sent}-${turn}`, account_id: accountId(0), kind: 'call', time: new Date() };
    const form = new FormData();
    form.set('source', source);
    form.set('file', new Blob([JSON.stringify(touch)]), 'touches.jsonl');
    const headers = { authorization: `Bearer ${admin}` };
    const answer = await fetch(`${url}/api/v1/imports`, { method: 'POST', headers, body: form });
    if (answer.status !== 200) throw new Error(`the import was answered ${answer.status}: ${await answer.text()}`);
    while (!isDone && sweepMillis().length === seen) await sleep(50);
  }
  return { result: await ended, sweeps: sweepMillis().length - before };
}

/** What is looked at every two seconds while a load runs. */
interface Look {
  readonly memory: Memory;
  /** Of the table that has the most. */
  readonly parts: number;
}

/** Looks at the server until the work is done, and asks for a page of accounts each time, as people do. */
async function looking<T>(server: Server, work: Promise<T>): Promise<{ result: T; looks: readonly Look[] }> {
  const looks: Look[] = [];
  let isDone = false;
  const ended = work.finally(() => {
    isDone = true;
  });
  const pid = server.child.pid ?? 0;
  const headers = { authorization: `Bearer ${server.read}` };
  while (!isDone) {
    const { body } = await ask(`${server.url}/metrics`, 'GET', headers);
    await ask(`${server.url}/api/v1/accounts?limit=50`, 'GET', headers);
    const parts = Number(/^bellwether_warehouse_parts (\S+)$/m.exec(body)?.[1]);
    looks.push({ memory: memoryOf(pid), parts });
    await Promise.race([ended, sleep(2_000)]);
  }
  return { result: await ended, looks };
}

/** One flag of one user, as a page of the product asks for it. */
function questionTo({ url, read }: Server): () => Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${read}` };
  return () => {
    const body = JSON.stringify({ context: { targetingKey: `u-${Math.floor(random.next() * 20)}-1` } });
    return ask(`${url}/ofrep/v1/evaluate/flags/segment`, 'POST', headers, body);
  };
}

async function answerFigures(server: Server): Promise<readonly Figure[]> {
  const asked = async (): Promise<readonly number[]> => {
    const arriving = fire(50, size.seconds, sender(server, 10));
    const { times } = await fire(1_000, size.seconds, questionTo(server));
    await arriving;
    return times;
  };
  progress('answers while 500 events/s arrive');
  const calm = await asked();
  progress('the same while sweeps run');
  const swept = await sweeping(server, asked());
  const note = `${swept.sweeps} sweeps, one after another`;
  const what = 'OFREP while 500 events/s arrive';
  return [
    { what: `${what}, p50`, value: quantile(calm, 0.5), unit: 'ms', note: '1,000 asked a second' },
    { what: `${what}, p99`, value: quantile(calm, 0.99), unit: 'ms', below: 50 },
    { what: `${what} and a sweep runs, p50`, value: quantile(swept.result, 0.5), unit: 'ms', note },
    { what: `${what} and a sweep runs, p99`, value: quantile(swept.result, 0.99), unit: 'ms', below: 300 },
  ];
}

async function floodFigures(server: Server): Promise<readonly Figure[]> {
  progress(`batches of 100 at 10,000 events/s for ${size.floodSeconds} s, sweeps and queries running`);
  const flood = sweeping(server, fire(100, size.floodSeconds, sender(server, 100)));
  const { result, looks } = await looking(server, flood);
  const { times, refused, taken } = result.result;
  const fifth = Math.ceil(looks.length / 5);
  const early = median(looks.slice(fifth, 2 * fifth).map(({ memory }) => memory.all));
  const late = median(looks.slice(-fifth).map(({ memory }) => memory.all));
  const most = (of: keyof Memory): number => Math.max(...looks.map(({ memory }) => memory[of]));
  const what = 'tracking, batch of 100';
  return [
    {
      what: 'tracking, accepted events a second',
      value: (times.length * 100) / taken,
      unit: 'count',
      note: `10,000 asked for during ${size.floodSeconds} s; ${refused} batches refused; ${result.sweeps} sweeps`,
    },
    { what: `${what}, p50`, value: quantile(times, 0.5), unit: 'ms' },
    { what: `${what}, p99`, value: quantile(times, 0.99), unit: 'ms', below: 750 },
    {
      what: 'parts of the fullest table, most',
      value: Math.max(...looks.map(({ parts }) => parts)),
      unit: 'count',
      below: 300,
    },
    { what: 'all processes, most', value: most('all'), unit: 'MB', below: 3_000 },
    { what: 'the app alone, most', value: most('app'), unit: 'MB', below: 600 },
    { what: 'the warehouse alone, most', value: most('warehouse'), unit: 'MB' },
    {
      what: 'the ledger alone, most',
      value: most('ledger'),
      unit: 'MB',
      note: 'shared pages counted in each of its processes',
    },
    { what: 'all processes, last fifth to second', value: late / early, unit: 'x', below: 1.25, note: 'flat is 1' },
  ];
}

/** How long everybody took, and what the two large processes ever held: the first sweep computes all days of the window. */
function sweepFigures(server: Server): readonly Figure[] {
  const [first = Number.NaN, ...later] = server.sweepMillis();
  const { app, warehouse } = peaksOf(server.child.pid ?? 0);
  const others: readonly Figure[] =
    later.length === 0
      ? []
      : [
          {
            what: 'a later sweep, median',
            value: median(later) / 1_000,
            unit: 's',
            note: `${later.length} under load`,
          },
          { what: 'a later sweep, longest', value: Math.max(...later) / 1_000, unit: 's' },
        ];
  return [
    { what: 'the first sweep', value: first / 1_000, unit: 's', note: 'of a workspace that has answers, those since' },
    ...others,
    { what: 'the app alone, most since it began', value: app, unit: 'MB' },
    { what: 'the warehouse alone, most since it began', value: warehouse, unit: 'MB' },
  ];
}

async function measure(server: Server): Promise<readonly Figure[]> {
  await fire(5, 2, sender(server, 10));
  progress('freshness at 50 events/s');
  const calm = await freshness(server, 50);
  progress('freshness at 2,000 events/s');
  const busy = await freshness(server, 2_000);
  const answers = await answerFigures(server);
  return [
    ...(await floodFigures(server)),
    ...freshnessFigures('50 events/s', calm, 2),
    ...freshnessFigures('2,000 events/s', busy, 5),
    ...answers,
    ...sweepFigures(server),
  ];
}

progress(workspace === undefined ? `a company of ${size.accounts} accounts` : `a copy of ${workspace}`);
const server = await startServer(size, workspace);
try {
  const figures = await measure(server);
  const notes = ['client and server share the machine', `other loads for ${size.seconds} s each`];
  const sizes = { accounts: size.accounts, 'users an account': size.users, events: sent };
  report({ row: 'live', sizes, versions: {}, isEqual: true, figures, notes });
} finally {
  await endServer(server);
}
