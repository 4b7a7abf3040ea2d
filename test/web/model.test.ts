import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { listMoves } from '../../src/pipeline/moves.ts';
import { lastRun } from '../../src/pipeline/recorded.ts';
import { until } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';
import { faultsOf, type Ground, openGround, PATIENCE, TWO } from './ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(async () => {
  await ground.close();
  expect(ground.faults).toEqual([]);
});

const counted = z.array(z.looseObject({ name: z.string(), accounts: z.number() }));

test('segments: the accounts of each are those of `segments --json`, and their states those of `segments standing`', async () => {
  const said = counted.parse(await ground.json('segments'));
  const states = z
    .array(z.looseObject({ segment: z.string(), state: z.string() }))
    .parse(await ground.json('segments', 'standing'));
  const page = await ground.open('/segments');
  for (const { name, accounts } of said) {
    const card = page.getByRole('article', { name });
    expect(await card.textContent()).toContain(`${accounts} account`);
    const state = states.find(({ segment }) => segment === name)?.state ?? 'none is told';
    await card.filter({ hasText: state }).waitFor();
  }
  await page.close();
});

const flowSchema = z.object({
  flows: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), accounts: z.number() })),
});

test('moves: the table beside the flow diagram is that of `moves flow --json`', async () => {
  const span = ['--since', '2026-11-10', '--until', '2026-11-22'];
  const { flows } = flowSchema.parse(await ground.json('moves', 'flow', ...span));
  const page = await ground.open('/moves?since=2026-11-10&until=2026-11-22');
  await page.getByRole('button', { name: 'Show as table' }).click();
  const rows = page.getByRole('figure').locator('tbody tr');
  await rows.first().waitFor();
  const shown = await rows.evaluateAll((all) =>
    (all as unknown as { cells: { textContent: string }[] }[]).map(({ cells }) =>
      Array.from(cells, ({ textContent }) => textContent).slice(0, 3),
    ),
  );
  const none = 'in none';
  expect(shown).toEqual(flows.map(({ from, to, accounts }) => [from ?? none, to ?? none, String(accounts)]));
  await page.close();
});

const planSchema = z.looseObject({ asOf: z.string(), moves: z.array(z.looseObject({ account_id: z.string() })) });

test('a threshold is changed, previewed as `plan` has it, published with a note, and its moves are seen', async () => {
  const page = await ground.open('/model?segment=Growth', { role: 'editor' });
  const field = page.getByLabel('Growth, part 4: value');
  await field.waitFor();
  await page.getByRole('heading', { name: 'Nobody would move' }).waitFor({ timeout: PATIENCE });
  await field.fill('0');
  await field.press('Enter');
  await page.getByText('A draft: nothing of it is in force.').waitFor();
  const heading = page.getByRole('heading', { name: /customers would move/ });
  await heading.waitFor();
  const told = Number(/^\d+/.exec((await heading.textContent()) ?? '')?.[0]);

  const asOf = (await page.getByText('by the rules alone, as of').textContent()) ?? '';
  expect(asOf).toContain('2026');
  const { modelText } = ground.workspace;
  const draft = join(scratchFolder(), 'draft');
  mkdirSync(draft);
  const file = join(draft, 'bellwether.yaml');
  writeFileSync(file, modelText.replace('expansion_potential >= 0.5', 'expansion_potential >= 0'));
  const at = new Date(ground.service.book.asOf ?? 0).toISOString();
  const plan = planSchema.parse(await ground.json('plan', file, '--as-of', at));
  expect(plan.moves.length).toBe(told);

  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByLabel('What it is for').fill('Growth takes all who are steady');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const model = z.object({ publication: z.object({ note: z.string() }).nullable() });
  await until(
    async () => model.parse(await ground.ask('/api/v1/model')),
    ({ publication }) => publication?.note === 'Growth takes all who are steady',
  );
  const moved = (await listMoves(ground.workspace, {})).filter(({ cause }) => cause === 'model edit');
  expect(moved.length).toBeGreaterThan(0);
  await page.goto(`${ground.address}/moves`);
  await page
    .getByText(/by model edit/)
    .first()
    .waitFor();
  await page.goto(`${ground.address}/model?tab=history`);
  await page.getByRole('article', { name: 'Growth takes all who are steady' }).getByText('in force').waitFor();
  await page.close();
});

test('a draft upon a version that is in force no more is offered, and what it would undo is told', async () => {
  const page = await ground.open('/model', { role: 'editor' });
  await page.getByRole('textbox', { name: 'The model as text' }).waitFor();
  const { modelText } = ground.workspace;
  const left = JSON.stringify({
    base: 'a version before',
    text: modelText.replace('expansion_potential >= 0.5', 'expansion_potential >= 0.9'),
  });
  expect(left).toContain('expansion_potential >= 0.9');
  const leave = async () => {
    await page.evaluate(`localStorage.setItem('bellwether.draft', ${JSON.stringify(left)})`);
    await page.reload();
  };
  await leave();
  await page.getByRole('button', { name: 'Throw it away' }).click();
  await page.reload();
  await page.getByText('As it is in force.').waitFor();
  expect(await page.getByText('made upon an earlier version').count()).toBe(0);
  await leave();
  await page.getByRole('button', { name: 'Take it up' }).click();
  await page.getByText('A draft: nothing of it is in force.').waitFor();
  const told = 'asks expansion_potential >= 0.9 in place of expansion_potential >= 0';
  await page.getByRole('listitem').filter({ hasText: told }).waitFor();
  await page.getByRole('button', { name: 'Throw the draft away' }).click();
  await page.getByText('As it is in force.').waitFor();
  await page.close();
});

const standingSchema = z.object({
  version: z.string(),
  text: z.string(),
  publication: z.object({ publicationId: z.number() }).nullable(),
});

/** The model in force, and upon what a draft of it is made. */
async function standing(): Promise<{ readonly base: string; readonly text: string }> {
  const { version, text, publication } = standingSchema.parse(await ground.ask('/api/v1/model'));
  return { base: `${version}-${publication?.publicationId ?? 0}`, text };
}

test('a remark is published, and the rules can be edited again though they are the same', async () => {
  const page = await ground.open('/model', { role: 'editor' });
  await page.getByRole('textbox', { name: 'The model as text' }).waitFor();
  const { base, text } = await standing();
  const left = (remark: string) => JSON.stringify({ base, text: `${text}${remark}` });
  const leave = async (draft: string) => {
    await page.evaluate(`localStorage.setItem('bellwether.draft', ${JSON.stringify(draft)})`);
    await page.reload();
  };
  await leave(left('# A remark.\n'));
  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByLabel('What it is for').fill('A remark');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByText('As it is in force.').waitFor();
  const field = page.getByLabel('Growth, part 4: value');
  await until(
    () => field.isEditable(),
    (isEditable) => isEditable,
  );
  expect((await standing()).text).toContain('# A remark.');
  // The rules are the same, and still a draft from before it would take the remark away.
  await leave(left('# Another.\n'));
  await page.getByText('made upon an earlier version').waitFor();
  await page.getByText('As it is in force.').waitFor();
  await page.getByRole('button', { name: 'Throw it away' }).click();
  await page.close();
});

test('held moves are released by an editor, and a viewer is not offered to', async () => {
  const { ledger } = ground.workspace;
  const run = await lastRun(ledger);
  const rows = await ledger.query(
    `SELECT account_id, segment FROM assignments WHERE segment = 'Growth' ORDER BY account_id LIMIT 2`,
    [],
    z.object({ account_id: z.string(), segment: z.string() }),
  );
  const at = new Date(run?.asOf ?? 0).toISOString();
  const moves = rows.map(({ account_id, segment }) => ({
    ...{ account_id, at, from_segment: segment, to_segment: 'Efficient', home: 'Efficient', cause: 'behaviour' },
  }));
  const hold = [run?.runId, new Date(at), 'a test held them', JSON.stringify(moves)];
  await ledger.command('INSERT INTO holds (run_id, opened_at, reason, moves) VALUES ($1, $2, $3, $4)', hold);
  const viewer = await ground.open('/moves', { role: 'viewer' });
  await viewer.getByRole('heading', { name: '2 moves are held' }).waitFor();
  expect(await viewer.getByRole('button', { name: 'Release all' }).count()).toBe(0);
  await viewer.close();
  const page = await ground.open('/moves', { role: 'editor' });
  await page.getByRole('button', { name: 'Release all' }).click();
  await page.getByText('2 moves happen now.').waitFor();
  await page.getByRole('heading', { name: '2 moves are held' }).waitFor({ state: 'hidden' });
  await page.close();
});

test('segments, moves and the model are accessible and fit, in both themes, on a desk and on a phone', async () => {
  for (const [path, ready] of [
    ['/segments', 'article'],
    ['/segments/Growth', 'code'],
    ['/moves', '[data-drawn=true]'],
    ['/model', '[data-draft]'],
  ] as const) {
    const page = await ground.open(path);
    const isDrawn = () => page.locator(ready).first().waitFor({ timeout: PATIENCE });
    expect(await faultsOf(page, isDrawn, TWO)).toEqual([]);
    await page.close();
  }
});
