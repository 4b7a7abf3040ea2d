import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type OpenLedger, openLedger } from '../../src/ledger/open.ts';
import { Role } from '../../src/pipeline/role.ts';
import { laidOutFolder } from '../laid-out.ts';

let ledger: OpenLedger;

beforeAll(async () => {
  ledger = await openLedger({ directory: await laidOutFolder('ledger') });
});
afterAll(() => ledger.close());
beforeEach(async () => {
  await ledger.command('DELETE FROM roles_held');
});

const role = (holder: string): Role => new Role({ ledger, role: 'sweeper', holder, leaseSeconds: 600 });
const endLease = () => ledger.command('UPDATE roles_held SET until = clock_timestamp()');

it('has one holder, who keeps it by renewing', async () => {
  const [one, two] = [role('one'), role('two')];
  expect([await one.hold(), await two.hold(), await one.hold()]).toEqual([true, false, true]);
  expect(one.fence).toBe(1);
  expect([await one.renew(), await two.renew()]).toEqual([true, false]);
  expect(two.fence).toBeNull();
});

it('of many that ask at once goes to one', async () => {
  const roles = Array.from({ length: 8 }, (_, index) => role(`p${index}`));
  const held = await Promise.all(roles.map((each) => each.hold()));
  expect(held.filter(Boolean)).toHaveLength(1);
});

it('is taken over when the lease has ended, and refuses what the old holder writes', async () => {
  const [one, two] = [role('one'), role('two')];
  await one.hold();
  await endLease();
  expect(await two.hold()).toBe(true);
  expect(two.fence).toBe(2);
  let isWritten = false;
  const write = one.transaction(async () => {
    isWritten = true;
  });
  await expect(write).rejects.toMatchObject({ code: 'role-lost', isRetryable: true });
  expect([isWritten, one.isHeld, await one.renew()]).toEqual([false, false, false]);
});

it('never comes back to an old holder by a renewal, even when the lease of the next has ended', async () => {
  const [one, two] = [role('one'), role('two')];
  await one.hold();
  await endLease();
  await two.hold();
  await endLease();
  expect([await one.renew(), one.isHeld]).toEqual([false, false]);
  expect([await one.hold(), one.fence]).toEqual([true, 3]);
});

it('is given up at once, and a transaction of the holder is undone with its failure', async () => {
  const [one, two] = [role('one'), role('two')];
  await one.hold();
  const failing = one.transaction(async (transaction) => {
    await transaction.command("UPDATE roles_held SET holder = 'nobody'");
    throw new Error('half-way');
  });
  await expect(failing).rejects.toThrow('half-way');
  const rows = await ledger.query('SELECT holder FROM roles_held', [], z.object({ holder: z.string() }));
  expect(rows).toEqual([{ holder: 'one' }]);
  await one.release();
  expect([one.isHeld, await two.hold()]).toEqual([false, true]);
});
