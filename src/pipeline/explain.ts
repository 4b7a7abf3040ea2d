import { scopeOf } from '../definition/scopes.ts';
import { Failure } from '../model/failure.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Condition, Truth, Value } from '../rule/condition.ts';
import { type Explanation, explainCondition } from '../rule/explain.ts';
import { nearest } from '../rule/nearest.ts';
import { type Decision, decide, type Situation, type Values } from '../segment/decision.ts';
import { type SmallestChange, smallestChange } from '../segment/smallest_change.ts';
import {
  type AccountRow,
  accountRow,
  decidingConditions,
  keptCoverage,
  type ListRequest,
  type ProfileRow,
  REASON_WORDS,
  readProfiles,
  reasonOf,
  valueIn,
} from './accounts.ts';
import type { Engines } from './engines.ts';
import type { Standing } from './movement.ts';
import { resolveAsOf, standings } from './run.ts';

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

/** Explains one account as of a day; refuses an unknown account with the nearest one. */
export async function explainAccount(engines: Engines, request: ExplainRequest): Promise<AccountExplanation> {
  const { model } = engines;
  const asOf = await resolveAsOf(engines, request.asOf);
  const { all } = await standings(engines, asOf, request.now);
  const standing = all.find(({ answer }) => answer.accountId === request.accountId);
  if (standing === undefined)
    throw unknownAccount(
      request.accountId,
      all.map(({ answer }) => answer.accountId),
    );
  const rows = await readAccount(engines, request.accountId, asOf);
  const row = rows[rows.length - 1] ?? {};
  const situation: Situation = {
    model,
    typeOf: scopeOf('account', model, SIGNAL_CATALOGUE).typeOf,
    asOf: new Date(asOf),
  };
  const names = namesRead(engines);
  const values = valuesOf(row, names);
  const decision = decide(values, situation);
  const isCustomer = standing.answer.relationship === 'customer';
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
    changedLast: lastChange(engines, rows, situation),
    smallestChange: isCustomer ? smallestChange(values, situation, await leversOf(engines, asOf, names)) : null,
  };
}

function unknownAccount(id: string, known: readonly string[]): Failure {
  const close = nearest(id, known);
  const hint = close === undefined || close === null ? '' : ` Did you mean ${close}?`;
  return new Failure(
    'unknown-account',
    `There is no account ${id} on that day.${hint} \`bellwether accounts\` lists them.`,
  );
}

async function readAccount(engines: Engines, accountId: string, asOf: number): Promise<readonly ProfileRow[]> {
  const { warehouse } = engines;
  const table = `${warehouse.database}.scratch_${engines.run}_only`;
  await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  await warehouse.command(`CREATE TABLE ${table} ENGINE = Memory AS SELECT {id: String} AS account_id`, {
    parameters: { id: accountId },
  });
  try {
    const days = Array.from({ length: LOOK_BACK_DAYS + 1 }, (_, index) => asOf - (LOOK_BACK_DAYS - index) * DAY_MS);
    return await readProfiles(engines, days, table);
  } finally {
    await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  }
}

function namesRead(engines: Engines): readonly string[] {
  const { model } = engines;
  const classes = [
    ...model.archetypes.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.bands.flatMap((band) => band.bands.flatMap(({ when }) => (when === null ? [] : [when]))),
  ];
  const indicators = model.segments.flatMap((segment) =>
    segment.motion.churnIndicators.map((indicator) => indicator.when),
  );
  const conditions = [...decidingConditions(engines), ...classes, ...indicators];
  return [
    ...new Set([
      'account_age_days',
      'activated',
      'active_users_30d',
      'relationship',
      ...conditions.flatMap((condition) => condition.names),
    ]),
  ].sort();
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
    return `It stays in ${segment} until the rules have said ${decision.raw} every day${until}. They say ${ruled(decision)}`;
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

async function leversOf(engines: Engines, asOf: number, names: readonly string[]) {
  const movable = new Map(
    SIGNAL_CATALOGUE.filter((entry) => entry.entity === 'account').map((entry) => [entry.name, entry]),
  );
  const own = new Set(
    engines.model.signals.filter((signal) => signal.entity === 'account').map((signal) => signal.name),
  );
  const isMovable = (name: string) => own.has(name) || movable.get(name)?.isMovable === true;
  const measured = names.filter((name) => isMovable(name) && movable.get(name)?.type !== 'text');
  const spreads = await spreadsOf(engines, asOf, measured);
  return { isMovable, spreadOf: (name: string) => spreads.get(name) ?? null };
}

/** Interquartile ranges among customers. */
async function spreadsOf(
  engines: Engines,
  asOf: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const rows = (await readProfiles(engines, [asOf], null)).filter((row) => row['relationship'] === 'customer');
  const spreads = names.map((name): [string, number] => {
    const values = rows
      .flatMap((row) => {
        const value = valueIn(row, name);
        return typeof value === 'number' ? [value] : [];
      })
      .sort((a, b) => a - b);
    const at = (share: number) => values[Math.floor(share * (values.length - 1))] ?? 0;
    return [name, at(0.75) - at(0.25)];
  });
  return new Map(spreads);
}
