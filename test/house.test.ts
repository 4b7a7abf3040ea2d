import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loops, type SourceFile, trespasses } from './house/drawing.ts';
import { ambience, barrels, emptyNames, type Leave, tooLong, undocumented } from './house/habits.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

function read(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(ROOT, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const FILES = read('src');

/** Who may read time, chance or the environment, and why. Everybody else is given what they need. */
const AMBIENT_LEAVES: readonly Leave[] = [
  { path: 'src/cli/main.ts', what: 'new Date()', because: 'the clock of the command line' },
  { path: 'src/cli/main.ts', what: 'process.argv', because: 'the command line' },
  { path: 'src/cli/main.ts', what: 'process.cwd', because: 'the current folder' },
  { path: 'src/api/key.ts', what: 'randomBytes', because: 'keys, which nobody may choose' },
  { path: 'src/api/setup-link.ts', what: 'randomBytes', because: 'tokens of links, which nobody may choose' },
  { path: 'src/people/one-time.ts', what: 'randomBytes', because: 'tokens of links, which nobody may choose' },
  { path: 'src/people/secret.ts', what: 'randomBytes', because: 'the secret that signs cookies' },
  { path: 'src/api/routes/tracking.ts', what: 'randomUUID', because: 'ids of messages that come without one' },
  { path: 'src/ledger/postgres-server.ts', what: 'randomBytes', because: 'the password of the embedded server' },
  { path: 'src/warehouse/engine.ts', what: 'randomBytes', because: 'the password of the embedded engine' },
  {
    path: 'src/warehouse/http-warehouse.ts',
    what: 'randomUUID',
    because: 'names of queries, by which a query is ended',
  },
  { path: 'src/warehouse/launcher.mjs', what: 'process.argv', because: 'the engine process of its own' },
  { path: 'src/cli/configuration.ts', what: 'process.env', because: 'the one place that reads the environment' },
];

/** What is longer than the house wants, and why it stays so for now. */
const LENGTH_LEAVES: readonly Leave[] = [];

describe('the house as it stands', () => {
  test('imports go down only', () => expect(trespasses(FILES)).toEqual([]));
  test('the contract is types alone: what imports it takes no code along', () => {
    const contract = FILES.filter(({ path }) => path === 'src/api/contract.ts');
    expect(contract.map(({ text }) => /^(?:import (?!type )|export (?!interface|type ))/m.test(text))).toEqual([false]);
  });
  test('imports form no loop', () => expect(loops(FILES)).toEqual([]));
  test('time, chance and environment come in by the doors', () => expect(ambience(FILES, AMBIENT_LEAVES)).toEqual([]));
  test('every export says what it is', () => expect(undocumented(FILES)).toEqual([]));
  test('no default exports and no barrels', () => expect(barrels(FILES)).toEqual([]));
  test('names say something', () => expect(emptyNames([...FILES, ...read('test'), ...read('bench')])).toEqual([]));
  test('files and functions are short', () => expect(tooLong(FILES, LENGTH_LEAVES)).toEqual([]));
});

const file = (path: string, text: string): SourceFile => ({ path, text });

describe('the inspection itself', () => {
  test('tells an import that goes up, sideways, or out of the lowest floors, however it is written', () => {
    expect(
      trespasses([
        file('src/rule/a.ts', `import { b } from '../profile/b.ts';`),
        file('src/profile/b.ts', `import type { c } from '../segment/c.ts';`),
        file('src/segment/c.ts', `const d = await import('../pipeline/d.ts');`),
        file('src/pipeline/d.ts', `export type D = import('../cli/e.ts').E;`),
        file('src/stats/f.ts', `export { g } from '../model/g.ts';`),
        file(
          'src/cli/e.ts',
          `import { d } from '../pipeline/d.ts'; import { x } from './x.ts'; import fs from 'node:fs';`,
        ),
        file('src/attic/h.ts', ''),
        file(
          'src/client/i.ts',
          `import type { B } from '../api/contract.ts'; import type { M } from '../model/m.ts'; import '../api/j.ts';`,
        ),
      ]),
    ).toEqual([
      'src/rule/a.ts imports src/profile/b.ts: that goes up, from rule to profile',
      'src/profile/b.ts imports src/segment/c.ts: that goes sideways, from profile to segment',
      'src/segment/c.ts imports src/pipeline/d.ts: that goes up, from segment to pipeline',
      'src/pipeline/d.ts imports src/cli/e.ts: that goes up, from pipeline to cli',
      'src/stats/f.ts imports src/model/g.ts: src/stats imports nothing',
      'src/attic/h.ts: src/attic is no floor of the house',
      'src/client/i.ts imports src/model/m.ts: src/client imports nothing but src/api/contract.ts and src/api/evidence-answers.ts',
      'src/client/i.ts imports src/api/j.ts: src/client imports nothing but src/api/contract.ts and src/api/evidence-answers.ts',
    ]);
  });

  test('prints a loop, also one of types alone', () => {
    expect(
      loops([
        file('src/rule/a.ts', `import { b } from './b.ts';`),
        file('src/rule/b.ts', `import type { c } from './deep/c.ts';`),
        file('src/rule/deep/c.ts', `import { a } from '../a.ts';`),
        file('src/rule/d.ts', `import { a } from './a.ts';`),
      ]),
    ).toEqual(['src/rule/a.ts -> src/rule/b.ts -> src/rule/deep/c.ts -> src/rule/a.ts']);
  });

  test('tells ambient time, chance and environment, and leaves that nobody needs', () => {
    const text = [
      'const a = Date.now();',
      'const b = new Date();',
      'const fine = new Date(a);',
      'const c = Math.random() + performance.now();',
      `const d = process.env['X'] ?? globalThis.process.env;`,
      `import { createHash, randomUUID as id } from 'node:crypto';`,
      `const e = Date['now'];`,
    ].join('\n');
    const leave = { path: 'src/rule/b.ts', what: 'Date.now', because: 'none' };
    expect(ambience([file('src/rule/a.ts', text)], [leave])).toEqual([
      'src/rule/a.ts:1 reads Date.now: take it as a parameter',
      'src/rule/a.ts:2 reads new Date(): take it as a parameter',
      'src/rule/a.ts:4 reads Math.random: take it as a parameter',
      'src/rule/a.ts:4 reads performance.now: take it as a parameter',
      'src/rule/a.ts:5 reads process.env: take it as a parameter',
      'src/rule/a.ts:5 reads process.env: take it as a parameter',
      'src/rule/a.ts:6 reads randomUUID: take it as a parameter',
      'src/rule/a.ts:7 reads Date.now: take it as a parameter',
      'src/rule/b.ts needs no leave for Date.now any more',
    ]);
    expect(ambience([file('src/rule/b.ts', 'Date.now();')], [leave])).toEqual([]);
  });

  test('tells exports without a doc block, default exports, barrels and empty names', () => {
    const text = [
      '/** Said. */',
      'export const a = 1;',
      'export const b = 2;',
      '// not said',
      'export function c(): void {}',
      'export interface D {}',
      'export default a;',
      `export * from './x.ts';`,
    ].join('\n');
    const files = [file('src/rule/utils/a.ts', text), file('src/rule/types.ts', '')];
    expect(undocumented(files)).toEqual([
      'src/rule/utils/a.ts:3 exports b without a doc block',
      'src/rule/utils/a.ts:5 exports c without a doc block',
      'src/rule/utils/a.ts:6 exports D without a doc block',
    ]);
    expect(barrels(files)).toEqual([
      'src/rule/utils/a.ts:7 has a default export',
      `src/rule/utils/a.ts:8 exports what is another file's: import it from there`,
    ]);
    expect(emptyNames(files)).toEqual([
      'src/rule/utils/a.ts: utils says nothing about what is in it',
      'src/rule/types.ts: types says nothing about what is in it',
    ]);
  });

  test('tells long files and long functions', () => {
    const body = 'work();\n'.repeat(70);
    const files = [file('src/rule/a.ts', `const f = () => {\n${body}};\n`), file('src/rule/b.ts', '\n'.repeat(500))];
    const leaves = [{ path: 'src/rule/b.ts', what: 'file', because: 'planted' }];
    expect(tooLong(files, leaves)).toEqual(['src/rule/a.ts:1 f has 72 lines; 70 is the most']);
    expect(tooLong([file('src/rule/b.ts', '')], leaves)).toEqual(['src/rule/b.ts needs no leave for file any more']);
  });
});
