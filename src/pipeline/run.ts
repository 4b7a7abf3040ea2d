import { z } from 'zod';
import { countUnattributed } from '../ingest/contradictions.ts';
import { FACTS } from '../ingest/ground.ts';
import { Failure } from '../model/failure.ts';
import { defaultAsOf, readCoverage } from '../profile/coverage.ts';
import { type Answer, readAnswers } from '../segment/answer.ts';
import { type Assignment, assign, dwellRules } from '../segment/assignment.ts';
import { breakerReason, type Circumstances, type Move, moveOf, type Record as Recorded } from '../segment/move.ts';
import { goneSince, leaving } from './departure.ts';
import type { Engines } from './engines.ts';
import { factExtent } from './freshness.ts';
import { sumArr } from './money.ts';
import { type Progress, recomputeAnswers, windowDays } from './recompute.ts';
import { lastRun, modelEdits, overrideSpans, record, recordedAssignments, recordedLately } from './recorded.ts';

const DAY_MS = 86_400_000;

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

/** One account's standing at the as-of: the answer of that day, and the assignment that follows from the window. */
export interface Standing {
  readonly answer: Answer;
  readonly assignment: Assignment;
  readonly answers: readonly Answer[];
}

/** Every account's standing at the as-of, recomputed from today's facts under this model, by account. */
export async function standings(
  engines: Engines,
  asOf: number,
  now: Date,
  onProgress?: Progress,
): Promise<{ all: readonly Standing[]; daysComputed: number }> {
  const { model, warehouse, ledger } = engines;
  const daysComputed = await recomputeAnswers(engines, asOf, now, engines.run, onProgress);
  const days = windowDays(asOf, model.assignment.windowDays);
  const answers = await readAnswers(warehouse, model.version, days[0] ?? asOf, asOf);
  const overrides = await overrideSpans(ledger);
  const edits = await modelEdits(ledger);
  const mergers = await mergersByAccount(engines);
  const byAccount = new Map<string, Answer[]>();
  for (const answer of answers) {
    const list = byAccount.get(answer.accountId);
    if (list === undefined) byAccount.set(answer.accountId, [answer]);
    else list.push(answer);
  }
  const all = [...byAccount].flatMap(([accountId, list]): Standing[] => {
    const answer = list[list.length - 1];
    if (answer === undefined || answer.asOf !== asOf) return [];
    const rules = dwellRules(model, [...edits, ...(mergers.get(accountId) ?? [])]);
    return [{ answer, answers: list, assignment: assign(list, asOf, rules, overrides.get(accountId) ?? []) }];
  });
  return { all, daysComputed };
}

const mergerSchema = z.object({ account_id: z.string(), at: z.coerce.number() });

/** Midnights at which a declared merger or renaming takes effect, by the account that carries on. */
async function mergersByAccount({ warehouse }: Engines): Promise<ReadonlyMap<string, readonly number[]>> {
  const rows = await warehouse.rows(
    `SELECT into_account_id AS account_id, toUnixTimestamp64Milli(l.at) AS at FROM ${warehouse.database}.account_links AS l WHERE kind != 'split'`,
    mergerSchema,
  );
  const found = new Map<string, number[]>();
  for (const { account_id, at } of rows) {
    found.set(account_id, [...(found.get(account_id) ?? []), Math.ceil((at + 1) / DAY_MS) * DAY_MS]);
  }
  return found;
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
  const moves = [
    ...(await movesSince(engines, { all, before }, asOf, last)),
    ...(await leaving(engines, gone, asOf, last)),
  ];
  const customers = all.filter(({ answer }) => answer.relationship === 'customer').length;
  const input = {
    moves,
    recordedLately: await recordedLately(ledger, request.now),
    customers,
    fallenSources: await fallenSources(engines, asOf),
  };
  const reason = isNew ? breakerReason(input, model.breaker) : null;
  const runId = isNew ? `${new Date(asOf).toISOString()}_${engines.run}` : null;
  const report = await reportOf(engines, all, asOf, { moves, reason, runId, daysComputed, last: last?.asOf ?? null });
  if (runId !== null) await recordRun(engines, request.now, asOf, runId, { all, gone, before }, moves, reason, report);
  return report;
}

/** The assignments recorded last, by account. */
type Before = Awaited<ReturnType<typeof recordedAssignments>>;

async function recordRun(
  { ledger, model, modelText }: Engines,
  now: Date,
  asOf: number,
  runId: string,
  {
    all,
    gone,
    before,
  }: { readonly all: readonly Standing[]; readonly gone: readonly Recorded[]; readonly before: Before },
  moves: readonly Move[],
  reason: string | null,
  summary: RunReport,
): Promise<void> {
  const moving = new Set(moves.map((move) => move.accountId));
  const assignments = all.map(({ answer, assignment }) => {
    const isHeld = reason !== null && moving.has(answer.accountId);
    const kept = isHeld ? before.get(answer.accountId) : undefined;
    return {
      accountId: answer.accountId,
      segment: isHeld ? (kept?.segment ?? null) : assignment.segment,
      home: answer.home,
      raw: answer.raw,
      since: isHeld ? (kept?.since ?? null) : assignment.since,
      isOverridden: assignment.isOverridden,
      waiting: assignment.waiting,
      isHeld,
    };
  });
  const isKept = reason !== null;
  const left = gone.map((account) => ({
    ...account,
    ...(isKept ? {} : { segment: null, home: null, raw: null, since: null, isOverridden: false }),
    waiting: null,
    isHeld: isKept,
  }));
  const hold = reason === null ? null : { reason, moves };
  await ledger.transaction((transaction) =>
    record(transaction, {
      runId,
      asOf,
      version: model.version,
      text: modelText,
      now,
      summary,
      moves: reason === null ? moves : [],
      assignments: [...assignments, ...left],
      hold,
    }),
  );
}

async function movesSince(
  engines: Engines,
  { all, before }: { readonly all: readonly Standing[]; readonly before: Before },
  asOf: number,
  last: { readonly asOf: number; readonly version: string } | null,
): Promise<readonly Move[]> {
  const mergers = await mergersByAccount(engines);
  const isModelEdited = last !== null && last.version !== engines.model.version;
  return all.flatMap(({ answer, answers, assignment }) => {
    const recorded = before.get(answer.accountId) ?? null;
    const then = recorded === null ? undefined : answers.find((candidate) => candidate.asOf === recorded.asOf);
    const turned = answers.find(
      (candidate) => candidate.asOf === (assignment.waiting === null ? assignment.since : answer.asOf),
    );
    const isMerged = (mergers.get(answer.accountId) ?? []).some((at) => at > (last?.asOf ?? asOf) && at <= asOf);
    const circumstances: Circumstances = {
      isModelEdited,
      isRewritten: then !== undefined && recorded !== null && then.raw !== recorded.raw,
      isMerged,
      relationshipBefore: then?.relationship ?? null,
      relationship: answer.relationship,
      valueTierBefore: then?.valueTier ?? null,
      valueTier: answer.valueTier,
      cohortBefore: then?.cohort ?? null,
      cohort: answer.cohort,
      hadEvents: turned?.lastEventDays === 0,
    };
    const now = {
      accountId: answer.accountId,
      segment: assignment.segment,
      home: answer.home,
      raw: answer.raw,
      since: assignment.since,
      isOverridden: assignment.isOverridden,
    };
    const move = moveOf(recorded, now, circumstances, asOf);
    return move === null ? [] : [move];
  });
}

const fallenSchema = z.object({ source: z.string() });

/** Least events of a weekday before a fall by half says anything. */
const LEAST_ARRIVALS = 100;

/** Event sources of which the last whole day holds at most half of the events of the same weekday a week before. */
async function fallenSources({ warehouse }: Engines, asOf: number): Promise<readonly string[]> {
  const end = Math.floor(asOf / DAY_MS) * DAY_MS;
  const between = (from: number, to: number) =>
    `toUnixTimestamp64Milli(e.time) >= ${from} AND toUnixTimestamp64Milli(e.time) < ${to}`;
  const rows = await warehouse.rows(
    `SELECT toString(e.source) AS source FROM ${warehouse.database}.events AS e
    WHERE ${between(end - 8 * DAY_MS, end)} GROUP BY source
    HAVING countIf(${between(end - 8 * DAY_MS, end - 7 * DAY_MS)}) >= ${LEAST_ARRIVALS}
      AND 2 * countIf(${between(end - DAY_MS, end)}) <= countIf(${between(end - 8 * DAY_MS, end - 7 * DAY_MS)})`,
    fallenSchema,
  );
  return rows.map((row) => row.source);
}

const strayedSchema = z.object({ quarantined: z.coerce.number() });

async function reportOf(
  engines: Engines,
  all: readonly Standing[],
  asOf: number,
  told: {
    moves: readonly Move[];
    reason: string | null;
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
    held: told.reason === null ? 0 : told.moves.length,
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
