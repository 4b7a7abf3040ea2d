import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACCOUNT_INPUTS, USER_INPUTS } from './catalogue.ts';
import { cutWorld } from './cut-world.ts';
import { profileOf } from './profile.ts';
import { randomWorld } from './random-world.ts';
import { worldModelYaml, writeWorldFiles } from './world-files.ts';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const SMALL = { accounts: 8, users: 20, events: 600 };

describe('random worlds', () => {
  it('are the same for the same seed and differ between seeds', () => {
    const said = (seed: number) => [randomWorld(seed, SMALL).facts, worldModelYaml(randomWorld(seed, SMALL))];
    expect(said(7)).toEqual(said(7));
    expect(said(7)).not.toEqual(said(8));
  });

  it('are written as files that can be read back', async () => {
    const world = randomWorld(3, SMALL);
    const directory = await mkdtemp(join(tmpdir(), 'oracle-'));
    try {
      await writeWorldFiles(world, directory);
      const files = await readdir(directory);
      expect(files.sort()).toEqual(['bellwether.yaml', ...world.model.sources.map((source) => source.path)].sort());
      expect(await readFile(join(directory, 'bellwether.yaml'), 'utf8')).toBe(worldModelYaml(world));
      expect(parse(worldModelYaml(world))).toMatchObject({ version: 1, currency: 'USD' });
      const lines = (await readFile(join(directory, 'accounts.jsonl'), 'utf8')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line).account_id)).toEqual(
        world.facts.accounts.map((row) => row.account_id),
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('profiles of random worlds', () => {
  it.each(SEEDS)('use no fact at or after the as-of (seed %i)', (seed) => {
    const world = randomWorld(seed, SMALL);
    for (const asOf of world.asOfs) {
      expect(profileOf(cutWorld(world, asOf), asOf)).toEqual(profileOf(world, asOf));
    }
  });

  it('give every signal a value or a reason, never both', () => {
    const world = randomWorld(11, SMALL);
    const { accounts, users } = profileOf(world, world.asOfs[0] ?? new Date(0));
    const own = (entity: string) => world.model.signals.filter((one) => one.entity === entity).map((one) => one.name);
    const accountNames = [...Object.keys(ACCOUNT_INPUTS), ...own('account'), 'health_score', 'composite_score'].sort();
    const userNames = [...Object.keys(USER_INPUTS), ...own('user')].sort();
    for (const row of accounts) expect(Object.keys(row.signals)).toEqual(accountNames);
    for (const row of users) expect(Object.keys(row.signals)).toEqual(userNames);
    for (const { signals, nulls } of [...accounts, ...users]) {
      const absent = Object.keys(signals).filter((name) => signals[name] === null);
      expect(Object.keys(nulls)).toEqual(absent);
    }
  });
});
