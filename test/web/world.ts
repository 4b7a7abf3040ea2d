import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { importFacts } from '../../src/pipeline/import.ts';
import { runModel } from '../../src/pipeline/run.ts';
import { openWorkspace, type Workspace } from '../../src/pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { filledOnce } from '../once.ts';
import { scratchFolder } from '../scratch.ts';

const DAY = 86_400_000;
const LAST_DAY = '2026-11-21';

/** The instant at which a test of pages begins: the noon after the last day of its data. */
export const BEGUN = Date.parse(LAST_DAY) + 1.5 * DAY;

/**
 * A planted company of 60 accounts and 6 months: imported, run as of two weeks ago and as of now, so that some moved.
 *
 * It is planted once in a run of the tests, by the file that asks first; every file has a copy of its own.
 */
export async function plantWorld(): Promise<Workspace & { readonly directory: string }> {
  const planted = await filledOnce('world', plant);
  const directory = join(scratchFolder(), 'world');
  // With its owners: the ledger's server refuses a folder that is not its own.
  execFileSync('cp', ['-a', planted, directory]);
  return open(directory);
}

async function plant(directory: string): Promise<void> {
  await simulate({ seed: 1, end: LAST_DAY, accounts: 60, months: 6 }, directory);
  const workspace = await open(directory);
  try {
    const now = new Date(BEGUN);
    await importFacts(workspace, { environment: () => undefined, now }, 'web');
    for (const asOf of [BEGUN - 14.5 * DAY, BEGUN - 0.5 * DAY]) await runModel(workspace, { asOf, now });
  } finally {
    await workspace.close();
  }
}

function open(directory: string): Promise<Workspace & { readonly directory: string }> {
  const configuration = { memoryLimitBytes: 2_000_000_000 };
  return openWorkspace({ directory, configuration, run: 'web', catalogue: SIGNAL_CATALOGUE });
}
