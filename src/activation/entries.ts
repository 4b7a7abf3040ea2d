import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { SignalEntry } from '../model/signal.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { AccountAnswer, BookEntry, UserAnswer } from './answer.ts';

/** The part of an account's answer that profiles do not say: its assignment. */
export type Assigned = Pick<AccountAnswer, 'segment' | 'since' | 'home' | 'isOverridden' | 'isHeld'>;

/** What entries are made of: tables of account and user profiles with one as-of, and every account's assignment. */
export interface EntryInput {
  readonly model: Model;
  readonly catalogue: readonly SignalEntry[];
  readonly accounts: string;
  readonly users: string;
  readonly asOf: number;
  readonly assigned: ReadonlyMap<string, Assigned>;
}

const NOWHERE: Assigned = { segment: null, since: null, home: null, isOverridden: false, isHeld: false };
const NO_DATA = 'no source, not covered, or the field is empty';

const text = z.string().nullable();
const number = z.coerce.number().nullable();
const userSchema = z.tuple([z.string(), text, text, z.coerce.number(), z.array(z.coerce.number())]);
const rowSchema = z.object({
  account_id: z.string(),
  name: text,
  relationship: z.string(),
  eligible: z.number().nullable(),
  cohort: text,
  lifecycle: text,
  direction: text,
  archetype: text,
  value_tier: text,
  job: text,
  arr: z.number().nullable(),
  composite_score: z.number().nullable(),
  health_score: z.number().nullable(),
  activated: number,
  depth: z.number().nullable(),
  suppressed: z.array(z.string()),
  missing: z.array(z.string()),
  users: z.array(userSchema),
});

/** Entries of all accounts in the tables, in blocks as they are read. */
export async function* readEntries(warehouse: Warehouse, input: EntryInput): AsyncGenerator<readonly BookEntry[]> {
  const settings = { prefer_column_name_to_alias: 1, join_use_nulls: 0 };
  for await (const block of warehouse.stream(entrySql(input), rowSchema, { settings })) {
    yield block.map((row) => entryOf(row, input));
  }
}

function entryOf(row: z.infer<typeof rowSchema>, { asOf, assigned, model }: EntryInput): BookEntry {
  const steps = model.activation.accountSequence.length;
  return {
    account: {
      accountId: row.account_id,
      asOf,
      name: row.name,
      relationship: row.relationship,
      eligible: row.eligible === null ? null : row.eligible === 1,
      ...(assigned.get(row.account_id) ?? NOWHERE),
      cohort: row.cohort,
      lifecycle: row.lifecycle,
      direction: row.direction,
      archetype: row.archetype,
      valueTier: row.value_tier,
      job: row.job,
      arr: row.arr,
      score: row.composite_score,
      health: row.health_score,
      isActivated: row.activated === null ? null : row.activated === 1,
      stepsReached: row.depth === null ? null : Math.round(row.depth * steps),
      suppressed: row.suppressed,
      unknown: row.missing.map((signal) => ({ signal, reason: NO_DATA })),
    },
    users: row.users.map(userOf),
  };
}

function userOf([userId, tier, stalledStep, stepsReached, used]: z.infer<typeof userSchema>): UserAnswer {
  return { userId, tier, stalledStep: stalledStep === '' ? null : stalledStep, stepsReached, used };
}

function entrySql({ model, catalogue, accounts, users }: EntryInput): string {
  const { typeOf } = scopeOf('account', model, catalogue);
  const asOf = `toDate32(fromUnixTimestamp64Milli(as_of, 'UTC'))`;
  const suppressed = model.experience.suppress.flatMap(({ name, when }) => {
    if (when === null) return [];
    const sql = compileCondition(when, { columnOf: (column) => column, typeOf, asOf });
    return [`if(ifNull(${sql}, 0) = 1, [${quote(name)}], [])`];
  });
  const missing = missingNames(model, catalogue).map(({ name, sql }) => `if(${sql}, [${quote(name)}], [])`);
  const people = `SELECT account_id AS owner, groupArray((user_id, tier, toNullable(stalled_step), toUInt32(steps_reached), used_areas)) AS users
    FROM (SELECT account_id, user_id, tier, stalled_step, steps_reached, used_areas FROM ${users}) GROUP BY account_id`;
  return `SELECT account_id, nullIf(toString(ifNull(name, '')), '') AS name, relationship, eligible, cohort, lifecycle, direction, archetype, value_tier,
      nullIf(toString(ifNull(job, '')), '') AS job, arr, composite_score, health_score, activated, activation_depth AS depth,
      ${lists(suppressed)} AS suppressed, ${lists(missing)} AS missing, u.users AS users
    FROM ${accounts} AS a LEFT JOIN (${people}) AS u ON u.owner = a.account_id`;
}

const quote = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function lists(parts: readonly string[]): string {
  return parts.length === 0
    ? `CAST([], 'Array(String)')`
    : `arrayConcat(${parts.join(', ')}, CAST([], 'Array(String)'))`;
}

/** Code of the reason `missing` beside a signal (SIGNALS: no source, not covered, field empty). */
const MISSING = 1;

/** Names that the deciding rules read, and SQL for "there is no data for it". */
function missingNames(model: Model, catalogue: readonly SignalEntry[]): readonly { name: string; sql: string }[] {
  const conditions = [
    ...model.segments.map(({ when }) => when),
    ...model.fallback.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.cohorts.flatMap(({ when }) => (when === null ? [] : [when])),
  ];
  const names = [...new Set(conditions.flatMap((condition) => condition.names))].sort();
  const signals = new Set([...catalogue, ...model.signals].map(({ name }) => name));
  const classes = new Set([
    'cohort',
    'archetype',
    'lifecycle',
    'direction',
    'value_tier',
    'relationship',
    'eligible',
    'as_of',
  ]);
  const bands = new Set(model.bands.map(({ name }) => name));
  return names.flatMap((name) => {
    if (classes.has(name) || bands.has(name) || DERIVED.has(name)) return [];
    return [{ name, sql: signals.has(name) ? `${name}__null = ${MISSING}` : `isNull(${name})` }];
  });
}

/** Scores that are derived from other signals and carry no reason of their own. */
const DERIVED: ReadonlySet<string> = new Set(['health_score', 'composite_score', 'value_tier']);
