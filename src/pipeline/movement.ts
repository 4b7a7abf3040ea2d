import { z } from 'zod';
import type { Answer } from '../segment/answer.ts';
import { type Assignment, assign, dwellRules } from '../segment/assignment.ts';
import { type Circumstances, type Move, moveOf } from '../segment/move.ts';
import type { Engines } from './engines.ts';
import { modelEdits, overrideSpans, type recordedAssignments } from './recorded.ts';

const DAY_MS = 86_400_000;

/** One account's standing at the as-of: the answer of that day, and the assignment that follows from the window. */
export interface Standing {
  readonly answer: Answer;
  readonly assignment: Assignment;
  readonly answers: readonly Answer[];
  /** Midnights at which a declared merger or renaming into it takes effect, milliseconds. */
  readonly mergedAt: readonly number[];
}

/** The standing of every account that has an answer at the as-of, from the answers of its window. */
export async function standingsFrom(
  engines: Engines,
  asOf: number,
  answers: readonly Answer[],
): Promise<readonly Standing[]> {
  const { model, ledger } = engines;
  const overrides = await overrideSpans(ledger);
  const edits = await modelEdits(ledger);
  const mergers = await mergersByAccount(engines);
  const byAccount = new Map<string, Answer[]>();
  for (const answer of answers) {
    const list = byAccount.get(answer.accountId);
    if (list === undefined) byAccount.set(answer.accountId, [answer]);
    else list.push(answer);
  }
  return [...byAccount].flatMap(([accountId, list]): Standing[] => {
    const answer = list[list.length - 1];
    if (answer === undefined || answer.asOf !== asOf) return [];
    const mergedAt = mergers.get(accountId) ?? [];
    const rules = dwellRules(model, [...edits, ...mergedAt]);
    const assignment = assign(list, asOf, rules, overrides.get(accountId) ?? []);
    return [{ answer, answers: list, assignment, mergedAt }];
  });
}

/** The assignments recorded last, by account. */
export type Before = Awaited<ReturnType<typeof recordedAssignments>>;

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

const NONE: ReadonlySet<string> = new Set();

/** The answer of an instant, or of the last midnight before it: what was recorded between midnights has none of its own. */
function answerThen(answers: readonly Answer[], asOf: number): Answer | undefined {
  return answers.findLast((candidate) => candidate.asOf <= asOf);
}

/**
 * What the standings say against what was recorded: one move for each account whose assignment is another, with its cause.
 *
 * `rewritten` are accounts of which an answer that was given before is otherwise now.
 */
export function movesSince(
  { model }: Pick<Engines, 'model'>,
  { all, before }: { readonly all: readonly Standing[]; readonly before: Before },
  asOf: number,
  last: { readonly asOf: number; readonly version: string } | null,
  rewritten: ReadonlySet<string> = NONE,
): readonly Move[] {
  const isModelEdited = last !== null && last.version !== model.version;
  return all.flatMap(({ answer, answers, assignment, mergedAt }) => {
    const recorded = before.get(answer.accountId) ?? null;
    const then = recorded === null ? undefined : answerThen(answers, recorded.asOf);
    const turned = answers.find(
      (candidate) => candidate.asOf === (assignment.waiting === null ? assignment.since : answer.asOf),
    );
    const isMerged = mergedAt.some((at) => at > (last?.asOf ?? asOf) && at <= asOf);
    const circumstances: Circumstances = {
      isModelEdited,
      isRewritten:
        rewritten.has(answer.accountId) ||
        (then !== undefined && recorded !== null && then.asOf === recorded.asOf && then.raw !== recorded.raw),
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
