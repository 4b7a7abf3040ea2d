import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openLedger } from '../src/ledger/open.ts';
import { openWarehouse } from '../src/warehouse/open.ts';
import { filledOnce } from './once.ts';
import { scratchFolder } from './scratch.ts';

const run = promisify(execFile);

/** An engine of a workspace, by the folder that it has in the folder of data. */
type Engine = 'warehouse' | 'ledger';

/**
 * A folder of data in which engines have been opened before: they find their tables, and nothing in them.
 *
 * Making a cluster of Postgres and every table takes seconds, copying the files of both a fraction of one. Tests of
 * that making itself begin with an empty folder.
 */
export async function laidOutFolder(...engines: readonly Engine[]): Promise<string> {
  const directory = scratchFolder();
  const made = await Promise.all(engines.map((engine) => filledOnce(engine, FILL[engine])));
  // With its owners: the ledger's server refuses a folder that is not its own.
  for (const folder of made) await run('cp', ['-a', `${folder}/.`, directory]);
  return directory;
}

const FILL: Readonly<Record<Engine, (directory: string) => Promise<void>>> = {
  warehouse: async (directory) => {
    await (await openWarehouse({ directory, memoryLimitBytes: 2_000_000_000 })).close();
    leave(directory, 'warehouse');
  },
  ledger: async (directory) => {
    await (await openLedger({ directory })).close();
    leave(directory, 'ledger');
  },
};

/** A copy has no owner yet, and no log. */
function leave(directory: string, engine: Engine): void {
  rmSync(join(directory, engine, 'owner.json'));
  rmSync(join(directory, 'logs'), { recursive: true });
}
