import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

const LOOK_MILLIS = 100;

/**
 * A folder that is dear to fill, filled once in a run of the tests by the file that asks first; whoever comes
 * meanwhile waits for it. Nobody may write there afterwards. Fails for everybody with what the filling failed with.
 */
export async function filledOnce(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const directory = join(inject('sharedFolder'), name);
  const outcome = `${directory}.done`;
  if (isFirst(`${directory}.begun`)) {
    mkdirSync(directory);
    const told = await fill(directory).then(
      () => '',
      (error: unknown) => String(error),
    );
    writeFileSync(outcome, told);
  }
  while (!existsSync(outcome)) await sleep(LOOK_MILLIS);
  const told = readFileSync(outcome, 'utf8');
  if (told !== '') throw new Error(`${name} could not be made: ${told}`);
  return directory;
}

function isFirst(mark: string): boolean {
  try {
    mkdirSync(mark);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
