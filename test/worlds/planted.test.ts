import { expect, test } from 'vitest';
import { scratchFolder } from '../scratch.ts';
import { tryWorld } from './planted-world.ts';

test.each([4, 6])('in default world %i the planted milestone is found, and the decoys are told apart', async (seed) => {
  const said = await tryWorld(scratchFolder(), { seed, accounts: 1000, months: 24 });
  expect(said.primary).toMatchObject({ verdict: 'holds' });
  expect(said.isTruthInside).toBe(true);
  expect(said.standing).toEqual([]);
  expect(said.naive?.hazardRatio).toBeLessThan(0.7);
  expect(said.naive?.p).toBeLessThan(0.01);
});
