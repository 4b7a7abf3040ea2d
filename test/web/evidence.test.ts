import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { until } from '../api/serving.ts';
import { faultsOf, type Ground, openGround, PATIENCE } from './ground.ts';

let ground: Ground;

beforeAll(async () => {
  ground = await openGround();
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const findings = z.array(z.object({ verdict: z.string().optional(), sentence: z.string() }));

/** Sentences as the page shows them, all of them. */
async function sentencesOf(page: Page): Promise<readonly string[]> {
  const list = page.locator('ul li p');
  await list.first().waitFor({ timeout: PATIENCE });
  const more = page.getByRole('button', { name: /^Show all/ });
  if ((await more.count()) > 0) await more.click();
  return list.allTextContents();
}

test(
  'a question says the sentences of the command line',
  async () => {
    for (const question of ['milestones', 'segments']) {
      const said = findings.parse(await ground.json('evidence', question));
      const page = await ground.open(`/evidence/${question}`);
      const shown = await sentencesOf(page);
      expect(shown.toSorted()).toEqual(said.map(({ sentence }) => sentence).toSorted());
      const held = said.filter(({ verdict }) => verdict === 'holds').length;
      await page.getByText(`Holds ${held}`, { exact: true }).waitFor();
      await page.close();
    }
  },
  PATIENCE,
);

test(
  'what there is to test with is what the command line says',
  async () => {
    const said = z
      .object({ sentence: z.string(), churns: z.number(), everCustomers: z.number() })
      .parse(await ground.json('evidence'));
    const page = await ground.open('/evidence');
    await page.waitForURL(/\/evidence\/milestones/);
    const strip = page.getByRole('region', { name: 'What there is to test with' });
    await strip.getByText(said.sentence).waitFor({ timeout: PATIENCE });
    expect(await strip.getByText('churns', { exact: true }).locator('..').textContent()).toBe(`${said.churns}churns`);
    await page.close();
  },
  PATIENCE,
);

test(
  'a finding narrows the list, and the list of questions leads on',
  async () => {
    const page = await ground.open('/evidence/milestones');
    await sentencesOf(page);
    await page
      .getByText(/^Too little data/)
      .first()
      .click();
    const verdicts = await until(
      () =>
        page
          .locator('ul li[data-verdict]')
          .evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute('data-verdict')))]),
      (found) => found.length === 1,
    );
    expect(verdicts).toEqual(['too_little_data']);
    await page.getByRole('navigation', { name: 'Questions' }).getByRole('link', { name: 'Jobs' }).click();
    await page.waitForURL(/\/evidence\/jobs/);
    await page
      .getByRole('heading', { name: 'Which job converts at the highest rate and keeps its customers best?' })
      .waitFor();
    await page.close();
  },
  PATIENCE,
);

test(
  'has nothing serious against it and fits, in both themes, on a desk and on a phone',
  async () => {
    const page = await ground.open('/evidence/milestones');
    await sentencesOf(page);
    expect(await faultsOf(page)).toEqual([]);
    await page.close();
  },
  PATIENCE,
);
