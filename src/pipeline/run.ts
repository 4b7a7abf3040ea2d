import { z } from 'zod';
import { countUnattributed } from '../ingest/contradictions.ts';
import { FACTS } from '../ingest/ground.ts';
import { Failure } from '../model/failure.ts';
import { defaultAsOf, readCoverage } from '../profile/coverage.ts';
import { readAnswers } from '../segment/answer.ts';
import type { Move } from '../segment/move.ts';
import { goneSince, leaving } from './departure.ts';
import type { Engines } from './engines.ts';
import { factExtent } from './freshness.ts';
import { gate, OPEN_GATE } from './gate.ts';
import { sumArr } from './money.ts';
import { movesSince, type Standing, standingsFrom } from './movement.ts';
import { type Progress, recomputeAnswers, windowDays } from './recompute.ts';
import { recordable } from './recordable.ts';
import { lastRun, record, recordedAssignments } from './recorded.ts';

/** What a run did: `run --json` (DESIGN section 6), and what a person asks next. */
export interface RunReport {
  readonly asOf: string;
  readonly runId: string | null;
  /** Facts before the as-of. */
  readonly read: number;
  readonly accounts: number;
  readonly segments: readonly {
    readonly name: string;
    readonly accounts: number;
    /** Null where it has accounts and the ARR of none is known. */
    readonly arr: number | null;
    readonly arr_unknown: number;
  }[];
  readonly moves: readonly {
    readonly account_id: string;
    readonly from: string | null;
    readonly to: string | null;
    readonly cause: string;
  }[];
  /** Moves that the circuit breaker keeps back. */
  readonly held: number;
  readonly heldBecause: string | null;
  readonly unattributed: number;
  readonly quarantined: number;
  /** False: the day is not after the last recorded one, so nothing was recorded. */
  readonly recorded: boolean;
  readonly lastRecorded: string | null;
  readonly modelVersion: string;
  /** Customers outside the ICP, and customers of whom that is unknown. */
  readonly ineligible: number;
  readonly eligibilityUnknown: number;
  readonly waiting: number;
  readonly daysComputed: number;
}

/** What to run: as-of null means the completeness of the behavioural sources. */
export interface RunRequest {
  readonly asOf: number | null;
  readonly now: Date;
  readonly onProgress?: Progress;
}

/** The as-of of a request; refuses with `no-as-of` where neither it nor the sources say one. */
export async function resolveAsOf(
  { warehouse, model }: Pick<Engines, 'warehouse' | 'model'>,
  asOf: number | null,
): Promise<number> {
  if (asOf !== null) return asOf;
  const found = defaultAsOf(await readCoverage(warehouse, model));
  if (found === null) {
    throw new Failure(
      'no-as-of',
      'There are no events, tickets or answers yet to tell the day from. Import data first, or name a day with --as-of 2026-01-31.',
    );
  }
  return found;
}

/** Every account's standing at the as-of, recomputed from today's facts under this model, by account. */
export async function standings(
  engines: Engines,
  asOf: number,
  now: Date,
  onProgress?: Progress,
): Promise<{ all: readonly Standing[]; daysComputed: number }> {
  const { model, warehouse } = engines;
  const daysComputed = await recomputeAnswers(engines, asOf, now, engines.run, onProgress);
  const days = windowDays(asOf, model.assignment.windowDays);
  const answers = await readAnswers(warehouse, model.version, days[0] ?? asOf, asOf);
  return { all: await standingsFrom(engines, asOf, answers), daysComputed };
}

/** Runs the model as of a day, and records moves when that day is after the last recorded one. */
export async function runModel(engines: Engines, request: RunRequest): Promise<RunReport> {
  const { model, ledger } = engines;
  const asOf = await resolveAsOf(engines, request.asOf);
  const { all, daysComputed } = await standings(engines, asOf, request.now, request.onProgress);
  const last = await lastRun(ledger);
  const isNew = last === null || asOf > last.asOf;
  const before = await recordedAssignments(ledger);
  const gone = goneSince(before, new Set(all.map(({ answer }) => answer.accountId)));
  const moves = [...movesSince(engines, { all, before }, asOf, last), ...(await leaving(engines, gone, asOf, last))];
  const gated = isNew ? await gate(engines, { moves, all, asOf, now: request.now }) : OPEN_GATE;
  const { reason } = gated;
  const runId = isNew ? `${new Date(asOf).toISOString()}_${engines.run}` : null;
  const held = gated.held.size;
  const told = { moves, reason, held, runId, daysComputed, last: last?.asOf ?? null };
  const report = await reportOf(engines, all, asOf, told);
  if (runId !== null) {
    const { modelText: text } = engines;
    const version = model.version;
    await ledger.transaction((transaction) =>
      record(transaction, {
        ...{ runId, asOf, version, text, now: request.now, summary: report },
        ...recordable({ all, gone, before, gated }),
      }),
    );
  }
  return report;
}

const strayedSchema = z.object({ quarantined: z.coerce.number() });

async function reportOf(
  engines: Engines,
  all: readonly Standing[],
  asOf: number,
  told: {
    moves: readonly Move[];
    reason: string | null;
    held: number;
    runId: string | null;
    daysComputed: number;
    last: number | null;
  },
): Promise<RunReport> {
  const { model, warehouse } = engines;
  const { rows } = await factExtent(engines, asOf);
  const [strayed] = await warehouse.rows(
    `SELECT uniqExact(file, line) AS quarantined FROM ${warehouse.database}.quarantine`,
    strayedSchema,
  );
  const customers = all.filter(({ answer }) => answer.relationship === 'customer');
  const segments = model.segments.map(({ name }) => {
    const members = all.filter(({ assignment }) => assignment.segment === name);
    const { arr, unknown } = sumArr(members.map(({ answer }) => answer.arr));
    return { name, accounts: members.length, arr, arr_unknown: unknown };
  });
  return {
    asOf: new Date(asOf).toISOString(),
    runId: told.runId,
    read: rows,
    accounts: all.length,
    segments,
    moves: told.moves.map(({ accountId, from, to, cause }) => ({ account_id: accountId, from, to, cause })),
    held: told.held,
    heldBecause: told.reason,
    unattributed: await countUnattributed(warehouse, FACTS),
    quarantined: strayed?.quarantined ?? 0,
    recorded: told.runId !== null,
    lastRecorded: told.last === null ? null : new Date(told.last).toISOString(),
    modelVersion: model.version,
    ineligible: customers.filter(({ answer }) => answer.eligible === false).length,
    eligibilityUnknown: customers.filter(({ answer }) => answer.eligible === null).length,
    waiting: all.filter(({ assignment }) => assignment.waiting !== null).length,
    daysComputed: told.daysComputed,
  };
}
