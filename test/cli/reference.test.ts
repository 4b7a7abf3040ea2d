import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePages } from '../../src/cli/reference/pages.ts';

test.each(referencePages())(
  'docs/reference/$file says what the code does; if not: npm run reference',
  ({ file, text }) => {
    expect(readFileSync(new URL(`../../docs/reference/${file}`, import.meta.url), 'utf8')).toBe(text);
  },
);
