import { existsSync, readFileSync } from 'node:fs';

/**
 * Whether a process of this machine runs.
 *
 * A zombie is dead: where nobody reaps (a container without init) it would otherwise hold the folder for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const path = `/proc/${pid}/stat`;
  return !existsSync(path) || !/^\d+ \(.*\) Z /.test(readFileSync(path, 'utf8'));
}
