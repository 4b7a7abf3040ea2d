import { type Dealings, readDealings } from '../evidence/dealings.ts';
import { buildDealings, dropDealings } from '../profile/dealing.ts';
import type { Engines } from './engines.ts';
import { resolveAsOf } from './run.ts';

/** Reads what accounts said and what was sold to them until a day; null means the completeness of the behavioural sources. */
export async function openDealings(
  engines: Pick<Engines, 'warehouse' | 'model' | 'run'>,
  asOf: number | null,
): Promise<Dealings> {
  const { warehouse, model } = engines;
  const run = `${engines.run}_dealings`;
  const through = await resolveAsOf(engines, asOf);
  try {
    return await readDealings(warehouse, await buildDealings(warehouse, { model, run, through }));
  } finally {
    await dropDealings(warehouse, run);
  }
}
