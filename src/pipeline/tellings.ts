import { readTellings, type Tellings } from '../evidence/telling.ts';
import { buildTellings, dropTellings } from '../profile/telling.ts';
import type { Engines } from './engines.ts';
import { resolveAsOf } from './run.ts';

/** Reads what is told of churn beside the ends of contracts until a day; null means the completeness of the behavioural sources. */
export async function openTellings(
  engines: Pick<Engines, 'warehouse' | 'model' | 'run'>,
  asOf: number | null,
): Promise<Tellings> {
  const { warehouse, model } = engines;
  const run = `${engines.run}_tellings`;
  const through = await resolveAsOf(engines, asOf);
  try {
    const tables = await buildTellings(warehouse, { model, run, through });
    return await readTellings(warehouse, tables, model.outcomes.inactiveDays);
  } finally {
    await dropTellings(warehouse, run);
  }
}
