import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { measureFrame, planOf, sideOf } from '../../src/pipeline/plan.ts';
import { Previewer } from '../../src/pipeline/previewer.ts';
import { Turnstile } from '../../src/pipeline/turnstile.ts';
import { vocabularyOf } from '../../src/pipeline/vocabulary.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { answersFor } from '../../src/segment/answer.ts';
import { frameOf } from '../../src/segment/frame.ts';
import { type OpenEngines, openEngines } from '../api/serving.ts';
import { modelOf } from '../definition/model.ts';
import { loadRows } from '../profile/load-world.ts';
import { worldRows } from '../simulate/rows.ts';

const END = '2026-11-21';
const AS_OF = Date.parse(`${END}T00:00:00Z`);
const TEXT = writeDefaultModel();
const POWER = 'power_users >= 3';

let engines: OpenEngines;
beforeAll(async () => {
  engines = await openEngines(TEXT);
  await loadRows(engines.warehouse, worldRows({ seed: 3, accounts: 60, end: END }).tables);
});
afterAll(() => engines.close());

/** The model with one part of its text replaced by another. */
function edited(from: string, to: string): string {
  if (!TEXT.includes(from)) throw new Error(`the default model does not say ${from}`);
  return TEXT.replace(from, to);
}

/** Raw answers of a draft by the SQL that a run would use. */
async function rawBySql(text: string): Promise<ReadonlyMap<string, string | null>> {
  const model = modelOf(text);
  const run = 'plan_by_sql';
  try {
    const { accounts } = await computeProfiles(engines.warehouse, { model, asOfs: [AS_OF], run });
    const answers = await answersFor(engines.warehouse, model, SIGNAL_CATALOGUE, accounts);
    const customers = answers.filter(({ relationship }) => relationship === 'customer');
    return new Map(customers.map(({ accountId, raw }) => [accountId, raw]));
  } finally {
    await dropProfiles(engines.warehouse, run);
  }
}

const DRAFTS: readonly (readonly [what: string, text: () => string])[] = [
  ['a cohort', () => edited(POWER, 'power_users >= 1')],
  ['a band', () => edited('employees < 50', 'employees < 200')],
  ['what is measured', () => edited('expansion_multiplier: 1.25', 'expansion_multiplier: 3')],
];

test.each(DRAFTS)('a plan that changes %s says who moves as a run would have it', async (_, text) => {
  const [before, after] = [await rawBySql(TEXT), await rawBySql(text())];
  const expected = [...after].filter(([accountId, raw]) => before.get(accountId) !== raw);
  const plan = await planOf(engines, modelOf(text()), AS_OF);
  expect(plan.moves.map(({ account_id, to }) => [account_id, to]).sort()).toEqual(expected.sort());
  expect(plan.changes.length).toBeGreaterThan(0);
  expect(plan.unmeasured).toEqual([]);
});

test('a plan that moves somebody adds up, and one of what is in force says nothing', async () => {
  const plan = await planOf(engines, modelOf(edited(POWER, 'power_users >= 1')), AS_OF);
  expect(plan.moves.length).toBeGreaterThan(0);
  expect(plan.flows.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(plan.moves.length);
  const count = (side: 'before' | 'after') => plan.segments.reduce((sum, each) => sum + (each[side]?.accounts ?? 0), 0);
  expect([count('before'), count('after')]).toEqual([plan.customers, plan.customers]);
  const same = await planOf(engines, modelOf(TEXT), AS_OF);
  expect([same.moves, same.changes]).toEqual([[], []]);
});

test('a preview says the same as the plan, and what it has not measured', async () => {
  const previewer = new Previewer({
    ...{ engines, clock: () => AS_OF, turnstile: new Turnstile(), answeredAt: () => AS_OF },
    onFailure: (error) => {
      throw error;
    },
  });
  const rules = modelOf(edited(POWER, 'power_users >= 1'));
  expect(await previewer.preview(rules, false)).toEqual(await planOf(engines, rules, AS_OF));
  const measures = modelOf(edited('expansion_multiplier: 1.25', 'expansion_multiplier: 3'));
  const quick = await previewer.preview(measures, false);
  expect(quick.unmeasured).toEqual(['value.expansion_multiplier']);
  expect(await previewer.preview(measures, true)).toEqual(await planOf(engines, measures, AS_OF));
});

test('the vocabulary counts every customer as known or not', async () => {
  const frame = await measureFrame(engines, engines.model, AS_OF);
  const { placed } = sideOf(frame, engines.model);
  const words = vocabularyOf(frame, engines.model);
  const arr = words.find(({ name }) => name === 'arr');
  expect(arr?.known).toBe(placed.filter((each) => each.arr !== null).length);
  expect(arr?.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(arr?.known);
  const cohort = words.find(({ name }) => name === 'cohort');
  expect(cohort?.kind).toBe('class');
  expect(cohort?.values?.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(cohort?.known);
});

const LIMIT_MILLIS = 300;
const ACCOUNTS = 1_000;

test('a preview of 1,000 accounts takes less than 300 milliseconds once they are measured', async () => {
  const frame = await measureFrame(engines, engines.model, AS_OF);
  const customers = frame.accountIds.flatMap((_, place) =>
    frame.column('relationship')?.[place] === 'customer' ? [place] : [],
  );
  const rows = Array.from({ length: ACCOUNTS }, (_, index) => {
    const place = customers[index % customers.length] ?? 0;
    const values = frame.names.map((name) => [name, frame.column(name)?.[place]] as const);
    const reasons = frame.names.flatMap((name) => {
      const codes = frame.reasons(name);
      return codes === null ? [] : [[`${name}__null`, codes[place]] as const];
    });
    return { ...Object.fromEntries([...values, ...reasons]), account_id: `a${index}` };
  });
  const large = frameOf(rows, AS_OF, frame.version);
  const draft = modelOf(edited(POWER, 'power_users >= 1'));
  sideOf(large, draft);
  const begun = performance.now();
  const { placed } = sideOf(large, draft);
  const millis = performance.now() - begun;
  process.stdout.write(`preview of ${placed.length} customers: ${millis.toFixed(0)} ms\n`);
  expect(placed.length).toBe(ACCOUNTS);
  expect(millis).toBeLessThan(LIMIT_MILLIS);
});
