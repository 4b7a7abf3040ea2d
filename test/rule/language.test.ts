import { describe, expect, test } from 'vitest';
import { checkCondition } from '../../src/rule/check.ts';
import { compileCondition } from '../../src/rule/compile.ts';
import type { Value } from '../../src/rule/condition.ts';
import { describeCondition } from '../../src/rule/describe.ts';
import { explainCondition } from '../../src/rule/explain.ts';
import { flips } from '../../src/rule/flips.ts';
import { holdCondition } from '../../src/rule/hold.ts';
import { parseCondition } from '../../src/rule/parse.ts';
import { condition, SCOPE } from './scope.ts';

const AS_OF = new Date('2026-03-01T00:00:00Z');
const COLUMNS = {
  columnOf: (name: string) => (name.startsWith('properties.') ? `properties['${name.slice(11)}']` : name),
  typeOf: SCOPE.typeOf,
  asOf: "toDate32('2026-03-01')",
};

const hold = (text: string, values: Record<string, Value>) =>
  holdCondition(condition(text), (name) => values[name] ?? null, AS_OF, SCOPE.typeOf);

const faults = (text: string) => {
  const parsed = parseCondition(text, { file: 'm.yaml', line: 3, column: 11 });
  const found = parsed.condition === null ? parsed.diagnostics : checkCondition(parsed.condition, SCOPE);
  return found.map(({ code, severity, message, suggestion, place }) => [
    `${place.line}:${place.column} ${severity} ${code}: ${message}`,
    ...(suggestion === undefined ? [] : [suggestion]),
  ]);
};

describe('SQL, as text', () => {
  test.each([
    ['employees between 50 and 2000', '((employees - 50.0 >= -1e-9) AND (employees - 2000.0 <= 1e-9))'],
    ["industry in ('fintech', 'saas')", "(industry IN ('fintech', 'saas'))"],
    ["industry not in ('a')", "(NOT (industry IN ('a')))"],
    ["tech_stack has 'O''Brien\\'", "if(empty(tech_stack), NULL, has(tech_stack, 'O\\'Brien\\\\'))"],
    ["properties.status = 'success'", "(properties['status'] = 'success')"],
    [
      'properties.bytes > 1e3',
      "(ifNotFinite(toFloat64OrNull(transform(properties['bytes'], ['true', 'false'], ['1', '0'], properties['bytes'])), NULL) - 1000.0 > 1e-9)",
    ],
    ['not activated = 1 or employees is null', '((NOT (abs(activated - 1.0) <= 1e-9)) OR (employees IS NULL))'],
    ['employees / revenue < 0.5', '(ifNotFinite(employees / revenue, NULL) - 0.5 < -1e-9)'],
    ['created_on >= as_of - 30', "(created_on >= addDays(toDate32(toDate32('2026-03-01')), -30))"],
    ["name not ilike 'test %'", "(name NOT ILIKE 'test %')"],
    [
      'least(employees, 5) = 5',
      '(abs(if(isNull(employees) OR isNull(5.0), NULL, least(employees, 5.0)) - 5.0) <= 1e-9)',
    ],
    ['tech_stack is null', '(empty(tech_stack))'],
    ['coalesce(activation_days, 1) = 1', '(abs(coalesce(activation_days, 1.0) - 1.0) <= 1e-9)'],
  ])('%s', (text, sql) => {
    expect(compileCondition(condition(text), COLUMNS)).toBe(`toNullable(${sql})`);
  });
});

describe('meaning in memory', () => {
  test.each<[string, Record<string, Value>, boolean | null]>([
    ['employees = 5', { employees: 5 + 5e-10 }, true],
    ['employees < 5', { employees: 5 - 5e-10 }, false],
    ['employees >= 5', { employees: 5 - 5e-10 }, true],
    ['employees != 5', { employees: 5 - 5e-10 }, false],
    ['employees > 5', { employees: 5 + 2e-9 }, true],
    ['employees > 5', {}, null],
    ['employees > 5 and activated = 1', { activated: 0 }, false],
    ['employees > 5 or activated = 1', { activated: 1 }, true],
    ['not employees > 5', {}, null],
    ['employees / revenue > 1', { employees: 1, revenue: 0 }, null],
    ['revenue / revenue = 1', { revenue: Number.NaN }, null],
    ["industry in ('a', null)", { industry: 'a' }, true],
    ["industry in ('a', null)", { industry: 'b' }, null],
    ["industry not in ('a')", {}, null],
    ["tech_stack has 'x'", { tech_stack: ['x', 'y'] }, true],
    ["tech_stack has 'x'", { tech_stack: [] }, null],
    ["name like '100\\%%'", { name: '100% sure' }, true],
    ["name like 'a_c'", { name: 'a\nc' }, true],
    ["name ilike 'TEST %'", { name: 'Test 1' }, true],
    ["name like 'TEST %'", { name: 'Test 1' }, false],
    ['properties.ok = 1', { 'properties.ok': 'true' }, true],
    ['properties.n > 5', { 'properties.n': '0x10' }, null],
    ["properties.n = '5'", { 'properties.n': '5' }, true],
    ['coalesce(properties.n, 0) = 0', { 'properties.n': 'many' }, true],
    ['created_on >= as_of - 30', { created_on: '2026-01-30' }, true],
    ['created_on >= as_of - 30', { created_on: '2026-01-29' }, false],
    ["created_on < '2026-02-01'", { created_on: '2026-01-31' }, true],
    ['greatest(employees, revenue) > 1', { employees: 5 }, null],
    ['abs(-employees) - 2 * 3 = -1', { employees: 5 }, true],
    ['employees is null', {}, true],
    ['10 - 4 - 3 = 3', {}, true],
    ['2 + 3 * 4 = 14', {}, true],
    ['activated = 1 or activated = 0 and employees = 1', { activated: 1 }, true],
  ])('%s with %j', (text, values, expected) => {
    expect(hold(text, values)).toBe(expected);
  });
});

describe('faults', () => {
  test.each([
    ['seat_bredth > 1', [['3:11 error unknown-name: nothing is called `seat_bredth`', 'Did you mean `seat_breadth`?']]],
    [
      "industry < 5 and employees = '5'",
      [
        [
          '3:11 error type-mismatch: cannot compare `industry` (text) with `5` (a number)',
          "Write text in single quotes: 'value'.",
        ],
        [
          "3:28 error type-mismatch: cannot compare `employees` (a number) with `'5'` (text)",
          'Write 5 without quotes.',
        ],
      ],
    ],
    [
      'employees between 9 and 2',
      [
        [
          '3:11 error nonsense-comparison: the bounds of `between` are reversed, so nothing lies between them',
          'Write `between 2 and 9`.',
        ],
      ],
    ],
    ['activated = 2', [['3:11 error nonsense-comparison: `activated = 2` is always false: `activated` is 1 or 0']]],
    ['activated >= 0', [['3:11 error nonsense-comparison: `activated >= 0` is always true: `activated` is 1 or 0']]],
    [
      'activated',
      [['3:11 error type-mismatch: `activated` is a value, and a condition is needed here', 'Write `activated = 1`.']],
    ],
    [
      'employees',
      [
        [
          '3:11 error type-mismatch: `employees` is a value, and a condition is needed here',
          'Compare it with something: `employees >= 1`.',
        ],
      ],
    ],
    [
      "cohort = 'Power Usr'",
      [["3:20 error unknown-value: `cohort` is never 'Power Usr'", "Did you mean 'Power User'?"]],
    ],
    [
      'employees = null',
      [['3:11 error nonsense-comparison: `employees = null` is always unknown', 'Write `employees is null`.']],
    ],
    [
      "tech_stack = 'a'",
      [
        [
          '3:11 error type-mismatch: `tech_stack` is a list and cannot be compared',
          "Ask for one of its values: `tech_stack has 'value'`.",
        ],
      ],
    ],
    [
      "segment = 'x'",
      [['3:11 error name-out-of-reach: `segment` cannot be read here', 'A segment cannot read segments.']],
    ],
    [
      '1 < employees < 5',
      [
        [
          '3:25 error condition-syntax: `<` was not expected here',
          'Write `x between 1 and 5`, or two comparisons joined by `and`.',
        ],
      ],
    ],
    ['employees == 5', [['3:21 error condition-syntax: `==` is not part of the language', 'Write `=`.']]],
    [
      'industry = "a"',
      [
        [
          '3:22 error condition-syntax: `"` is not part of the language',
          "Write text in single quotes, such as 'fintech'.",
        ],
      ],
    ],
    [
      "industry = 'a",
      [
        [
          "3:22 error condition-syntax: `'a` is not part of the language",
          "Close the text with a single quote; a quote inside is doubled: 'O''Brien'.",
        ],
      ],
    ],
    [
      'round(employees) = 1',
      [
        [
          '3:11 error condition-syntax: there is no function `round`',
          'The functions are coalesce, abs, least and greatest.',
        ],
      ],
    ],
    [
      'employees > 30d',
      [
        [
          '3:23 error condition-syntax: `30d` is not part of the language',
          'Write a plain number, without unit or thousands separator.',
        ],
      ],
    ],
    ['', [['3:11 error condition-syntax: the condition is empty']]],
    ['employees >', [['3:22 error condition-syntax: expected a value, found the end of the condition']]],
    ['(employees > 1', [['3:25 error condition-syntax: expected `)`, found the end of the condition']]],
    ['employees in ()', [['3:25 error condition-syntax: the list after `in` is empty']]],
    [
      'employees > 1\n  and sponsor_engagd = 1',
      [['4:7 error unknown-name: nothing is called `sponsor_engagd`', 'Did you mean `sponsor_engaged`?']],
    ],
    [
      'employees > activated = 1',
      [
        [
          '3:33 error condition-syntax: `=` was not expected here',
          'Write `x between 1 and 5`, or two comparisons joined by `and`.',
        ],
      ],
    ],
    [
      'created_on > as_of - employees',
      [
        [
          '3:24 error type-mismatch: a day is moved only by plus or minus whole days, not by `employees` (a number)',
          'Write `as_of - 30`.',
        ],
      ],
    ],
    ['activated = true', [['3:23 error unknown-name: nothing is called `true`', 'Yes and no are written 1 and 0.']]],
    [
      'employees = employees',
      [['3:11 error nonsense-comparison: `employees = employees` compares a value with itself']],
    ],
  ])('%s', (text, expected) => {
    expect(faults(text)).toEqual(expected.map((fault) => fault.filter((line) => line !== '')));
  });

  test('depth and length are bounded', () => {
    expect(faults(`${'('.repeat(500)}1 = 1${')'.repeat(500)}`)[0]?.[0]).toContain('condition-too-deep');
    expect(faults(`${'not '.repeat(500)}1 = 1`)[0]?.[0]).toContain('condition-too-deep');
    expect(faults(`${'-'.repeat(500)}1 = 1`)[0]?.[0]).toContain('condition-too-deep');
    expect(faults(`1${'+1'.repeat(500)} = 1`)[0]?.[0]).toContain('condition-too-deep');
    expect(faults(`${'least(1,'.repeat(25)}1${')'.repeat(25)} = 1`)[0]?.[0]).toContain('condition-too-deep');
    expect(faults(`employees + ${'1+'.repeat(50)}1 in (${'1,'.repeat(900)}1)`)[0]?.[0]).toContain('condition-too-deep');
    expect(faults("created_on > '2026-02-30'")[0]?.[0]).toContain('cannot compare');
    expect(faults('x'.repeat(9000))[0]?.[0]).toContain('condition-too-long');
    expect(faults(`employees in (${'1,'.repeat(2500)}1)`)[0]?.[0]).toContain('condition-too-deep');
  });
});

describe('words', () => {
  test.each([
    ['seat_breadth >= 0.85', 'seat breadth is at least 0.85'],
    [
      "cohort in ('At Risk', 'Dormant') and (activated = 1 or employees is null)",
      'cohort is At Risk or Dormant and (activated is yes or employees is unknown)',
    ],
    ['employees not between 1 and 5', 'employees is not between 1 and 5'],
    ['created_on < as_of - 30', 'created on is before 30 days before the day of the answer'],
    ['coalesce(activation_days, 1) * 2 = 1', '(activation days (or 1 where unknown) times 2) is 1'],
  ])('%s', (text, english) => {
    expect(describeCondition(condition(text), { typeOf: SCOPE.typeOf })).toBe(english);
  });

  test('an explanation carries truth and inputs of every part', () => {
    const explained = explainCondition(
      condition("employees > 5 and cohort = 'Dormant'"),
      (name) => (name === 'employees' ? 9 : null),
      AS_OF,
      SCOPE.typeOf,
    );
    expect(explained).toEqual({
      text: "employees > 5 and cohort = 'Dormant'",
      english: 'employees is above 5 and cohort is Dormant',
      truth: null,
      inputs: [
        { name: 'employees', value: 9 },
        { name: 'cohort', value: null },
      ],
      children: [
        {
          text: 'employees > 5',
          english: 'employees is above 5',
          truth: true,
          inputs: [{ name: 'employees', value: 9 }],
          children: [],
        },
        {
          text: "cohort = 'Dormant'",
          english: 'cohort is Dormant',
          truth: null,
          inputs: [{ name: 'cohort', value: null }],
          children: [],
        },
      ],
    });
  });
});

describe('flips', () => {
  const flip = (text: string, values: Record<string, Value>, aim = true) =>
    flips(condition(text), { read: (name) => values[name] ?? null, asOf: AS_OF, typeOf: SCOPE.typeOf, aim });

  test('a numeric test names the value to reach, whatever the arithmetic around it', () => {
    const found = flip('coalesce(seat_breadth, 1) * 2 >= revenue + 0.1', { seat_breadth: 0.1, revenue: 0.5 });
    expect(found.isReached).toBe(false);
    expect(found.targets).toMatchObject([
      { name: 'seat_breadth', least: 0.3, most: null, isLeastOpen: false },
      { name: 'revenue', least: null, most: 0.1, isMostOpen: false },
    ]);
    expect(flip('5 < employees', {}, false).targets).toMatchObject([{ name: 'employees', most: 5, isMostOpen: false }]);
  });

  test('negations are pushed down to the tests', () => {
    const found = flip("not (cohort in ('Dormant') or employees between 5 and 9)", { cohort: 'Dormant', employees: 3 });
    expect(found.mode).toBe('all');
    expect(found.parts.map((leaf) => [leaf.text, leaf.aim, leaf.isReached])).toEqual([
      ["cohort in ('Dormant')", false, false],
      ['employees between 5 and 9', false, true],
    ]);
    expect(found.parts[0]?.targets).toMatchObject([{ name: 'cohort', noneOf: ['Dormant'] }]);
    expect(found.parts[1]?.targets).toMatchObject([
      { most: 5, isMostOpen: true },
      { least: 9, isLeastOpen: true },
    ]);
  });
});
