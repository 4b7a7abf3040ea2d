import { expect, test } from 'vitest';
import { scratchFolder } from '../scratch.ts';
import { askCalendar, askMilestones } from './planted-answer.ts';
import { inWorld } from './planted-world.ts';

test.each([4, 6])('in default world %i the planted milestone is found, and the decoys are told apart', async (seed) => {
  const said = await inWorld(scratchFolder(), { seed, accounts: 1000, months: 24 }, askMilestones);
  expect(said.milestone).toMatchObject({ verdict: 'holds', isInside: true });
  expect(said.standing).toEqual([]);
  expect(said.naive?.hazardRatio).toBeLessThan(0.7);
  expect(said.naive?.p).toBeLessThan(0.01);
});

test('in a smaller world threshold, lead time and job lie in their intervals, which tell something', async () => {
  const said = await inWorld(scratchFolder(), { seed: 4, accounts: 600, months: 18 }, askCalendar);
  for (const part of Object.values(said)) expect(part).toMatchObject({ isInside: true });
  const [threshold, leadTime, job] = [said.threshold, said.leadTime, said.job].map(({ interval }) => interval);
  expect((threshold?.[1] ?? 1) - (threshold?.[0] ?? 0)).toBeLessThan(0.5);
  expect((leadTime?.[1] ?? 365) - (leadTime?.[0] ?? 0)).toBeLessThan(50);
  expect(job?.[1]).toBeLessThan(1);
});
