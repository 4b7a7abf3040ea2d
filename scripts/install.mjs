// What a checkout needs before anything of it can run. Plain Node, no packages.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the packages of the lock file where they are missing or others than it says. Returns whether they are there
 * now.
 *
 * Why `npm install --no-save` and not `npm ci`: it takes the versions of the lock file too, and does not refuse a registry that
 * lacks the packages of other platforms.
 *
 * Why by content and not by time: a checkout gives every file the time of the checkout. A `node_modules` that is a link
 * belongs to somebody else and is left as it is.
 */
export function installWhereNeeded(root) {
  const folder = join(root, 'node_modules');
  if (existsSync(folder) && (lstatSync(folder).isSymbolicLink() || isCurrent(root))) return true;
  console.log('Installing packages ...');
  const words = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', words, { cwd: root, stdio: 'inherit' });
  return status === 0;
}

/** npm writes down what it installed, when it is done. Optional packages of other platforms are not among it. */
function isCurrent(root) {
  const path = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(path)) return false;
  const installed = JSON.parse(readFileSync(path, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional === true || installed[name]?.version === version,
  );
}
