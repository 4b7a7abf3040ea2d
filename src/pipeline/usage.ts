import { type AreaDays, type Beginning, readAreaDays, readBeginnings } from '../evidence/usage.ts';
import { buildAreaDays, buildBeginnings, dropUsage } from '../profile/usage.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Engines } from './engines.ts';
import { resolveAsOf } from './run.ts';

type Needed = Pick<Engines, 'warehouse' | 'model' | 'run'>;

/** Reads how each user began until a day; null means the completeness of the behavioural sources. */
export function openBeginnings(engines: Needed, asOf: number | null): Promise<readonly Beginning[]> {
  return open(engines, asOf, buildBeginnings, readBeginnings);
}

/** Reads on which days each account used each feature area until a day; null means the completeness of the behavioural sources. */
export function openAreaDays(engines: Needed, asOf: number | null): Promise<AreaDays> {
  return open(engines, asOf, buildAreaDays, readAreaDays);
}

async function open<Read>(
  engines: Needed,
  asOf: number | null,
  build: typeof buildAreaDays,
  read: (warehouse: Warehouse, table: string) => Promise<Read>,
): Promise<Read> {
  const { warehouse, model } = engines;
  const run = `${engines.run}_usage`;
  const through = await resolveAsOf(engines, asOf);
  try {
    return await read(warehouse, await build(warehouse, { model, run, through }));
  } finally {
    await dropUsage(warehouse, run);
  }
}
