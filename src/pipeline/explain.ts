import { z } from 'zod';
import { scopeOf } from '../definition/scopes.ts';
import { Failure } from '../model/failure.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Condition, Truth, Value } from '../rule/condition.ts';
import { type Explanation, explainCondition } from '../rule/explain.ts';
import { nearest } from '../rule/nearest.ts';
import { type Decision, decide, type Situation, type Values } from '../segment/decision.ts';
import { type SmallestChange, smallestChange } from '../segment/smallest_change.ts';
import { accountPast, accountStanding, type PastReader, presentStanding } from './account-standing.ts';
import {
  type AccountRow,
  accountRow,
  decidingConditions,
  keptCoverage,
  type ListRequest,
  listedSignals,
  type ProfileRow,
  REASON_WORDS,
  reasonOf,
  valueIn,
} from './accounts.ts';
import type { Engines } from './engines.ts';
import type { Standing } from './movement.ts';
import { namesRead } from './names-read.ts';
import type { Present } from './present.ts';
import { resolveAsOf } from './run.ts';
import { movableNames, type SpreadReader, spreadsOf } from './spread.ts';

const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 28;

/** A rule as it stands for one account: its tree of parts, each true, false or unknown with the values behind it. */
export interface RuleExplanation extends Explanation {
  readonly segment: string;
  readonly decides: boolean;
}

/** The last change of a part of the deciding rules, and of what. */
interface LastChange {
  readonly on: string;
  readonly condition: string;
  readonly from: Truth;
  readonly to: Truth;
  readonly inputs: readonly { readonly name: string; readonly before: Value; readonly after: Value }[];
}

/** Why an account is where it is: `accounts explain --json`. */
export interface AccountExplanation {
  readonly account: AccountRow;
  /** The rule that decided, in words. */
  readonly because: string;
  readonly rules: readonly RuleExplanation[];
  readonly cohortRules: readonly RuleExplanation[];
  readonly values: readonly { readonly name: string; readonly value: Value; readonly reason: string | null }[];
  readonly changedLast: LastChange | null;
  readonly smallestChange: SmallestChange | null;
}

/** What to explain. */
export interface ExplainRequest extends ListRequest {
  readonly accountId: string;
}

/** How to come by what takes long to compute, for whoever keeps it. */
export interface ExplainReaders {
  readonly spreads: SpreadReader;
  readonly past: PastReader;
}

/** Explains one account as of a day; refuses an unknown account with the nearest one. */
export async function explainAccount(
  engines: Engines,
  request: ExplainRequest,
  read: ExplainReaders = { spreads: spreadsOf, past: accountPast },
): Promise<AccountExplanation> {
  const { accountId, now } = request;
  const asOf = await resolveAsOf(engines, request.asOf);
  const names = namesRead(engines);
  const signals = [...names, ...listedSignals(engines)];
  const asked = { accountId, asOf, now, days: LOOK_BACK_DAYS, signals };
  const { standing, rows } = await accountStanding(engines, asked, read.past);
  if (standing === null) throw await unknownAccount(engines, accountId);
  const brief = await explanationOf(engines, standing, rows.at(-1) ?? {}, asOf);
  const situation = situationOf(engines, asOf);
  const isCustomer = standing.answer.relationship === 'customer';
  return {
    ...brief,
    changedLast: lastChange(engines, rows, situation),
    smallestChange: isCustomer
      ? smallestChange(valuesOf(rows.at(-1) ?? {}, names), situation, await leversOf(engines, asOf, read.spreads))
      : null,
  };
}

/**
 * The same from the profile that was computed last, without what changed last and what would move it (both null).
 *
 * Null where that profile is of another instant: then only computing tells.
 */
export async function explainBriefly(
  engines: Engines,
  present: Present,
  { accountId, asOf }: { readonly accountId: string; readonly asOf: number },
): Promise<AccountExplanation | null> {
  const { standing, row } = await presentStanding(engines, present, { accountId, asOf });
  if (standing === null) return null;
  return { ...(await explanationOf(engines, standing, row, asOf)), changedLast: null, smallestChange: null };
}

function situationOf({ model }: Engines, asOf: number): Situation {
  return { model, typeOf: scopeOf('account', model, SIGNAL_CATALOGUE).typeOf, asOf: new Date(asOf) };
}

async function explanationOf(
  engines: Engines,
  standing: Standing,
  row: ProfileRow,
  asOf: number,
): Promise<Omit<AccountExplanation, 'changedLast' | 'smallestChange'>> {
  const { model } = engines;
  const situation = situationOf(engines, asOf);
  const names = namesRead(engines);
  const values = valuesOf(row, names);
  const decision = decide(values, situation);
  return {
    account: accountRow(engines, row, standing, await keptCoverage(engines, asOf)),
    because: because(decision, standing),
    rules: model.segments.map((segment) => ({
      ...explain(segment.when, values, situation),
      segment: segment.name,
      decides: segment.isOverlay
        ? decision.overlayBy?.condition === segment.when
        : decision.homeBy?.condition === segment.when,
    })),
    cohortRules: model.cohorts.flatMap(({ name, when }) =>
      when === null
        ? []
        : [{ ...explain(when, values, situation), segment: name, decides: valueIn(row, 'cohort') === name }],
    ),
    values: names.map((name) => {
      const reason = reasonOf(row, name);
      return { name, value: valueIn(row, name), reason: reason === null ? null : REASON_WORDS[reason] };
    }),
  };
}

const idSchema = z.object({ account_id: z.string() });

async function unknownAccount({ warehouse }: Engines, id: string): Promise<Failure> {
  const known = await warehouse.rows(`SELECT DISTINCT account_id FROM ${warehouse.database}.accounts`, idSchema);
  const close = nearest(
    id,
    known.map(({ account_id }) => account_id),
  );
  const hint = close === undefined || close === null || close === id ? '' : ` Did you mean ${close}?`;
  return new Failure(
    'unknown-account',
    `There is no account ${id} on that day.${hint} \`bellwether accounts\` lists them.`,
  );
}

function valuesOf(row: ProfileRow, names: readonly string[]): Values {
  return new Map(names.map((name) => [name, valueIn(row, name)]));
}

function explain(condition: Condition, values: Values, { asOf, typeOf }: Situation): Explanation {
  return explainCondition(condition, (name) => values.get(name) ?? null, asOf, typeOf);
}

function because(decision: Decision, { answer, assignment }: Standing): string {
  const { relationship } = answer;
  if (relationship !== 'customer') return `It is no customer (${relationship}), so it is in no segment.`;
  if (assignment.isOverridden) return 'A person set it, with a reason and an expiry.';
  const { segment, waiting } = assignment;
  if (segment !== null && segment !== decision.raw) {
    const until =
      waiting === null
        ? ''
        : ` for long enough: that would be on ${new Date(waiting.moveOn).toISOString().slice(0, 10)}`;
    return `It stays in ${segment} until the rules have said ${decision.raw} every day${until}. ${ruledToday(decision)}`;
  }
  return ruled(decision);
}

/** The rule that gives the answer of the day, in words. */
function ruled(decision: Decision): string {
  if (decision.overlayBy !== null) {
    const { name, condition } = decision.overlayBy;
    const by = name === decision.raw ? '' : ` by ${name}`;
    return `${decision.raw} over ${decision.home}${by}: ${condition.text}`;
  }
  if (decision.homeBy?.kind === 'rule') return `${decision.home}: ${decision.homeBy.condition?.text ?? ''}`;
  const rung = decision.homeBy?.condition?.text ?? 'nothing else applies';
  return `No rule holds; the fallback says ${decision.home}: ${rung}`;
}

/** The same as a sentence beside another answer. */
function ruledToday(decision: Decision): string {
  const told = ruled(decision);
  const isRule = decision.overlayBy !== null || decision.homeBy?.kind === 'rule';
  return isRule ? `Today they say ${told}` : `Today ${told.charAt(0).toLowerCase()}${told.slice(1)}`;
}

interface Leaf {
  readonly text: string;
  readonly truth: Truth;
  readonly inputs: readonly { readonly name: string; readonly value: Value }[];
}

function leaves(node: Explanation): readonly Leaf[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leaves);
}

/** The latest of the last 28 days on which a part of a segment or cohort rule turned, and what turned it. */
function lastChange(engines: Engines, rows: readonly ProfileRow[], situation: Situation): LastChange | null {
  const names = namesRead(engines);
  const conditions = decidingConditions(engines);
  const judged = rows.map((row) => {
    const values = valuesOf(row, names);
    return conditions.flatMap((condition) => leaves(explain(condition, values, situation)));
  });
  for (let index = rows.length - 1; index > 0; index--) {
    const today = judged[index] ?? [];
    const yesterday = judged[index - 1] ?? [];
    const turned = today.findIndex((leaf, position) => leaf.truth !== yesterday[position]?.truth);
    const after = today[turned];
    const before = yesterday[turned];
    if (after === undefined || before === undefined) continue;
    return {
      on: new Date(Number(rows[index]?.['as_of'])).toISOString().slice(0, 10),
      condition: after.text,
      from: before.truth,
      to: after.truth,
      inputs: after.inputs.map(({ name, value }, position) => ({
        name,
        before: before.inputs[position]?.value ?? null,
        after: value,
      })),
    };
  }
  return null;
}

async function leversOf(engines: Engines, asOf: number, readSpreads: SpreadReader) {
  const movable = movableNames(engines);
  const spreads = await readSpreads(engines, Math.floor(asOf / DAY_MS) * DAY_MS);
  return { isMovable: (name: string) => movable.has(name), spreadOf: (name: string) => spreads.get(name) ?? null };
}
