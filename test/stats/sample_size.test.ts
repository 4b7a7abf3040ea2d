import { expect, test } from 'vitest';
import { accountsForEvents, accountsNeeded, eventsNeeded } from '../../src/stats/sample_size.ts';
import { reference } from './reference.ts';

test('events for a hazard ratio, as Schoenfeld', () => {
  const { hazardRatio, exposedShare, events } =
    reference<Readonly<Record<'hazardRatio' | 'exposedShare' | 'events', readonly number[]>>>('schoenfeld');
  hazardRatio.forEach((ratio, row) => {
    expect(eventsNeeded({ hazardRatio: ratio, exposedShare: exposedShare[row]! })).toBe(events[row]);
  });
  expect(accountsForEvents(100, 0.3)).toBe(334);
});

test('accounts for two shares, as R power.prop.test for equal groups', () => {
  const { exposed, unexposed, power, accounts } =
    reference<Readonly<Record<'exposed' | 'unexposed' | 'power' | 'accounts', readonly number[]>>>('power_prop');
  exposed.forEach((share, row) => {
    const needed = accountsNeeded(
      { exposed: share, unexposed: unexposed[row]!, exposedShare: 0.5 },
      { power: power[row]! },
    );
    expect(needed).toEqual({ exposed: accounts[row], unexposed: accounts[row], total: 2 * accounts[row]! });
  });
  const uneven = accountsNeeded({ exposed: 0.9, unexposed: 0.85, exposedShare: 0.2 });
  expect(uneven.unexposed / uneven.exposed).toBeCloseTo(4, 1);
});

test('impossible arguments throw', () => {
  expect(() => eventsNeeded({ hazardRatio: 1, exposedShare: 0.5 })).toThrow('positive and not 1; got 1');
  expect(() => eventsNeeded({ hazardRatio: 2, exposedShare: 0 })).toThrow('the exposed share lies between 0 and 1');
  expect(() => eventsNeeded({ hazardRatio: 2, exposedShare: 0.5 }, { power: 1 })).toThrow('power lies between 0 and 1');
  expect(() => accountsNeeded({ exposed: 0.5, unexposed: 0.5, exposedShare: 0.5 })).toThrow('differ');
  expect(() => accountsForEvents(10, 0)).toThrow('the share with the event lies between 0 and 1; got 0');
});
