import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scratchFolder } from '../scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('npm run bellwether shows its help, and the bin works from any folder, where it looks for the workspace', () => {
  const help = spawnSync('npm', ['run', '-s', 'bellwether', '--', '--help'], { cwd: root, encoding: 'utf8' });
  expect([help.status, help.stdout.split('\n')[0]]).toEqual([0, 'Usage: bellwether [options] [command]']);
  const folder = scratchFolder();
  const script = fileURLToPath(new URL('../../scripts/bellwether.mjs', import.meta.url));
  const check = spawnSync(process.execPath, [script, 'check'], { cwd: folder, encoding: 'utf8' });
  expect([check.status, check.stdout]).toEqual([2, '']);
  expect(check.stderr).toContain(`There is no model at ${folder}`);
});
