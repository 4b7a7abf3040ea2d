import { afterAll, beforeAll, expect, test } from 'vitest';
import { Role } from '../../src/pipeline/role.ts';
import { filled, type Ground, openGround, overflowOf, PATIENCE, seriousFindings } from './ground.ts';

let ground: Ground;
/** Another process that is to compute and never does: nothing is answered until it gives its role up. */
let other: Role;

beforeAll(async () => {
  ground = await openGround({
    before: async ({ ledger }) => {
      other = new Role({ ledger, role: 'sweeper', holder: 'another', leaseSeconds: 3_600 });
      expect(await other.hold()).toBe(true);
    },
  });
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

test('until the first answers are there a page says that they are being computed, and then fills by itself', async () => {
  const looks = [
    { path: '/', look: { scheme: 'light', width: 1440 } },
    { path: '/', look: { scheme: 'dark', width: 390 } },
    { path: '/accounts', look: { scheme: 'light', width: 390 } },
    { path: '/users', look: { scheme: 'dark', width: 1440 } },
  ] as const;
  const pages = await Promise.all(looks.map(({ path, look }) => ground.open(path, look)));
  for (const page of pages) {
    const notice = page.getByRole('region', { name: 'No answers yet' });
    await notice.getByRole('status').getByText('The first answers are being computed.').waitFor();
    await notice.getByText('This page fills by itself.', { exact: false }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await overflowOf(page)).toBe(0);
  }
  const readiness = await (await fetch(`${ground.address}/readyz`)).json();
  expect(readiness).toMatchObject({ status: 'filling', isFilled: false, progress: null });
  await other.release();
  await filled(ground.service);
  for (const page of pages) {
    await page.getByRole('region', { name: 'No answers yet' }).waitFor({ state: 'detached', timeout: PATIENCE });
    await page.locator('main a[href^="/accounts"]').first().waitFor({ timeout: PATIENCE });
    await page.close();
  }
});
