import { type History, readHistory } from '../evidence/history.ts';
import { buildHistory, dropHistory } from '../profile/history.ts';
import type { Engines } from './engines.ts';
import { resolveAsOf } from './run.ts';

/** What to look back on: as-of null means the completeness of the behavioural sources. */
export interface EvidenceRequest {
  readonly asOf: number | null;
  /** Ages in whole days at which milestones are looked at. */
  readonly ageDays: readonly number[];
}

/** Reads what happened to every account until a day: all that evidence over ages looks at. */
export async function openHistory(engines: Engines, request: EvidenceRequest): Promise<History> {
  const { warehouse, model } = engines;
  const through = await resolveAsOf(engines, request.asOf);
  const run = `${engines.run}_evidence`;
  try {
    const tables = await buildHistory(warehouse, { model, run, through, ageDays: request.ageDays });
    return await readHistory(warehouse, tables, through, model.outcomes.inactiveDays);
  } finally {
    await dropHistory(warehouse, run);
  }
}
