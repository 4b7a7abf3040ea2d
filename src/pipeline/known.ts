import { findContradictions } from '../ingest/contradictions.ts';
import { FACTS } from '../ingest/ground.ts';
import type { Contradiction } from '../ingest/report.ts';
import { type UnattributedGroup, unattributedByReason } from '../ingest/unattributed.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Engines } from './engines.ts';
import { heldCoverage } from './import-history.ts';
import { type Input, inputsOf } from './inputs.ts';
import { heldRows, lastArrivals } from './last-arrivals.ts';
import { countRefused } from './quarantined.ts';
import { signalEntries } from './signals.ts';

/** What is known, how fresh it is, and what could not be used: `bellwether data`. */
export interface Known {
  /** ISO text: the instant against which freshness is told. */
  readonly now: string;
  readonly inputs: readonly Input[];
  /** Refused rows that nobody has put right. */
  readonly refused: number;
  readonly contradictions: readonly Contradiction[];
  readonly unattributed: readonly UnattributedGroup[];
}

/** Every input with what follows from how it stands, and what of it disagrees or belongs to nobody. Seconds on large data. */
export async function knownOf(engines: Engines, now: Date): Promise<Known> {
  const { warehouse, model } = engines;
  const [coverage, arrivals, held] = await Promise.all([
    heldCoverage(engines),
    lastArrivals(engines),
    heldRows(engines),
  ]);
  const ends = coverage.flatMap((row) => (row.completeThrough === null ? [] : [Date.parse(row.completeThrough)]));
  const horizon = ends.length === 0 ? now : new Date(Math.min(Math.max(...ends), now.getTime()));
  const signals = signalEntries(model, SIGNAL_CATALOGUE);
  return {
    now: now.toISOString(),
    inputs: inputsOf({ model, coverage, arrivals, held, signals, now: now.getTime() }),
    refused: await countRefused(engines),
    contradictions: await findContradictions(warehouse, FACTS, horizon),
    unattributed: await unattributedByReason(warehouse),
  };
}
