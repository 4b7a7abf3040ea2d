// Speed of the generator: `npx tsx bench/simulate.ts ['{"accounts":5000,"months":18,"usersPerAccount":40,"eventsTarget":20000000}']`.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulate } from '../src/simulate/simulate.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Record<string, number>;
const folder = mkdtempSync(join(tmpdir(), 'bellwether-bench-'));
const begun = performance.now();
const truth = await simulate({ seed: 1, end: '2026-11-21', ...options }, folder);
const seconds = (performance.now() - begun) / 1000;
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const bytes = files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024;
const { accounts, users, events } = truth.counts.rows;
console.log(
  `${accounts} accounts, ${users} users, ${events} events over ${truth.frame.months} months: ${seconds.toFixed(1)} s, ${Math.round(bytes / 1e6)} MB of files, peak memory ${Math.round(peak)} MB`,
);
rmSync(folder, { recursive: true, force: true });
