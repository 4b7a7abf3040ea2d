import { expect, test } from 'vitest';
import { type HomeAccount, threeQuestions } from '../../src/pipeline/home.ts';
import { usualOf } from '../../src/pipeline/trend.ts';
import { defaultModel } from '../activation/entry.ts';

const model = defaultModel();

function account(accountId: string, said: Partial<HomeAccount> = {}): HomeAccount {
  return {
    ...{
      accountId,
      name: accountId,
      relationship: 'customer',
      eligible: true,
      segment: 'Growth',
      since: null,
      home: 'Growth',
    },
    ...{ valueTier: 'Silver', valueScore: 1_000, arr: 1_000, health: 50, csm: null, archetype: null, job: null },
    firmographics: { industry: 'retail' },
    ...said,
  };
}

const many = (count: number, name: string, said: Partial<HomeAccount>): readonly HomeAccount[] =>
  Array.from({ length: count }, (_, index) => account(`${name}${index}`, said));

test('the best are those worth most who are not at risk; the most at risk are those with most ARR', () => {
  const accounts = [
    account('small', { valueScore: 10, arr: 10 }),
    account('large', { valueScore: 900, arr: 900 }),
    account('leaving', { segment: 'At-Risk', valueScore: 5_000, arr: 5_000 }),
    account('leaving too', { segment: 'At-Risk', valueScore: 9_000, arr: 70 }),
    account('unranked', { valueScore: null }),
    account('prospect', { relationship: 'prospect', segment: null, valueScore: 9_999 }),
  ];
  const { best, atRisk } = threeQuestions(model, accounts);
  expect(best.accounts.map(({ accountId }) => accountId)).toEqual(['large', 'small']);
  expect(atRisk.accounts.map(({ accountId }) => accountId)).toEqual(['leaving', 'leaving too']);
  expect(atRisk).toMatchObject({ total: 2, arr: 5_070, arrUnknown: 0 });
});

test('a planted kind of company holds, with the open accounts of that kind; one that is as the others does not', () => {
  const accounts = [
    ...many(18, 'bank', { valueTier: 'Platinum', firmographics: { industry: 'banking', country: 'FR' } }),
    ...many(2, 'poor bank', { firmographics: { industry: 'banking', country: 'DE' } }),
    ...many(4, 'rich shop', { valueTier: 'Gold', firmographics: { industry: 'retail', country: 'DE' } }),
    ...many(36, 'shop', { firmographics: { industry: 'retail', country: 'DE' } }),
    ...many(3, 'new bank', {
      relationship: 'prospect',
      valueTier: null,
      firmographics: { industry: 'banking', country: 'FR' },
    }),
    ...many(1, 'outside', {
      relationship: 'prospect',
      eligible: false,
      valueTier: null,
      firmographics: { industry: 'banking' },
    }),
  ];
  const { more } = threeQuestions(model, accounts);
  const banking = more.kinds.find(({ value }) => value === 'banking');
  expect(banking).toMatchObject({ customers: 20, best: 18, share: 0.9, elsewhere: 0.1, open: 3, verdict: 'holds' });
  expect(more.kinds.find(({ value }) => value === 'retail')?.verdict).toBe('too_little_data');
  expect(more.customers).toBe(60);
});

test('of fewer than five customers of a kind nothing is said', () => {
  const accounts = [
    ...many(4, 'bank', { valueTier: 'Platinum', firmographics: { industry: 'banking' } }),
    ...many(40, 'shop', {}),
  ];
  expect(threeQuestions(model, accounts).more).toMatchObject({ kinds: [], tried: 0, customers: 44 });
});

test('the usual range is the quartiles of what is known, as R quantile type 7 has them; three values are too few', () => {
  expect(usualOf([4, null, 1, 2, 3])).toEqual({ low: 1.75, high: 3.25 });
  expect(usualOf([4, null, 1, null, 3])).toBeNull();
});
