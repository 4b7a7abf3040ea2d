// `npm run demo`: a planted company in ./demo, imported and run, what came of it, and the app on it until Ctrl-C. With
// `npm run demo -- --no-serve` it ends with what came of it. Plain Node, no packages.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { installWhereNeeded } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'demo');
const MILLIS_PER_DAY = 86_400_000;
const DAYS_BETWEEN_RUNS = 14;
const MOST_ROWS = 8;
const ACCOUNTS = 300;
const MONTHS = 18;
const PORT = 8_321;
const times = [];

await main();

async function main() {
  const began = Date.now();
  console.log(
    `Bellwether, on a planted company (${ACCOUNTS} accounts, ${MONTHS} months). Nothing leaves this machine.\n`,
  );
  if (!(await step('packages', () => installWhereNeeded(root)))) return fail('The packages could not be installed.');
  rmSync(folder, { recursive: true, force: true });
  const end = new Date(began - MILLIS_PER_DAY).toISOString().slice(0, 10);
  await step('simulate', () =>
    bellwether('simulate', folder, '--accounts', `${ACCOUNTS}`, '--months', `${MONTHS}`, '--end', end),
  );
  const imported = await step('import', () => bellwether('import', '--workspace', folder));
  const before = new Date(Date.parse(end) + MILLIS_PER_DAY * (1 - DAYS_BETWEEN_RUNS)).toISOString().slice(0, 10);
  await step('run, two weeks ago', () => bellwether('run', '--as-of', before, '--workspace', folder));
  const run = await step('run, as of now', () => bellwether('run', '--workspace', folder));
  const accounts = await step('list', () => bellwether('accounts', '--workspace', folder));
  tell(imported, run, accounts);
  console.log(`\nHow long it took, in seconds: ${times.join(', ')}; ${seconds(began)} in all.`);
  console.log(nextSteps(accounts));
  if (!process.argv.includes('--no-serve')) await serve();
}

/** The app over the company, until Ctrl-C; on another port where the usual one is taken. */
async function serve(port = PORT) {
  const script = join(root, 'scripts', 'bellwether.mjs');
  const words = ['serve', '--workspace', folder, '--port', `${port}`, '--json'];
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  child.stderr.on('data', (chunk) => errors.push(chunk));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const ended = new Promise((settle) => child.on('close', settle));
  let isOpen = false;
  let started = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line);
    if (said.event === 'started') [isOpen, started] = [true, said];
    // Only then have the pages something to show.
    if (said.event === 'sweep' && started !== null) {
      tellApp(started);
      started = null;
    }
    if (said.event === 'failure') console.error(said.message);
  }
  const status = await ended;
  if (!isOpen && port !== 0 && Buffer.concat(errors).includes('EADDRINUSE')) return serve(0);
  if (!isOpen) fail(`The app could not be served:\n${Buffer.concat(errors)}`);
  else if (status !== 0 && status !== null && status < 128) fail(`${Buffer.concat(errors)}`);
}

function tellApp({ address, setup }) {
  heading(`The app is open at ${address}`);
  console.log(`Sign in with this link, which works once: ${setup}`);
  console.log('It goes on until you press Ctrl-C; `npm run demo` begins anew.');
}

/** Runs the command line and resolves to its JSON. Its progress is not shown; its errors are. */
function bellwether(...words) {
  const script = join(root, 'scripts', 'bellwether.mjs');
  return new Promise((settle, refuse) => {
    const child = spawn(process.execPath, [script, ...words, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = [];
    const errors = [];
    child.stdout.on('data', (chunk) => printed.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    child.on('error', refuse);
    child.on('close', (status) => {
      if (status === 0 || status === 1) settle(JSON.parse(Buffer.concat(printed).toString()));
      else refuse(new Error(`bellwether ${words.join(' ')} could not run:\n${Buffer.concat(errors)}`));
    });
  });
}

async function step(name, work) {
  const began = Date.now();
  process.stdout.write(`${name} ... `);
  try {
    const result = await work();
    times.push(`${name} ${seconds(began)}`);
    console.log(`${seconds(began)} s`);
    return result;
  } catch (error) {
    console.log('failed');
    fail(error.message);
    process.exit(1);
  }
}

function tell(imported, run, accounts) {
  const facts = imported.files.reduce((sum, file) => sum + file.accepted, 0);
  const known = imported.files.reduce((sum, file) => sum + file.duplicates, 0);
  heading(`Segments as of ${run.asOf.slice(0, 10)}`);
  console.log(
    `from ${number(facts)} facts (${number(known)} duplicates left out, ${number(imported.quarantine)} rows refused)`,
  );
  table(
    ['segment', 'accounts', 'ARR'],
    run.segments.map(({ name, accounts: count, arr }) => [name, number(count), number(arr)]),
  );
  tellMoves(run);
  tellRisk(accounts.filter(({ segment }) => segment === 'At-Risk'));
  tellUnknown(accounts, run);
}

function tellMoves({ moves, heldBecause, held }) {
  heading(`${moves.length} moves in the two weeks before`);
  const flows = new Map();
  for (const { from, to, cause } of moves) {
    const flow = `${from ?? 'none'} -> ${to ?? 'none'}, by ${cause}`;
    flows.set(flow, (flows.get(flow) ?? 0) + 1);
  }
  const sorted = [...flows].sort(([, a], [, b]) => b - a);
  table(
    ['flow', 'accounts'],
    sorted.slice(0, 2 * MOST_ROWS).map(([flow, count]) => [flow, number(count)]),
  );
  if (heldBecause !== null)
    console.log(`\nThe circuit breaker holds ${held} of them until a person has looked: ${heldBecause}`);
}

function tellRisk(atRisk) {
  const arr = atRisk.reduce((sum, account) => sum + (account.arr ?? 0), 0);
  heading(`At risk: ${atRisk.length} accounts with ${number(arr)} ARR`);
  const rows = atRisk
    .sort((a, b) => (b.arr ?? 0) - (a.arr ?? 0))
    .slice(0, MOST_ROWS)
    .map((account) => [
      account.account_id,
      account.name ?? '-',
      number(account.arr),
      account.home ?? '-',
      account.cohort ?? '-',
      account.since?.slice(0, 10) ?? '-',
      number(account.health),
    ]);
  table(['account', 'name', 'ARR', 'home segment', 'cohort', 'since', 'health'], rows);
}

function tellUnknown(accounts, run) {
  const counts = new Map();
  for (const { signal } of accounts.flatMap(({ unknown }) => unknown))
    counts.set(signal, (counts.get(signal) ?? 0) + 1);
  heading('What is unknown');
  table(
    ['signal that a rule reads', 'accounts without it'],
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST_ROWS)
      .map(([signal, count]) => [signal, number(count)]),
  );
  if (run.unattributed > 0)
    console.log(`${number(run.unattributed)} events belong to no one account, and count for none.`);
}

function nextSteps(accounts) {
  const [first] = accounts.filter(({ segment }) => segment === 'At-Risk').sort((a, b) => (b.arr ?? 0) - (a.arr ?? 0));
  const id = first?.account_id ?? accounts[0]?.account_id ?? 'ID';
  return [
    '',
    'What to type next:',
    `  npm run -s bellwether -- accounts explain ${id} --workspace demo`,
    '  npm run -s bellwether -- segments --workspace demo',
    '  npm run -s bellwether -- check --workspace demo',
    '  npm run -s bellwether -- init my-workspace      your own: docs/guide/bring-your-data.md',
  ].join('\n');
}

function heading(text) {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

/** Columns of numbers stand to the right. */
function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => String(row[column]).length)));
  const isNumber = head.map((_, column) => rows.every((row) => /^[-\d,.]+$/.test(row[column])));
  for (const row of all) {
    const cells = row.map((cell, column) =>
      isNumber[column] ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]),
    );
    console.log(cells.join('  ').trimEnd());
  }
}

function number(value) {
  return value === null || value === undefined
    ? '-'
    : new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value);
}

function seconds(began) {
  return ((Date.now() - began) / 1000).toFixed(1);
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
