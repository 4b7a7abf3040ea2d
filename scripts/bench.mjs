#!/usr/bin/env node
// `npm run bench`: the measured rows of DESIGN section 10, one after another, as one table. Plain Node, no packages.
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWhereNeeded } from './install.mjs';

const ROWS = ['signals', 'panel', 'refresh', 'import', 'evidence', 'answers', 'live', 'scroll'];

const HELP = `npm run bench [-- options]

Measures speed as ratios. What is compared is checked to be equal first. Worlds are made once and kept under the temporary folder.

  --full                      the sizes of DESIGN section 10: 5,000 accounts, 200,000 users, 20 million events
  --rows <LIST>               only these, of ${ROWS.join(', ')}
  --accounts, --users-per-account, --events, --months <NUMBER>
                              size of the simulated company (default: 1,000 accounts, 40, 2.4 million, 18)
  --weeks <NUMBER>            length of the panel (default: 52)
  --runs <NUMBER>             timed runs, of which the median counts (default: 3)
  --seconds, --flood-seconds <NUMBER>
                              live: length of each load (20), and of the one with all cores busy (20)
  --users <NUMBER>, --workspace <DIR>
                              live: mean users of an account (12); a simulated and imported company, of which a copy is served
  --statements                also the slowest statements
  --json                      the results as JSON in place of the table`;

const FULL = ['--accounts', '5000', '--users-per-account', '40', '--events', '20000000', '--months', '18'];
const IMPORT_ROWS = { quick: '1000000', full: '5000000' };

/** Rows that are measured on something of their own, and with what. */
const OPTIONS = {
  import: (isFull) => [isFull ? IMPORT_ROWS.full : IMPORT_ROWS.quick],
  scroll: (_isFull, rest) => rest,
  live: (isFull, rest) => [
    ...(isFull ? ['--accounts', '5000', '--months', '18', '--seconds', '60', '--flood-seconds', '600'] : []),
    ...rest,
  ],
  answers: (isFull, rest) => [...(isFull ? ['--users-per-account', '100'] : []), ...rest],
};

/** What the command line asks for; what is not ours is handed to the rows. */
function readArguments(given) {
  const wanted = { rows: ROWS, isFull: false, isJson: false, rest: [] };
  for (let index = 0; index < given.length; index++) {
    const argument = given[index];
    if (argument === '--full') wanted.isFull = true;
    else if (argument === '--json') wanted.isJson = true;
    else if (argument === '--rows') wanted.rows = (given[++index] ?? '').split(',');
    else wanted.rest.push(argument);
  }
  const unknown = wanted.rows.filter((row) => !ROWS.includes(row));
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}; there are ${ROWS.join(', ')}.`);
  return wanted;
}

/** Runs one row; null where it failed, which it has said itself. */
function runRow(root, row, { isFull, rest }) {
  const size = isFull ? FULL : [];
  const options = OPTIONS[row]?.(isFull, rest) ?? [...size, ...rest];
  console.error(`\n== ${row} ==`);
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', join('bench', `${row}.ts`), ...options],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  return status === 0 ? JSON.parse(stdout) : null;
}

const number = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));

/** Lines of a figure of a row: what, value, bar and whether it is met. */
function figureCells(row, { what, value, unit, below, note }) {
  const bar = below === undefined ? ['', ''] : [`< ${below} ${unit}`, value < below ? 'met' : 'NOT MET'];
  return [row, what, `${number(value)} ${unit}`, ...bar, note ?? ''];
}

/** A table of text: columns as wide as their widest cell. */
function writeTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [line(rows[0]), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join('\n');
}

function machine() {
  const [first] = cpus();
  return `${cpus().length} cores (${first?.model ?? 'unknown'}), ${Math.round(totalmem() / 1e9)} GB, ${process.platform} ${process.arch}`;
}

function writeResults(results) {
  const header = ['row', 'figure', 'value', 'bar', 'met', 'note'];
  const figures = results.flatMap(({ row, figures }) => figures.map((figure) => figureCells(row, figure)));
  const told = results.flatMap(({ row, sizes, isEqual, notes }) => [
    `${row}: ${Object.entries(sizes)
      .map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
      .join(', ')}; ${isEqual ? 'results equal' : 'RESULTS DIFFER'}`,
    ...notes.map((note) => `  ${note}`),
  ]);
  const versions = Object.assign({}, ...results.map((result) => result.versions));
  return [
    writeTable([header, ...figures]),
    '',
    ...told,
    '',
    `versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    `machine: ${machine()}`,
  ].join('\n');
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (process.argv.includes('--help')) {
  console.log(HELP);
} else if (!installWhereNeeded(root)) {
  process.exitCode = 2;
} else {
  const wanted = readArguments(process.argv.slice(2));
  const results = wanted.rows.map((row) => runRow(root, row, wanted));
  const done = results.filter((result) => result !== null);
  if (done.length > 0) console.log(wanted.isJson ? JSON.stringify(done, null, 1) : `\n${writeResults(done)}`);
  // Too slow is told, not failed: only a row that could not be measured, or a difference, is an error.
  process.exitCode = done.length === results.length && done.every((result) => result.isEqual) ? 0 : 1;
}
