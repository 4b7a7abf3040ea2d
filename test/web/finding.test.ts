import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { withPrimary } from '../../src/web/pages/evidence/milestone-edit.ts';
import { until } from '../api/serving.ts';
import { type Ground, openGround, PATIENCE } from './ground.ts';
import { plantMilestone } from './milestone-world.ts';

let ground: Ground;
const modelSchema = z.object({ text: z.string(), publication: z.object({ note: z.string() }).nullable() });

beforeAll(async () => {
  ground = await openGround({ plant: plantMilestone });
}, PATIENCE);
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

test(
  'a milestone that holds becomes the primary one: drafted by one button, and published',
  async () => {
    const page = await ground.open('/evidence/milestones');
    const reading = page.getByRole('listitem').filter({ hasText: /^teammate_invited within 14 days/ });
    await reading.getByRole('button', { name: 'Draft it as the primary milestone' }).click({ timeout: PATIENCE });
    await page.waitForURL(/\/model/);
    await page.getByText('A draft: nothing of it is in force.').waitFor();
    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByLabel('What it is for').fill('Inviting somebody is what keeps them');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    const { text } = await until(
      async () => modelSchema.parse(await ground.ask('/api/v1/model')),
      ({ publication }) => publication?.note === 'Inviting somebody is what keeps them',
    );
    expect(text).toContain('teammate_invited: { event: teammate_invited, within_days: 14, primary: true }');
    expect(text).toContain('first_export: { event: report_exported, within_days: 14 }');
    expect(text).toContain('# The one that was guessed.');
    await page.close();
  },
  PATIENCE,
);

test(
  'an area of the product, and what does not hold, are not proposed',
  async () => {
    const page = await ground.open('/evidence/milestones');
    await page
      .getByRole('button', { name: 'Draft it as the primary milestone' })
      .first()
      .waitFor({ timeout: PATIENCE });
    const offered = await page
      .getByRole('listitem')
      .filter({ has: page.getByRole('button', { name: /^Draft it/ }) })
      .locator('h3')
      .allTextContents();
    expect(offered.filter((name) => !name.startsWith('teammate_invited '))).toEqual([]);
    await page.close();
  },
  PATIENCE,
);

const TEXT = `# The company.
taxonomy: {features: {a: [b]}}
activation:
  milestones:
    first_export: { event: report_exported, within_days: 14, primary: true } # guessed
    invited: { event: user_invited, count: 3 }
`;
const invited = { kind: 'event', name: 'teammate_invited', measure: 'times', count: 1, windowDays: 30 } as const;

test('the text keeps its comments and its other milestones, which are hypotheses from then on', () => {
  expect(withPrimary(TEXT, invited)).toBe(`# The company.
taxonomy: {features: {a: [b]}}
activation:
  milestones:
    first_export: { event: report_exported, within_days: 14 } # guessed
    invited: { event: user_invited, count: 3 }
    teammate_invited: { event: teammate_invited, within_days: 30, primary: true }
`);
  expect(withPrimary(TEXT, { ...invited, measure: 'users', count: 3 })).toContain(
    'teammate_invited_by_3: { event: teammate_invited, users: 3, within_days: 30, primary: true }',
  );
});

test('a milestone that the model has becomes primary at the age that was found', () => {
  const text = withPrimary(TEXT, { ...invited, kind: 'milestone', name: 'invited' });
  expect(text).toContain('invited: { event: user_invited, count: 3, within_days: 30, primary: true }');
  expect(text?.match(/primary/g)).toHaveLength(1);
});

test('one that asks for the same is made primary, and not written twice', () => {
  const text = withPrimary(TEXT, { ...invited, name: 'user_invited', count: 3 });
  expect(text).toContain('invited: { event: user_invited, count: 3, within_days: 30, primary: true }');
  expect(text).not.toContain('user_invited_x3');
  expect(withPrimary(TEXT, { ...invited, name: 'user_invited' })).toContain('user_invited: { event: user_invited, ');
});

test('a text that cannot be edited is left alone', () => {
  expect(withPrimary('activation: [', invited)).toBeNull();
  expect(withPrimary('activation: { milestones: [{ name: a, event: b, primary: true }] }', invited)).toBeNull();
  expect(withPrimary(TEXT, { ...invited, kind: 'milestone', name: 'nobody' })).toBeNull();
});
