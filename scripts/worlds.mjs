#!/usr/bin/env node
// `npm run worlds`: what evidence finds in seeded worlds whose truth is known; nightly. Plain Node, no packages.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWhereNeeded } from './install.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (!installWhereNeeded(root)) process.exit(2);
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', join('test', 'worlds', 'nightly.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 2);
