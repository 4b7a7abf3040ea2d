import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccountChoice, chooseAccounts, countValues } from '../../src/activation/choose.ts';

const VALUES = { segment: ['Growth', 'At-Risk', null], isHeld: [true, false, null], industry: ['saas', 'fintech'] };
const FIELDS = ['segment', 'isHeld', 'industry', 'no such field'];

const account = fc.record({
  accountId: fc.constantFrom('a1', 'a2', 'b1', 'b2'),
  name: fc.constantFrom('Acme', 'Bolt', null),
  segment: fc.constantFrom(...VALUES.segment),
  isHeld: fc.constantFrom(...VALUES.isHeld),
  firmographics: fc.record({ industry: fc.constantFrom(...VALUES.industry) }),
});
const choice: fc.Arbitrary<AccountChoice> = fc.record({
  search: fc.constantFrom('a', 'BOL', '1', null),
  where: fc
    .dictionary(fc.constantFrom(...FIELDS), fc.subarray(['Growth', 'At-Risk', 'true', 'saas', ''], { minLength: 1 }))
    .map((where) => new Map(Object.entries(where))),
});

test('a field counts what each of its values would find, with the rest of the choice as it is', () => {
  fc.assert(
    fc.property(fc.array(account, { maxLength: 30 }), choice, (accounts, asked) => {
      const counted = countValues(accounts, asked, FIELDS);
      expect(Object.keys(counted)).toEqual(FIELDS);
      for (const field of FIELDS) {
        const found = ['Growth', 'At-Risk', 'true', 'false', 'saas', 'fintech', ''].flatMap((value) => {
          const rows = chooseAccounts(accounts, { ...asked, where: new Map(asked.where).set(field, [value]) });
          return rows.length === 0 ? [] : [[value, rows.length]];
        });
        expect(counted[field]).toEqual(Object.fromEntries(found));
      }
    }),
    { seed: 11, numRuns: 300 },
  );
});

test('values are listed from the most frequent', () => {
  const accounts = ['saas', 'fintech', 'saas'].map((industry, at) => ({
    accountId: `a${at}`,
    name: null,
    firmographics: { industry },
  }));
  const asked = { search: null, where: new Map([['industry', ['fintech']]]) };
  expect(Object.entries(countValues(accounts, asked, ['industry'])['industry'] ?? {})).toEqual([
    ['saas', 2],
    ['fintech', 1],
  ]);
});
