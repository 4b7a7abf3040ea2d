import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { profileOf } from '../oracle/profile.ts';
import { randomWorld } from '../oracle/random-world.ts';
import type { AccountProfile, UserProfile } from '../oracle/world.ts';
import { writeWorldFiles } from '../oracle/world-files.ts';
import { scratchFolder } from '../scratch.ts';
import { json } from './terminal.ts';

const folder = scratchFolder();
const SEEDS = [11, 12, 13];
const TOLERANCE = 1e-7;

type Row = Readonly<Record<string, unknown>>;
type Profile = AccountProfile | UserProfile;

const CLASSES = ['cohort', 'lifecycle', 'direction', 'relationship', 'archetype', 'value_tier', 'eligible', 'tier'];

describe('files through the command line give what the oracle says', () => {
  test.each(SEEDS)('world %i', async (seed) => {
    const world = randomWorld(seed, { accounts: 6, events: 400 });
    const directory = join(folder, `world-${seed}`);
    await writeWorldFiles(world, directory);
    const here = ['--workspace', directory];
    await json(['import', ...here]);
    const [asOf = new Date(0)] = world.asOfs;
    const expected = profileOf(world, asOf);
    const measure = async (entity: string) =>
      (await json(['signals', '--entity', entity, '--as-of', asOf.toISOString(), ...here])) as readonly Row[];
    expect(differences(expected.accounts, await measure('account'))).toEqual([]);
    expect(differences(expected.users, await measure('user'))).toEqual([]);
  });
});

const keyOf = (row: Row | Profile): string => `${row.account_id}/${'user_id' in row ? row.user_id : ''}`;

/** Every way in which printed rows differ from the profiles of the oracle, in words. */
function differences(expected: readonly Profile[], printed: readonly Row[]): readonly string[] {
  const rows = new Map(printed.map((row) => [keyOf(row), row]));
  const sorted = printed.map(keyOf).toSorted((a, b) => (a < b ? -1 : 1));
  const wanted = new Set(expected.map(keyOf));
  return [
    ...(printed.map(keyOf).join() === sorted.join() ? [] : ['the rows are not sorted']),
    ...[...rows.keys()].filter((key) => !wanted.has(key)).map((key) => `${key}: listed, and should not be`),
    ...expected.flatMap((profile) => {
      const row = rows.get(keyOf(profile));
      return row === undefined ? [`${keyOf(profile)}: not listed`] : differencesOf(profile, row);
    }),
  ];
}

function differencesOf(profile: Profile, row: Row): readonly string[] {
  const signals = row['signals'] as Row;
  const nulls = row['nulls'] as Row;
  const tell = (name: string, is: unknown, should: unknown) =>
    `${keyOf(profile)}: ${name} is ${String(is)}, the oracle says ${String(should)}`;
  const values = Object.entries(profile.signals)
    .filter(([name, value]) => !isSame(value, signals[name]))
    .map(([name, value]) => tell(name, signals[name], value));
  const reasons = Object.keys({ ...profile.nulls, ...nulls })
    .filter((name) => profile.nulls[name] !== nulls[name])
    .map((name) => tell(`${name}, which is null,`, nulls[name], profile.nulls[name]));
  const classes = CLASSES.filter((name) => name in profile && Reflect.get(profile, name) !== row[name]).map((name) =>
    tell(name, row[name], Reflect.get(profile, name)),
  );
  const assumed = 'assumed' in profile && profile.assumed.join() !== (row['assumed'] as string[]).join();
  return [...values, ...reasons, ...classes, ...(assumed ? [tell('assumed', row['assumed'], profile.assumed)] : [])];
}

function isSame(expected: number | string | null, actual: unknown): boolean {
  if (typeof expected !== 'number' || typeof actual !== 'number') return expected === actual;
  return Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}
