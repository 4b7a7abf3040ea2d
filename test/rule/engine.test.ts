import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkCondition } from '../../src/rule/check.ts';
import { compileCondition } from '../../src/rule/compile.ts';
import type { Condition, Truth, Value } from '../../src/rule/condition.ts';
import { holdCondition } from '../../src/rule/hold.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { RANDOM_SCOPE, SQL_TYPES, someCondition, someRow } from './random.ts';
import { condition } from './scope.ts';

const AS_OF = new Date('2026-03-01T00:00:00Z');
const CONDITIONS = 400;
const ROWS = 60;
const PER_QUERY = 60;
const SEED = Number(process.env['SEED'] ?? 20261121);

/** One truth per condition, and the SQL types of them. */
const ANSWER = z.object({ truths: z.array(z.number().nullable()), types: z.array(z.string()) });

type Row = Readonly<Record<string, Value>>;

const directory = mkdtempSync(join(tmpdir(), 'bellwether-rule-'));
let warehouse: OpenWarehouse;

beforeAll(async () => {
  warehouse = await openWarehouse({ directory });
});

afterAll(async () => {
  await warehouse.close();
  rmSync(directory, { recursive: true, force: true });
});

test('SQL on the engine and meaning in memory agree on random conditions and rows', async () => {
  const conditions = fc.sample(someCondition, { numRuns: CONDITIONS, seed: SEED }).map(condition);
  const rows = fc.sample(someRow, { numRuns: ROWS, seed: SEED });
  for (const parsed of conditions) {
    const faults = checkCondition(parsed, RANDOM_SCOPE).filter((fault) => fault.code === 'type-mismatch');
    expect(faults, parsed.text).toEqual([]);
  }
  const seen = { true: 0, false: 0, unknown: 0 };
  for (let from = 0; from < conditions.length; from += PER_QUERY) {
    const batch = conditions.slice(from, from + PER_QUERY);
    const answers = await ask(batch, rows);
    expect(answers).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      for (const [column, parsed] of batch.entries()) {
        const held = holdCondition(parsed, (name) => row[name] ?? null, AS_OF, RANDOM_SCOPE.typeOf);
        expect(answers[index]?.[column], `${parsed.text} with ${JSON.stringify(row)}`).toBe(held);
        seen[held === null ? 'unknown' : held ? 'true' : 'false'] += 1;
      }
    }
  }
  expect(Math.min(...Object.values(seen))).toBeGreaterThan((CONDITIONS * ROWS) / 20);
});

test('the deepest and the longest conditions that are read are within the limits of the engine', async () => {
  const texts = [
    `${'('.repeat(30)}n1 = 1${')'.repeat(30)}`,
    `${'not '.repeat(60)}n1 = 1`,
    `${'least(2, '.repeat(10)}n1${')'.repeat(10)} = 1`,
    `${'-(1 - '.repeat(20)}n1${')'.repeat(20)} = 1`,
    `n1 in (${Array.from({ length: 1_500 }, (_, index) => index).join(', ')})`,
    Array.from({ length: 600 }, (_, index) => `n1 > ${index}`).join(' or '),
  ];
  const row = {
    n1: 1,
    n2: null,
    f1: null,
    t1: null,
    t2: null,
    l1: [],
    d1: null,
    'properties.p1': null,
    'properties.p2': null,
  };
  const conditions = texts.map(condition);
  const held = conditions.map((parsed) =>
    holdCondition(parsed, (name) => row[name as keyof typeof row], AS_OF, RANDOM_SCOPE.typeOf),
  );
  expect(await ask(conditions, [row])).toEqual([held]);
});

/** Columns of the table of rows: a property's dot is no part of a column's name. */
const columnOf = (name: string) => name.replace('.', '_');

async function ask(conditions: readonly Condition[], rows: readonly Row[]): Promise<Truth[][]> {
  const names = Object.keys(SQL_TYPES);
  const structure = ['id UInt16', ...names.map((name) => `${columnOf(name)} ${SQL_TYPES[name]}`)].join(', ');
  const values = rows.map((row, id) => `(${[id, ...names.map((name) => sqlValue(row[name] ?? null))].join(', ')})`);
  const columns = { columnOf, typeOf: RANDOM_SCOPE.typeOf, asOf: "toDate32('2026-03-01')" };
  const expressions = conditions.map((parsed) => compileCondition(parsed, columns)).join(',\n');
  const sql = `WITH (${expressions}) AS answers
    SELECT [${conditions.map((_, index) => `answers.${index + 1}`).join(', ')}] AS truths,
           [${conditions.map((_, index) => `toTypeName(answers.${index + 1})`).join(', ')}] AS types
    FROM values('${structure.replaceAll("'", "\\'")}', ${values.join(', ')}) ORDER BY id`;
  const answers = await warehouse.rows(sql, ANSWER, { settings: { max_query_size: 10_000_000 } });
  return answers.map(({ truths, types }) => {
    expect(new Set(types)).toEqual(new Set(['Nullable(UInt8)']));
    return truths.map((truth) => (truth === null ? null : truth === 1));
  });
}

function sqlValue(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return `[${value.map(sqlValue).join(', ')}]`;
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
