import type { BookEntry } from '../activation/answer.ts';
import type { AnswerBook } from '../activation/book.ts';
import { writeEntries } from '../activation/book-table.ts';
import { type Assigned, entryNames, entryOf, type Profiled, readProfiled } from '../activation/entries.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Past } from '../profile/past.ts';
import { computeProfiles, dropProfiles, type ProfileTables } from '../profile/profile.ts';
import { answerNames, answersFor, readAnswers, writeAnswers } from '../segment/answer.ts';
import type { Move } from '../segment/move.ts';
import { batchesOf, batchesOfAll } from './batches.ts';
import { goneSince, leaving } from './departure.ts';
import type { Engines } from './engines.ts';
import { type Gated, gate } from './gate.ts';
import { type Before, movesSince, standingsFrom } from './movement.ts';
import { namesRead } from './names-read.ts';
import type { Present } from './present.ts';
import { windowDays } from './recompute.ts';
import { type Recordable, recordable } from './recordable.ts';
import { lastRun, type Recording, record, recordedAssignments } from './recorded.ts';
import type { Role } from './role.ts';

/** What to compute again. Instants in milliseconds. */
export interface RefreshRequest {
  /** Null: every account. */
  readonly accounts: readonly string[] | null;
  readonly asOf: number;
  /** Earliest instant of a fact that came late: the days after it are computed again; null: nothing came late. */
  readonly lateSince: number | null;
  readonly now: Date;
  /** Computes and tells what would move, and records nothing. */
  readonly isDry: boolean;
  /** Whether it is the first under another model: recorded even where nothing else changed, so that later moves have causes of their own. */
  readonly isFirst?: boolean;
}

/** What a refresh did. */
export interface Refreshed {
  readonly moves: readonly Move[];
  readonly held: readonly Move[];
  readonly accounts: number;
}

/** What a refresh works with besides the engines: who may record, and the answers in memory. */
export interface LiveParts {
  readonly role: Role;
  readonly book: AnswerBook;
  readonly past: Past;
  readonly present: Present;
  /** A number larger than any given before. */
  readonly nextSeq: () => number;
}

/**
 * Computes accounts as of now, passes what moves through the gate, records it, and replaces their answers in the book.
 *
 * Moves and assignments are recorded in one transaction, which the fence of the role guards; the book follows after it, so
 * that it never says what was not recorded. A crash in between is healed by the sweep with which a process begins.
 */
export async function refresh(engines: Engines, parts: LiveParts, request: RefreshRequest): Promise<Refreshed> {
  const { warehouse, model } = engines;
  const run = `${engines.run}_live`;
  const only = request.accounts === null ? null : `${warehouse.database}.scratch_${engines.run}_touched`;
  try {
    if (only !== null) await createTouched(engines, only, request.accounts ?? []);
    const rewritten =
      request.lateSince === null ? undefined : await recomputeLate(engines, only, request.lateSince, request);
    const asOfs = [request.asOf];
    const signals = new Set([...answerNames(model), ...entryNames(model), ...namesRead({ model })]);
    const past = request.accounts === null ? null : parts.past.rowsFor(request.accounts);
    const tables = await computeProfiles(warehouse, { model, asOfs, run, only, signals, past });
    if (only === null) await parts.past.replace(tables.measured);
    else if (past === null) await parts.past.renew(tables.measured, only, request.accounts ?? []);
    const kept =
      only === null
        ? parts.present.replace(tables.accounts)
        : parts.present.add(tables.accounts, request.accounts?.length ?? 0);
    kept.catch(() => undefined);
    const input = { model, catalogue: SIGNAL_CATALOGUE, ...tables };
    const profiled = only === null ? readProfiled(warehouse, input) : aheadOf(readProfiled(warehouse, input));
    const { assigned, ...refreshed } = await decide(engines, parts, { tables, only, rewritten, kept }, request);
    await updateBook(engines, parts, profiled, assigned, request);
    return refreshed;
  } finally {
    await dropProfiles(warehouse, run);
    if (only !== null) await warehouse.command(`DROP TABLE IF EXISTS ${only} SYNC`);
  }
}

/** What a computation found, before it is judged. */
interface Computed {
  readonly tables: ProfileTables;
  readonly only: string | null;
  readonly rewritten: ReadonlySet<string> | undefined;
  /** Ends once the profiles are kept for questions about now. */
  readonly kept: Promise<void>;
}

/**
 * Judges what was computed, passes it through the gate and records it; returns what the book needs of it. The answers of the
 * window are many: nobody holds them any more when the book is written.
 */
async function decide(
  engines: Engines,
  { book, role }: LiveParts,
  { tables, only, rewritten, kept }: Computed,
  request: RefreshRequest,
): Promise<Refreshed & { readonly assigned: ReadonlyMap<string, Assigned> }> {
  const found = await assess(engines, tables, only, request, rewritten);
  await kept;
  const gated = await passGate(engines, book, found, request);
  const judged = { ...found, gated };
  if (!request.isDry) await recordChanges(engines, role, judged, request);
  const moves = request.isDry ? found.moves : gated.passing;
  return { moves, held: gated.holding, accounts: found.all.length, assigned: assignedBy(judged, request.isDry) };
}

function assignedBy(found: Recordable, isDry: boolean): ReadonlyMap<string, Assigned> {
  return new Map(
    recordable(found).assignments.map(
      ({ accountId, segment, since, home, isOverridden, isHeld }): [string, Assigned] => [
        accountId,
        // A dry run keeps recorded segments, and holds nothing.
        { segment, since, home, isOverridden, isHeld: isDry ? (found.before.get(accountId)?.isHeld ?? false) : isHeld },
      ],
    ),
  );
}

/** Begins to read at once, while something else is done; a failure is thrown when the rows are asked for. */
function aheadOf<T>(blocks: AsyncIterable<T>): AsyncIterable<T> {
  const collect = async (): Promise<T[]> => {
    const found: T[] = [];
    for await (const block of blocks) found.push(block);
    return found;
  };
  const all = collect();
  all.catch(() => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      yield* await all;
    },
  };
}

async function createTouched({ warehouse }: Engines, table: string, accounts: readonly string[]): Promise<void> {
  await warehouse.command(`CREATE OR REPLACE TABLE ${table} (account_id String) ENGINE = Memory`);
  await warehouse.insertRows(
    table,
    accounts.map((account_id) => ({ account_id })),
  );
}

/** Computes the midnights of the window after a late fact again; returns the accounts of which one reads otherwise now. */
async function recomputeLate(
  engines: Engines,
  only: string | null,
  since: number,
  { accounts: touched, asOf, now }: RefreshRequest,
): Promise<ReadonlySet<string>> {
  const { warehouse, model } = engines;
  const days = windowDays(asOf, model.assignment.windowDays).filter((day) => day > since && day !== asOf);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return new Set();
  const answers = () => readAnswers(warehouse, model.version, first, last, only);
  const before = new Map((await answers()).map((answer) => [`${answer.asOf} ${answer.accountId}`, answer.raw]));
  const run = `${engines.run}_late`;
  const signals = new Set(answerNames(model));
  const batches = touched === null ? await batchesOfAll(engines, days) : batchesOf(days, touched.length);
  for (const asOfs of batches) {
    try {
      const what = { model, asOfs, signals, entity: 'account' } as const;
      const { accounts } = await computeProfiles(warehouse, { ...what, run, only });
      await writeAnswers(warehouse, model, SIGNAL_CATALOGUE, accounts, asOfs, now.getTime(), only);
    } finally {
      await dropProfiles(warehouse, run);
    }
  }
  const otherwise = (await answers()).filter(({ asOf: at, accountId, raw }) => {
    const then = before.get(`${at} ${accountId}`);
    return then !== undefined && then !== raw;
  });
  return new Set(otherwise.map(({ accountId }) => accountId));
}

type Found = Omit<Recordable, 'gated'> & { readonly moves: readonly Move[] };

async function assess(
  engines: Engines,
  tables: ProfileTables,
  only: string | null,
  { accounts, asOf }: RefreshRequest,
  rewritten: ReadonlySet<string> | undefined,
): Promise<Found> {
  const { warehouse, model, ledger } = engines;
  const from = windowDays(asOf, model.assignment.windowDays)[0] ?? asOf;
  const [present, past, before, last] = await Promise.all([
    answersFor(warehouse, model, SIGNAL_CATALOGUE, tables.accounts),
    readAnswers(warehouse, model.version, from, asOf - 1, only),
    recordedAssignments(ledger, accounts),
    lastRun(ledger),
  ]);
  const all = await standingsFrom(engines, asOf, [...past, ...present]);
  const gone = goneSince(before, new Set(all.map(({ answer }) => answer.accountId)));
  const moves = [
    ...movesSince(engines, { all, before }, asOf, last, rewritten),
    ...(await leaving(engines, gone, asOf, last)),
  ];
  return { all, gone, before, moves };
}

async function passGate(engines: Engines, book: AnswerBook, found: Found, request: RefreshRequest): Promise<Gated> {
  const { moves, all } = found;
  if (request.isDry) {
    return {
      passing: [],
      holding: [],
      held: new Set(moves.map(({ accountId }) => accountId)),
      waiting: new Set(),
      reason: null,
    };
  }
  const known = request.accounts === null ? {} : { customers: customersIn(book) };
  return gate(engines, { moves, all, asOf: request.asOf, now: request.now, ...known });
}

function customersIn(book: AnswerBook): number {
  let customers = 0;
  for (const { relationship } of book.accounts()) if (relationship === 'customer') customers += 1;
  return customers;
}

/** Records what is otherwise than it was recorded; a refresh in which nothing changed leaves no trace. */
async function recordChanges(
  engines: Engines,
  role: Role,
  found: Recordable,
  { asOf, now, accounts, isFirst = false }: RefreshRequest,
): Promise<void> {
  const { model, modelText: text } = engines;
  const recording = recordable(found);
  const assignments = recording.assignments.filter((row) => isChanged(row, found.before));
  // The fence is asked all the same: the book is not written by who lost the role either.
  if (!isFirst && assignments.length === 0 && recording.moves.length === 0 && recording.hold === null)
    return role.transaction(async () => undefined);
  const runId = `${new Date(asOf).toISOString()}_${engines.run}`;
  const summary = {
    live: accounts === null ? 'sweep' : 'refresh',
    accounts: found.all.length,
    moves: recording.moves.length,
  };
  await role.transaction((transaction) =>
    record(transaction, { ...recording, assignments, runId, asOf, version: model.version, text, now, summary }),
  );
}

function isChanged(row: Recording['assignments'][number], before: Before): boolean {
  const then = before.get(row.accountId);
  if (then === undefined) return row.segment !== null || row.raw !== null;
  return (
    then.segment !== row.segment ||
    then.raw !== row.raw ||
    then.home !== row.home ||
    then.isOverridden !== row.isOverridden ||
    then.isHeld !== row.isHeld
  );
}

async function updateBook(
  engines: Engines,
  { book, nextSeq }: LiveParts,
  profiled: AsyncIterable<readonly Profiled[]>,
  assigned: ReadonlyMap<string, Assigned>,
  { accounts, asOf, now, isDry }: RefreshRequest,
): Promise<void> {
  const { warehouse, model } = engines;
  const stamp = { seq: nextSeq(), version: model.version, now };
  const write = async (
    rows: readonly { readonly accountId: string; readonly entry: BookEntry | null }[],
  ): Promise<void> => {
    if (!isDry) await writeEntries(warehouse, rows, stamp);
  };
  const listed = new Set<string>();
  for await (const rows of inBatches(profiled)) {
    const block = rows.map((row) => entryOf(row, { model, asOf, assigned }));
    const changed = block.filter((entry) => isNews(entry, book));
    // Written before it is said: what the book says already would not be news when the write is tried again.
    await write(changed.map((entry) => ({ accountId: entry.account.accountId, entry })));
    for (const entry of block) {
      listed.add(entry.account.accountId);
      book.put(entry);
    }
  }
  const gone = [...(accounts ?? [...book.accounts()].map(({ accountId }) => accountId))].filter(
    (accountId) => !listed.has(accountId) && book.account(accountId) !== null,
  );
  await write(gone.map((accountId) => ({ accountId, entry: null })));
  for (const accountId of gone) book.remove(accountId);
}

/** Users whose entries are written together: a write costs the engine the same whatever it holds, and blocks come in small. */
const WRITTEN_USERS = 20_000;
const WRITTEN_ACCOUNTS = 1_000;

/** The same rows, with those of several blocks together. */
async function* inBatches(blocks: AsyncIterable<readonly Profiled[]>): AsyncGenerator<readonly Profiled[]> {
  let batch: Profiled[] = [];
  let users = 0;
  for await (const block of blocks) {
    batch.push(...block);
    for (const row of block) users += row.users.length;
    if (users < WRITTEN_USERS && batch.length < WRITTEN_ACCOUNTS) continue;
    yield batch;
    [batch, users] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Whether an entry says otherwise than the book, its instant aside. */
function isNews(entry: BookEntry, book: AnswerBook): boolean {
  const before = book.account(entry.account.accountId);
  if (before === null) return true;
  const then = JSON.stringify([{ ...before, asOf: 0 }, book.users(before.accountId)]);
  const users = [...entry.users].sort((a, b) => (a.userId < b.userId ? -1 : a.userId > b.userId ? 1 : 0));
  return then !== JSON.stringify([{ ...entry.account, asOf: 0 }, users]);
}
