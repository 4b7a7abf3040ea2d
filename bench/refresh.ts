// Refresh of the accounts that new events belong to, against a full run and with more history: `npx tsx bench/refresh.ts`.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { computeProfiles, dropProfiles } from '../src/profile/profile.ts';
import { type Differences, differencesOf } from './compare.ts';
import {
  median,
  peakMegabytes,
  processorSeconds,
  progress,
  readSize,
  report,
  seconds,
  timed,
  versionsOf,
} from './measure.ts';
import { openWorldCopy, RUN, type World } from './world.ts';

const DAY_MS = 86_400_000;
const DAYS_OF_MONTH = 30.4375;
/** Share of the accounts that are touched, and share of the events that are new (DESIGN section 10: 250 of 5k, 1%). */
const TOUCHED = 0.05;
const NEW = 0.01;
/** How often the history is there in the end. */
const TIMES = 5;
const FULL = `${RUN}_full`;
const PART = `${RUN}_part`;

const countSchema = z.object({ n: z.coerce.number() });

async function count({ warehouse }: World, sql: string): Promise<number> {
  const [row] = await warehouse.rows(sql, countSchema);
  return row?.n ?? 0;
}

/** Columns of events that a copy changes, as SQL; the others stay. */
async function addCopies(world: World, changed: Readonly<Record<string, string>>, rest: string): Promise<void> {
  const { warehouse } = world;
  const table = `${warehouse.database}.events`;
  const replaced = Object.entries(changed).map(([name, sql]) => `${sql} AS ${name}`);
  await warehouse.command(`INSERT INTO ${table} SELECT * REPLACE (${replaced.join(', ')}) FROM ${table} ${rest}`);
  await settle(world);
}

/** Waits until the engine merges nothing in the background, which would be measured too. */
async function settle(world: World): Promise<void> {
  for (let quiet = 0; quiet < 3; ) {
    await sleep(500);
    quiet = (await count(world, 'SELECT count() AS n FROM system.merges')) === 0 ? quiet + 1 : 0;
  }
}

/** Chooses the touched accounts and gives all new events to them, in the last day before the as-of. */
async function touch(world: World, touched: string): Promise<{ accounts: number; events: number }> {
  const { warehouse, asOf } = world;
  const events = `${warehouse.database}.events`;
  const accounts = Math.max(1, Math.round(world.size.accounts * TOUCHED));
  await warehouse.command(`CREATE TABLE ${touched} ENGINE = Memory AS SELECT account_id FROM ${events}
    WHERE account_id != '' GROUP BY account_id ORDER BY cityHash64(account_id) LIMIT ${accounts}`);
  const before = await count(world, `SELECT count() AS n FROM ${events}`);
  const time = `fromUnixTimestamp64Milli(toInt64(${asOf - DAY_MS} + cityHash64(message_id) % ${DAY_MS}), 'UTC')`;
  await addCopies(
    world,
    { time, message_id: `concat('new-', message_id)`, fact_key: `bitXor(fact_key, toUInt128(1))` },
    `WHERE account_id IN (SELECT account_id FROM ${touched}) ORDER BY cityHash64(message_id) LIMIT ${Math.round(before * NEW)}`,
  );
  return { accounts, events: (await count(world, `SELECT count() AS n FROM ${events}`)) - before };
}

/** Repeats all events, each time further back by the length of the history. */
async function lengthen(world: World): Promise<void> {
  const days = Math.ceil(world.size.months * DAYS_OF_MONTH);
  const numbers = Array.from({ length: TIMES - 1 }, (_, index) => index + 1);
  const back = `arrayJoin([${numbers.join(', ')}])`;
  await addCopies(world, { time: `time - toIntervalDay(${days} * ${back})` }, '');
}

async function full({ warehouse, model, asOf }: World): Promise<void> {
  await computeProfiles(warehouse, { model, asOfs: [asOf], run: FULL });
  await dropProfiles(warehouse, FULL);
}

async function part({ warehouse, model, asOf }: World, only: string): Promise<void> {
  await computeProfiles(warehouse, { model, asOfs: [asOf], run: PART, only });
  await dropProfiles(warehouse, PART);
}

/** What a refresh says otherwise of the touched accounts than a full run, by column. */
async function compare({ warehouse, model, asOf }: World, only: string): Promise<Differences> {
  const whole = await computeProfiles(warehouse, { model, asOfs: [asOf], run: FULL });
  const some = await computeProfiles(warehouse, { model, asOfs: [asOf], run: PART, only });
  const kept = (table: string) => `(SELECT * FROM ${table} WHERE account_id IN (SELECT account_id FROM ${only}))`;
  const accounts = await differencesOf(warehouse, {
    left: some.accounts,
    right: kept(whole.accounts),
    key: ['account_id'],
  });
  const users = await differencesOf(warehouse, {
    left: some.users,
    right: kept(whole.users),
    key: ['account_id', 'user_id'],
  });
  await dropProfiles(warehouse, FULL);
  await dropProfiles(warehouse, PART);
  return { ...accounts, ...Object.fromEntries(Object.entries(users).map(([name, n]) => [`user.${name}`, n])) };
}

interface Cost {
  readonly seconds: number;
  readonly processor: number;
}

/** Medians of the seconds and of the engine's processor seconds that work takes. */
async function costOf({ warehouse }: World, runs: number, work: () => Promise<void>): Promise<Cost> {
  const times: number[] = [];
  const spent: number[] = [];
  for (let run = 0; run < runs; run++) {
    const before = processorSeconds(warehouse.engine.pid());
    times.push(await seconds(work));
    spent.push(processorSeconds(warehouse.engine.pid()) - before);
  }
  return { seconds: median(times), processor: median(spent) };
}

const told = ({ seconds, processor }: Cost): string => `${seconds.toFixed(2)} s (processor ${processor.toFixed(2)} s)`;

async function tellStatements(world: World, touched: string): Promise<void> {
  const times = new Map<string, number>();
  const total = await seconds(() => part({ ...world, warehouse: timed(world.warehouse, times) }, touched));
  for (const [name, time] of [...times].sort((a, b) => b[1] - a[1]).slice(0, 20)) {
    progress(`${time.toFixed(2).padStart(8)} s ${((100 * time) / total).toFixed(0).padStart(3)}%  ${name}`);
  }
}

const { size, runs, statements } = readSize();
const { world, discard } = await openWorldCopy(size);
try {
  const touched = `${world.warehouse.database}.scratch_${RUN}_touched`;
  const added = await touch(world, touched);
  const differences = await compare(world, touched);
  const names = Object.keys(differences);
  progress(names.length === 0 ? 'equal' : `differ: ${JSON.stringify(differences)}`);
  const whole = await costOf(world, runs, () => full(world));
  const some = await costOf(world, runs, () => part(world, touched));
  progress(`full run ${told(whole)}, refresh ${told(some)}`);
  if (statements) await tellStatements(world, touched);
  await lengthen(world);
  await part(world, touched);
  const longer = await costOf(world, runs, () => part(world, touched));
  progress(`refresh with ${TIMES} x the history ${told(longer)}`);
  if (statements) await tellStatements(world, touched);
  report({
    row: 'refresh',
    sizes: { ...world.rows, touched: added.accounts, new_events: added.events },
    versions: await versionsOf(world.warehouse),
    isEqual: names.length === 0,
    figures: [
      { what: 'full run', value: whole.seconds, unit: 's' },
      { what: `refresh of ${added.accounts} accounts`, value: some.seconds, unit: 's' },
      { what: 'refresh against the full run', value: (100 * some.seconds) / whole.seconds, unit: '%', below: 12 },
      { what: `refresh with ${TIMES} x the history`, value: longer.seconds, unit: 's' },
      {
        what: `refresh, ${TIMES} x the history against once`,
        value: longer.seconds / some.seconds,
        unit: 'x',
        below: 1.2,
      },
      { what: 'processor time of a full run', value: whole.processor, unit: 's' },
      { what: 'processor time of a refresh', value: some.processor, unit: 's' },
      { what: `processor time of a refresh, ${TIMES} x the history`, value: longer.processor, unit: 's' },
      { what: 'peak memory of the engine', value: peakMegabytes(world.warehouse.engine.pid()), unit: 'MB' },
    ],
    notes: [
      'A refresh is computeProfiles with `only`: every signal of the touched accounts is computed from the facts. It and the full run read the last ranking as kept.',
      `${TIMES} x the history: every event is repeated ${TIMES - 1} times, each time further back by the length of the history.`,
      ...(names.length === 0
        ? []
        : [`The refresh does NOT say what the full run says of the touched accounts: ${JSON.stringify(differences)}`]),
    ],
  });
} finally {
  await discard();
}
