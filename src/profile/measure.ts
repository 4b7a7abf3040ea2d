import type { Warehouse } from '../warehouse/warehouse.ts';
import { accountParts, buildAccountBase, PEOPLE_COLUMNS, TALLIED } from './account_base.ts';
import { type Measurement, PEOPLE_SIGNALS } from './asked.ts';
import { keptOfAccounts, keptOfUsers } from './assembly.ts';
import { type BasePart, namedParts, wordsOf } from './base_part.ts';
import { tierSql } from './classes.ts';
import { withOwnSignals } from './own_signal.ts';
import { buildParts, ownPart, type Part, peoplePart } from './parts.ts';
import { type Plan, scratch } from './plan.ts';
import { type Common, narrow, resolve } from './resolution.ts';
import { dropScratch, KEPT, settingsOf } from './scratch.ts';
import { type Lens, type MeasuredSignal, REASON_CODES, signalRows } from './signal_definition.ts';
import { buildUserBase, userParts } from './user_base.ts';

/** What a plan measures, found before anything is built: signals of its instants, and what their base rows are made of. */
interface Scope {
  readonly accounts: readonly MeasuredSignal[];
  readonly users: readonly MeasuredSignal[];
  readonly accountParts: readonly BasePart[];
  readonly userParts: readonly BasePart[];
}

/** Adds the rows of a query to a table, which the first of them makes. */
export async function append(
  warehouse: Warehouse,
  plan: Plan,
  target: string,
  sql: string,
  isFirst: boolean,
): Promise<void> {
  const verb = isFirst ? `CREATE TABLE ${target} ENGINE = ${KEPT} AS` : `INSERT INTO ${target}`;
  await warehouse.command(`${verb} ${sql}`, { settings: settingsOf(plan, 'wide') });
}

/**
 * Measures the plan's instants: adds rows to `signals_account` and `signals_user` of the whole computation.
 *
 * Built is what the signals of these instants are made of, and no more. A signal that is read at other instants alone
 * stands there as null: nobody reads it here. Where profiles of accounts alone are read, rows of users last no longer than
 * the plan. `common`: what was resolved of all accounts already.
 */
export async function measure(
  warehouse: Warehouse,
  plan: Measurement,
  whole: Measurement,
  isFirst: boolean,
  common: Common | null = null,
): Promise<void> {
  if (!isFirst) await dropScratch(warehouse, plan.run);
  const lens: Lens = { model: plan.model, coverage: plan.coverage, instants: plan.instants };
  const scope = scopeOf(plan, lens);
  const isOfAccounts = plan.entity === 'account';
  const users = scratch(isOfAccounts ? plan : whole, 'signals_user');
  const hasUsers = scope.users.length > 0 || plan.instants.some((instant) => plan.asOfs.includes(instant));
  const own: readonly Part[] = [
    ...plan.model.signals.map(ownPart),
    {
      builds: ['user_base'],
      reads: readsOf(scope.userParts),
      build: (engine) => buildUserBase(engine, plan, scope.userParts),
    },
    {
      builds: ['signals_user'],
      reads: ['user_base', ...ownTables(plan, scope.users, 'user')],
      build: (engine) => append(engine, plan, users, userSignalSql(plan, lens, scope), isFirst || isOfAccounts),
    },
    peoplePart(users),
  ];
  const isOfUsers = plan.entity === 'user';
  const tables = isOfUsers ? [] : [...readsOf(scope.accountParts), ...ownTables(plan, scope.accounts, 'account')];
  const resolution = await (common === null ? resolve(warehouse, plan) : narrow(warehouse, plan, common));
  await buildParts(warehouse, plan, resolution, own, hasUsers ? ['signals_user', ...tables] : tables);
  if (!isOfUsers) {
    await buildAccountBase(warehouse, plan, scope.accountParts);
    await append(warehouse, plan, scratch(whole, 'signals_account'), accountSignalSql(plan, lens, scope), isFirst);
  }
  if (plan.only === null || plan.slice !== undefined) await dropScratch(warehouse, plan.run);
}

const readsOf = (parts: readonly BasePart[]): readonly string[] => [...new Set(parts.flatMap(({ reads }) => reads))];

/** Tables of the own measures among some signals. */
function ownTables(plan: Plan, signals: readonly MeasuredSignal[], entity: 'account' | 'user'): readonly string[] {
  return ownOf(plan, signals, entity).map(({ name }) => `own_${name}`);
}

function ownOf(plan: Plan, signals: readonly MeasuredSignal[], entity: 'account' | 'user') {
  const names = new Set(signals.map(({ name }) => name));
  return plan.model.signals.filter((signal) => signal.entity === entity && names.has(signal.name));
}

function scopeOf(plan: Measurement, lens: Lens): Scope {
  const accounts = plan.here.account;
  const ofAccounts = [...accounts.flatMap((signal) => textsOf(signal, lens)), ...keptOfAccounts(plan.model), ...MADE];
  const accountSide = plan.entity === 'user' ? [] : namedParts(accountParts(plan), ofAccounts);
  const isTallied = accountSide.some(({ columns }) => PEOPLE_COLUMNS.some((name) => name in columns));
  const ofPeople = new Set([...PEOPLE_SIGNALS, ...wordsOf(tierSql(plan.model))]);
  const users = isTallied
    ? plan.asked.user.filter((signal) => plan.here.user.includes(signal) || ofPeople.has(signal.name))
    : plan.here.user;
  const ofUsers = [...users.flatMap((signal) => textsOf(signal, lens)), ...keptOfUsers(plan.model), ...TALLIED];
  return { accounts, users, accountParts: accountSide, userParts: namedParts(userParts(plan), ofUsers) };
}

/** Columns of an account's base row that tell what is assumed of it. */
const MADE = ['is_assumed', 'said_has_contracts'];

function textsOf({ value, unknown, assumed }: MeasuredSignal, lens: Lens): readonly string[] {
  return [value(lens), ...unknown(lens).map(([condition]) => condition), ...Object.values(assumed?.(lens) ?? {})];
}

/** SQL: (at, account, user): what is kept of the base row, signals, null reasons and tier. */
function userSignalSql(plan: Measurement, lens: Lens, { users }: Scope): string {
  const base = scratch(plan, 'user_base');
  const medians = `SELECT at AS median_at, account_id AS median_account, quantileExactInclusive(0.5)(frequency) AS median_frequency FROM (
      SELECT at, account_id, bitCount(bitAnd(days, ${2 ** 28 - 1})) / (least(28, greatest(7, assumeNotNull(first_seen))) / 7) AS frequency
      FROM ${base} WHERE bitAnd(days, ${2 ** 30 - 1}) != 0
    ) GROUP BY at, account_id`;
  const rows = `SELECT x.*, if(m.median_account = '', NULL, toNullable(m.median_frequency)) AS median_frequency
    FROM (${withOwnSignals(plan, ownOf(plan, users, 'user'), base)}) AS x
    LEFT JOIN (${medians}) AS m ON m.median_at = x.at AND m.median_account = x.account_id`;
  const kept = ['at', 'account_id', 'user_id', ...keptOfUsers(plan.model), ...TALLIED];
  const columns = [...kept, ...signalColumns(plan.asked.user, users)];
  return `SELECT ${columns.join(', ')}, ${tierSql(plan.model)} AS tier FROM (${signalRows(users, lens, rows)})`;
}

/** SQL: (at, account): what a profile keeps of the base row, signals, null reasons and what is assumed. */
function accountSignalSql(plan: Measurement, lens: Lens, { accounts }: Scope): string {
  const assumed = accounts.flatMap((signal) =>
    Object.entries(signal.assumed?.(lens) ?? {}).map(
      ([name, when]) => `if(${signal.name}__null = 0 AND (${when}), ['${name}'], [])`,
    ),
  );
  const created = `if(is_assumed, ['created'], []), if(said_has_contracts, [], ['customer'])`;
  const base = withOwnSignals(plan, ownOf(plan, accounts, 'account'), scratch(plan, 'account_base'));
  const kept = ['at', 'account_id', ...keptOfAccounts(plan.model), ...signalColumns(plan.asked.account, accounts)];
  return `SELECT ${kept.join(', ')}, arrayDistinct(arrayConcat(${[created, ...assumed].join(', ')})) AS assumed
    FROM (${signalRows(accounts, lens, base)})`;
}

/** Columns of all signals that are asked for: those measured here, and nulls for the others, so that all rows are alike. */
function signalColumns(asked: readonly MeasuredSignal[], here: readonly MeasuredSignal[]): readonly string[] {
  const measured = new Set(here.map(({ name }) => name));
  return asked.flatMap(({ name, type }) => {
    if (measured.has(name)) return [name, `${name}__null`];
    const nothing = `CAST(NULL, 'Nullable(${type === 'text' ? 'String' : 'Float64'})')`;
    return [`${nothing} AS ${name}`, `toUInt8(${REASON_CODES.missing}) AS ${name}__null`];
  });
}
