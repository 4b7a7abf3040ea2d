import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkModel } from '../../src/definition/check/list.ts';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { read } from './model.ts';

const LINES = writeDefaultModel().split('\n');
const SCRAPS = [
  '',
  '  ',
  'when: 1',
  '- x',
  '[]',
  '{}',
  'null',
  "a: 'b",
  '&a x: *a',
  '? y',
  '  - { name: x }',
  'segments:',
  '5',
  '"\\x"',
  '\t',
  '!!set',
  '...',
  '---',
];

/** A change to a line: gone, doubled, replaced, indented, or shortened. */
const someEdit = fc.tuple(
  fc.nat(LINES.length - 1),
  fc.constantFrom('drop', 'double', 'scrap', 'indent', 'cut'),
  fc.constantFrom(...SCRAPS),
  fc.nat(40),
);

test('a broken model gives diagnostics with a line, never an exception', () => {
  fc.assert(
    fc.property(fc.array(someEdit, { minLength: 1, maxLength: 3 }), (edits) => {
      const lines = [...LINES];
      for (const [at, what, scrap, length] of edits) {
        const line = lines[at] ?? '';
        const changed: Record<string, string> = {
          drop: '',
          double: `${line}\n${line}`,
          scrap,
          indent: `  ${line}`,
          cut: line.slice(0, length),
        };
        lines[at] = changed[what] ?? line;
      }
      const { model, diagnostics } = read(lines.join('\n'));
      const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
      expect(model === null).toBe(errors.length > 0);
      for (const error of errors) expect(error.place.line ?? error.place.field, error.message).toBeDefined();
      if (model !== null) checkModel({ model, catalogue: SIGNAL_CATALOGUE });
    }),
    { numRuns: 150, seed: 7 },
  );
});

test.each([
  '- a',
  'a',
  '5',
  '[]',
  'null',
  '',
  '---\na: 1\n---\nb: 2',
  'x: *y',
  '&a [*a]',
  'a: &a [1,1,1]\nb: &b [*a,*a,*a]\nname: [*b,*b]',
  'segments: *s',
  'sources: [[[[[[1]]]]]]',
  'bands: { a: { b: { c: d } } }',
  '? {a: b}\n: c',
])('a file that is no model at all: %j', (text) => {
  const { model, diagnostics } = read(text);
  expect(model !== null || diagnostics.length > 0).toBe(true);
});
