import { expect, test } from 'vitest';
import { diffModels } from '../../src/definition/diff.ts';
import type { Model } from '../../src/definition/model.ts';
import { modelOf } from './model.ts';

const withRule = (when: string): Model =>
  modelOf(`version: 1\nname: Acme\nsegments:\n  Growth:\n    when: ${JSON.stringify(when)}\n`);

const wordsOf = (before: string, after: string): readonly string[] =>
  diffModels(withRule(before), withRule(after)).map(({ words }) => words);

const AREA = "arr >= 1000 and cohort = 'Steady State' and (job is null or job = 'platform')";

test.each([
  [
    AREA,
    AREA.replace('Steady State', 'Power User'),
    "asks `cohort = 'Power User'` in place of `cohort = 'Steady State'`",
  ],
  [AREA, `${AREA} and seats > 5`, 'asks `seats > 5` too'],
  [AREA, AREA.replace('arr >= 1000 and ', ''), 'no longer asks `arr >= 1000`'],
  [
    AREA,
    AREA.replace("job = 'platform'", "job = 'reporting'").replace('1000', '500'),
    "asks `arr >= 500` and `(job is null or job = 'reporting')` in place of `arr >= 1000` and `(job is null or job = 'platform')`",
  ],
  ['arr >= 1000', 'arr >= 500', 'changed from `arr >= 1000` to `arr >= 500`'],
  [
    'arr >= 1000 or seats > 5',
    'arr >= 1000 or seats > 6',
    'changed from `arr >= 1000 or seats > 5` to `arr >= 1000 or seats > 6`',
  ],
  [
    'arr >= 1000 and seats > 5',
    'arr >= 500 and seats > 6',
    'changed from `arr >= 1000 and seats > 5` to `arr >= 500 and seats > 6`',
  ],
])('from %s to %s it is told what changed, and not what stays', (before, after, words) => {
  expect(wordsOf(before, after)).toEqual([`\`segments.Growth.when\` ${words}`]);
});

test('the same rule in another spacing is no change', () => {
  expect(wordsOf(AREA, AREA.replaceAll(' and ', '  and  '))).toEqual([]);
});

test('the same parts in another order are told whole', () => {
  const [words] = wordsOf('arr >= 1000 and seats > 5', 'seats > 5 and arr >= 1000');
  expect(words).toBe('`segments.Growth.when` changed from `arr >= 1000 and seats > 5` to `seats > 5 and arr >= 1000`');
});
