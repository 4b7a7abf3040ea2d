import { z } from 'zod';
import { firmographicNames, firmographicsOf } from '../definition/firmographics.ts';
import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { SignalEntry } from '../model/signal.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { AccountAnswer, BookEntry, UserAnswer } from './answer.ts';

/** The part of an account's answer that profiles do not say: its assignment. */
export type Assigned = Pick<AccountAnswer, 'segment' | 'since' | 'home' | 'isOverridden' | 'isHeld'>;

/** Tables of account and user profiles with one as-of. */
export interface ProfiledTables {
  readonly model: Model;
  readonly catalogue: readonly SignalEntry[];
  readonly accounts: string;
  readonly users: string;
}

/** What an entry says beside its profile. */
export interface EntryInput {
  readonly model: Model;
  readonly asOf: number;
  readonly assigned: ReadonlyMap<string, Assigned>;
}

const NOWHERE: Assigned = { segment: null, since: null, home: null, isOverridden: false, isHeld: false };
const NO_DATA = 'no source, not covered, or the field is empty';

const text = z.string().nullable();
const number = z.coerce.number().nullable();
const userSchema = z.tuple([z.string(), text, text, z.coerce.number(), z.array(z.coerce.number())]);
const rowSchema = z.looseObject({
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
  csm: text,
  arr: z.number().nullable(),
  value_score: z.number().nullable(),
  composite_score: z.number().nullable(),
  health_score: z.number().nullable(),
  activated: number,
  depth: z.number().nullable(),
  suppressed: z.array(z.string()),
  missing: z.array(z.string()),
  users: z.array(userSchema),
});

/** What the profile of an account and those of its users say to an entry. */
export type Profiled = z.infer<typeof rowSchema>;

/** What the profiles of all accounts in the tables say, in blocks as they are read. */
export function readProfiled(warehouse: Warehouse, tables: ProfiledTables): AsyncGenerator<readonly Profiled[]> {
  const settings = { prefer_column_name_to_alias: 1, join_use_nulls: 0 };
  return warehouse.stream(entrySql(tables), rowSchema, { settings });
}

/** The entry of an account, from its profile and its assignment. */
export function entryOf(row: Profiled, { asOf, assigned, model }: EntryInput): BookEntry {
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
      firmographics: firmographicsOf(model, row),
      csm: row.csm,
      arr: row.arr,
      valueScore: row.value_score,
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

function entrySql({ model, catalogue, accounts, users }: ProfiledTables): string {
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
      nullIf(toString(ifNull(job, '')), '') AS job, ${firmographicNames(model).join(', ')},
      nullIf(toString(ifNull(csm, '')), '') AS csm, arr, value_score, composite_score, health_score, activated, activation_depth AS depth,
      ${lists(suppressed)} AS suppressed, ${lists(missing)} AS missing, u.users AS users
    FROM ${accounts} AS a LEFT JOIN (${people}) AS u ON u.owner = a.account_id`;
}

const quote = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function lists(parts: readonly string[]): string {
  return parts.length === 0
    ? `CAST([], 'Array(String)')`
    : `arrayConcat(${parts.join(', ')}, CAST([], 'Array(String)'))`;
}

/** Names that entries read from a profile, beside those of classes; some are signals, some attributes. */
export function entryNames(model: Model): readonly string[] {
  const suppressed = model.experience.suppress.flatMap(({ when }) => when?.names ?? []);
  return [
    'job',
    'arr',
    'value_score',
    'activated',
    'activation_depth',
    'stalled_step',
    ...suppressed,
    ...decidingNames(model),
  ];
}

/** Names that the deciding rules read. */
function decidingNames(model: Model): readonly string[] {
  const conditions = [
    ...model.segments.map(({ when }) => when),
    ...model.fallback.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.cohorts.flatMap(({ when }) => (when === null ? [] : [when])),
  ];
  return [...new Set(conditions.flatMap((condition) => condition.names))].sort();
}

/** Code of the reason `missing` beside a signal (SIGNALS: no source, not covered, field empty). */
const MISSING = 1;

/** Names of `decidingNames` that can be missing, and SQL for "there is no data for it". */
function missingNames(model: Model, catalogue: readonly SignalEntry[]): readonly { name: string; sql: string }[] {
  const names = decidingNames(model);
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
