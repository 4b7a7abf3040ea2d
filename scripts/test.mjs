// `npm test`: installs what is missing (packages, and Chromium for the browser tests), checks types, style and unused code, runs every test, and says what came of it.
// The last line is `N passed, N failed`, counted from the runner's own report.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installChromiumWhereNeeded } from './chromium.mjs';
import { installWhereNeeded } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bellwether-report-'));
process.exitCode = main(process.argv.slice(2));
rmSync(folder, { recursive: true, force: true });

function main(filters) {
  if (!installWhereNeeded(root)) {
    console.log('The packages could not be installed: no test ran.');
    return finish(0, 0, false);
  }
  // Without it the tests run all the same, and those of the browser fail.
  installChromiumWhereNeeded();
  const isChecked = filters.length > 0 || run('npm', ['run', 'check']) === 0;
  const path = join(folder, 'report.json');
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const status = run(process.execPath, [
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path}`,
    ...filters,
  ]);
  if (!isChecked) console.log('\n`npm run check` found faults, see above.');
  if (!existsSync(path)) {
    console.log('The runner left no report: no test ran.');
    return finish(0, 0, false);
  }
  const counts = readReport(JSON.parse(readFileSync(path, 'utf8')));
  for (const line of counts.skipped) console.log(line);
  return finish(counts.passed, counts.failed, isChecked && status === 0);
}

function run(command, words) {
  return spawnSync(command, words, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

/** Counts of a report of vitest. A file that could not be loaded ran no test, and counts as one that failed. */
function readReport({ testResults }) {
  const tests = testResults.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed));
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  // Whoever skips a test says why in the name of the test or of its group.
  const lines = skipped.map(({ file, fullName }) => `  ${relative(root, file)} > ${fullName}`);
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(isFailed).length + broken.length,
    skipped: skipped.length === 0 ? [] : [`\n${skipped.length} skipped:`, ...lines],
  };
}

function isFailed({ status }) {
  return status === 'failed';
}

function finish(passed, failed, isFine) {
  console.log(`\n${passed} passed, ${failed} failed`);
  return isFine && failed === 0 && passed > 0 ? 0 : 1;
}
