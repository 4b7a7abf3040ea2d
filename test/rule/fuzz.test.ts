import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCondition } from '../../src/rule/check.ts';
import { compileCondition } from '../../src/rule/compile.ts';
import { describeCondition } from '../../src/rule/describe.ts';
import { explainCondition } from '../../src/rule/explain.ts';
import { flips } from '../../src/rule/flips.ts';
import { parseCondition } from '../../src/rule/parse.ts';
import { RANDOM_SCOPE, someCondition, someRow } from './random.ts';

const WORDS = [
  'n1',
  't1',
  'l1',
  'd1',
  'f1',
  'x',
  'properties.p1',
  '1',
  "'a'",
  'null',
  'and',
  'or',
  'not',
  'in',
  '(',
  ')',
  ',',
  '=',
  '<',
  'between',
  'like',
  "'%a'",
  'is',
  'has',
  '+',
  '-',
  '/',
  'as_of',
  'coalesce',
  'abs',
  'least',
  '"',
  '%',
];
const AS_OF = new Date('2026-03-01T00:00:00Z');

test('words in any order are read or refused with a place, and what passes the check can be used', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 9 }), someRow, (words, row) => {
      const { condition, diagnostics } = parseCondition(words.join(' '), { file: 'f', line: 1, column: 1 });
      expect(condition === null).toBe(diagnostics.length > 0);
      if (condition === null) return;
      const faults = checkCondition(condition, RANDOM_SCOPE);
      for (const fault of faults) expect(fault.place.column).toBeLessThanOrEqual(condition.text.length + 1);
      if (faults.some((fault) => fault.severity === 'error')) return;
      const read = (name: string) => row[name] ?? null;
      compileCondition(condition, { columnOf: (name) => name, typeOf: RANDOM_SCOPE.typeOf, asOf: 'now()' });
      explainCondition(condition, read, AS_OF, RANDOM_SCOPE.typeOf);
      flips(condition, { read, asOf: AS_OF, typeOf: RANDOM_SCOPE.typeOf });
    }),
    { numRuns: 20_000, seed: 11 },
  );
});

test('a target that a numeric test names makes it true', () => {
  fc.assert(
    fc.property(someCondition, someRow, (text, row) => {
      const { condition } = parseCondition(text, { file: 'f' });
      if (condition === null) throw new Error(text);
      const read = (name: string) => row[name] ?? null;
      const found = flips(condition, { read, asOf: AS_OF, typeOf: RANDOM_SCOPE.typeOf });
      expect(describeCondition(condition)).not.toBe('');
      for (const target of found.mode === 'leaf' ? found.targets : []) {
        const value = valueIn(target.least, target.isLeastOpen, target.most, target.isMostOpen);
        if (value === null || Math.abs(value) > 1e6) continue;
        const supposed = explainCondition(
          condition,
          (name) => (name === target.name ? value : read(name)),
          AS_OF,
          RANDOM_SCOPE.typeOf,
        );
        expect(supposed.truth, `${text} with ${target.name} = ${value} in ${JSON.stringify(row)}`).toBe(true);
      }
    }),
    { numRuns: 2_000, seed: 13 },
  );
});

function valueIn(least: number | null, isLeastOpen: boolean, most: number | null, isMostOpen: boolean): number | null {
  if (least !== null) return isLeastOpen ? least + 1 : least;
  if (most !== null) return isMostOpen ? most - 1 : most;
  return null;
}
