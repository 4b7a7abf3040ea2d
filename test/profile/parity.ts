import { z } from 'zod';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';
import { profileOf } from '../oracle/profile.ts';
import type { AccountProfile, UserProfile, World } from '../oracle/world.ts';
import { modelOf } from './load-world.ts';

type Row = Readonly<Record<string, unknown>>;

const REASONS = ['', 'missing', 'not_yet', 'none'] as const;
const ACCOUNT_CLASSES = [
  'cohort',
  'lifecycle',
  'direction',
  'relationship',
  'archetype',
  'size_band',
  'value_tier',
] as const;

/** Every difference between the SQL and the oracle on one world at one as-of, in words; empty where they agree. */
export async function differences(warehouse: Warehouse, world: World, asOf: Date): Promise<string[]> {
  const model = modelOf(world);
  const expected = profileOf(world, asOf);
  const tables = await computeProfiles(warehouse, { model, asOfs: [asOf.getTime()], run: 'parity' });
  try {
    const row = z.record(z.string(), z.unknown());
    const accounts = await warehouse.rows(`SELECT * FROM ${tables.accounts}`, row);
    const users = await warehouse.rows(`SELECT * FROM ${tables.users}`, row);
    const own = (entity: string) => model.signals.filter((s) => s.entity === entity).map((s) => s.name);
    return [
      ...compareAll(
        'account',
        expected.accounts,
        accounts,
        accountKey,
        [...names('account'), ...own('account')],
        ACCOUNT_CLASSES,
      ),
      ...compareAll('user', expected.users, users, userKey, [...names('user'), ...own('user')], ['tier']),
    ];
  } finally {
    await dropProfiles(warehouse, 'parity');
  }
}

/** Every account and user as the SQL computes them at these instants, measured together, by as-of and key. */
export async function profilesOf(
  warehouse: Warehouse,
  world: World,
  ...asOfs: readonly Date[]
): Promise<readonly ({ readonly key: string } & Row)[]> {
  const instants = asOfs.map((asOf) => asOf.getTime());
  const tables = await computeProfiles(warehouse, { model: modelOf(world), asOfs: instants, run: 'panel' });
  try {
    const row = z.record(z.string(), z.unknown());
    const accounts = await warehouse.rows(`SELECT * FROM ${tables.accounts}`, row);
    const users = await warehouse.rows(`SELECT * FROM ${tables.users}`, row);
    return [...accounts, ...users]
      .map((found) => ({ ...found, key: `${found['as_of']} ${found['account_id']} ${found['user_id'] ?? ''}` }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  } finally {
    await dropProfiles(warehouse, 'panel');
  }
}

const DERIVED = new Set(['value_tier']);
const names = (entity: string) =>
  SIGNAL_CATALOGUE.filter((entry) => entry.entity === entity && !DERIVED.has(entry.name)).map((entry) => entry.name);
const accountKey = (row: Row | AccountProfile): string => String((row as Row)['account_id']);
const userKey = (row: Row | UserProfile): string => `${(row as Row)['account_id']} / ${(row as Row)['user_id']}`;

function compareAll<P extends AccountProfile | UserProfile>(
  what: string,
  expected: readonly P[],
  actual: readonly Row[],
  key: (row: Row | P) => string,
  signals: readonly string[],
  classes: readonly string[],
): string[] {
  const found = new Map(actual.map((row) => [key(row), row]));
  const wanted = new Set(expected.map((profile) => key(profile)));
  const surplus = [...found.keys()]
    .filter((name) => !wanted.has(name))
    .map((name) => `${what} ${name}: listed, and should not be`);
  return [
    ...surplus,
    ...expected.flatMap((profile) => {
      const row = found.get(key(profile));
      if (row === undefined) return [`${what} ${key(profile)}: not listed`];
      return [
        ...compareExtras(what, key(profile), profile, row),
        ...signals.flatMap((name) => compareSignal(what, key(profile), name, profile, row)),
        ...classes.flatMap((name) => compareClass(what, key(profile), name, profile, row)),
      ];
    }),
  ];
}

function compareSignal(
  what: string,
  key: string,
  name: string,
  profile: AccountProfile | UserProfile,
  row: Row,
): string[] {
  const expected = profile.signals[name];
  const actual = row[name];
  if (expected === undefined) return [`${what} signal ${name}: the oracle does not know it`];
  if (!isSame(expected, actual))
    return [
      `${what} ${key}: ${name} is ${String(actual)}, the oracle says ${String(expected)} ${profile.nulls[name] ?? ''}`,
    ];
  const reason = REASONS[Number(row[`${name}__null`] ?? 0)] ?? '';
  const wanted = profile.nulls[name] ?? '';
  return row[`${name}__null`] === undefined || reason === wanted
    ? []
    : [`${what} ${key}: ${name} is null by ${reason}, the oracle says ${wanted}`];
}

function compareClass(
  what: string,
  key: string,
  name: string,
  profile: AccountProfile | UserProfile,
  row: Row,
): string[] {
  const expected = (profile as unknown as Row)[name] ?? null;
  const actual = row[name] ?? null;
  return expected === actual
    ? []
    : [`${what} ${key}: ${name} is ${String(actual)}, the oracle says ${String(expected)}`];
}

function isSame(expected: number | string | null, actual: unknown): boolean {
  if (expected === null || actual === null) return expected === (actual ?? null);
  if (typeof expected === 'string') return expected === actual;
  const value = Number(actual);
  return Math.abs(value - expected) <= 1e-7 * Math.max(1, Math.abs(expected));
}

/** What only accounts have: what was assumed, and whether they are inside the ICP. */
function compareExtras(what: string, key: string, profile: AccountProfile | UserProfile, row: Row): string[] {
  if (!('assumed' in profile)) return [];
  const assumed = [...(row['assumed'] as string[])].sort().join();
  const wanted = [...profile.assumed].sort().join();
  const eligible = row['eligible'] === null ? null : row['eligible'] === 1;
  return [
    ...(assumed === wanted ? [] : [`${what} ${key}: assumed is ${assumed}, the oracle says ${wanted}`]),
    ...(eligible === profile.eligible
      ? []
      : [`${what} ${key}: eligible is ${eligible}, the oracle says ${profile.eligible}`]),
  ];
}
