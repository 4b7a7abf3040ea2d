import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCondition } from '../../src/rule/check.ts';
import { compileCondition } from '../../src/rule/compile.ts';
import type { Truth, Value } from '../../src/rule/condition.ts';
import { holdCondition } from '../../src/rule/hold.ts';
import { RANDOM_SCOPE, SQL_TYPES, someCondition, someRow } from './random.ts';
import { condition } from './scope.ts';

const AS_OF = new Date('2026-03-01T00:00:00Z');
const CONDITIONS = 600;
const ROWS = 60;
const PER_QUERY = 60;
const SEED = Number(process.env['SEED'] ?? 20261121);

/** Columns of the table of rows: a property's dot is no part of a column's name. */
const columnOf = (name: string) => name.replace('.', '_');

test('SQL on the engine and meaning in memory agree on random conditions and rows', () => {
  const texts = fc.sample(someCondition, { numRuns: CONDITIONS, seed: SEED });
  const rows = fc.sample(someRow, { numRuns: ROWS, seed: SEED });
  const conditions = texts.map(condition);
  for (const parsed of conditions) {
    const faults = checkCondition(parsed, RANDOM_SCOPE).filter((fault) => fault.code === 'type-mismatch');
    expect(faults, parsed.text).toEqual([]);
  }
  const seen = { true: 0, false: 0, unknown: 0 };
  for (let from = 0; from < conditions.length; from += PER_QUERY) {
    const batch = conditions.slice(from, from + PER_QUERY);
    const answers = ask(
      batch.map((parsed) =>
        compileCondition(parsed, { columnOf, typeOf: RANDOM_SCOPE.typeOf, asOf: "toDate32('2026-03-01')" }),
      ),
      rows,
    );
    rows.forEach((row, index) => {
      batch.forEach((parsed, column) => {
        const held = holdCondition(parsed, (name) => row[name] ?? null, AS_OF, RANDOM_SCOPE.typeOf);
        const answered = truthOf(answers[index]?.[column]);
        expect(answered, `${parsed.text} with ${JSON.stringify(row)}`).toBe(held);
        seen[held === null ? 'unknown' : held ? 'true' : 'false'] += 1;
      });
    });
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan((CONDITIONS * ROWS) / 20);
});

function truthOf(answer: number | null | undefined): Truth {
  if (answer === undefined) throw new Error('the engine gave no answer');
  return answer === null ? null : answer === 1;
}

function ask(expressions: readonly string[], rows: readonly Readonly<Record<string, Value>>[]): (number | null)[][] {
  const names = Object.keys(SQL_TYPES);
  const structure = names.map((name) => `${columnOf(name)} ${SQL_TYPES[name]}`).join(', ');
  const values = rows.map((row) => `(${names.map((name) => sqlValue(row[name] ?? null)).join(', ')})`).join(', ');
  const columns = expressions.map((sql, index) => `${sql} AS e${index}`).join(',\n');
  const sql = `SELECT ${columns} FROM values('${structure}', ${values})`;
  const script = `const c=require('chdb');process.stdout.write(c.query(require('fs').readFileSync(0,'utf8'),'JSONCompactEachRowWithNamesAndTypes'))`;
  const out = execFileSync(process.execPath, ['-e', script], { input: sql, maxBuffer: 1e8, encoding: 'utf8' });
  const [, types = [], ...answers] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown[]);
  expect(new Set(types)).toEqual(new Set(['Nullable(UInt8)']));
  return answers as (number | null)[][];
}

function sqlValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
  return `[${value.map(sqlValue).join(', ')}]`;
}
