import fc from 'fast-check';
import type { ValueType } from '../../src/model/signal.ts';
import type { Scope, Value } from '../../src/rule/condition.ts';

const NUMBERS = ['n1', 'n2', 'f1'];
const TEXTS = ['t1', 't2'];
const PROPERTIES = ['properties.p1', 'properties.p2'];

/** Names of the random world, with their types. */
export const TYPES: Readonly<Record<string, ValueType | 'property'>> = {
  n1: 'number',
  n2: 'number',
  f1: 'flag',
  t1: 'text',
  t2: 'text',
  l1: 'list',
  d1: 'day',
  'properties.p1': 'property',
  'properties.p2': 'property',
};

export const RANDOM_SCOPE: Scope = { typeOf: (name) => TYPES[name], names: Object.keys(TYPES) };

/** SQL types of the columns that hold them. */
export const SQL_TYPES: Readonly<Record<string, string>> = {
  n1: 'Nullable(Float64)',
  n2: 'Nullable(Float64)',
  f1: 'Nullable(UInt8)',
  t1: 'Nullable(String)',
  t2: 'Nullable(String)',
  l1: 'Array(String)',
  d1: 'Nullable(Date32)',
  'properties.p1': 'Nullable(String)',
  'properties.p2': 'Nullable(String)',
};

const BORDERS = [-3, 0, 0.5, 1, 2, 100];
const NUDGES = [0, 5e-10, -5e-10, 2e-9, -2e-9, 0.25];
const STRINGS = [
  '',
  'a',
  'A',
  'ab',
  "O'Brien",
  '100%',
  'a_c',
  'a\\c',
  'é',
  'É',
  '😀',
  '\uffee',
  'line\nbreak',
  '\\',
  '\\n',
  '5',
  'true',
];
const PATTERNS = [
  '%',
  '_',
  'a%',
  '%b',
  '%é%',
  'a\\_c',
  '100\\%',
  'a\\\\c',
  '%n%r%',
  '_%_',
  '',
  "O'%",
  'line_break',
  'a\\c',
  'É',
];
const PROPERTY_TEXTS = [
  '0.5',
  '1',
  '-3',
  '+2',
  '1e2',
  '.5',
  '5.',
  'true',
  'false',
  '',
  ' 1',
  'abc',
  'nan',
  'inf',
  '0x10',
  '1e400',
  '1,5',
  'a',
];
const DAYS = ['2026-01-01', '2026-02-28', '2026-03-01', '2026-03-02', '2024-02-29'];

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 4 });

const someNumber = fc.oneof(
  fc.tuple(fc.constantFrom(...BORDERS), fc.constantFrom(...NUDGES)).map(([border, nudge]) => border + nudge),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** A row of values, nulls included. */
export const someRow: fc.Arbitrary<Readonly<Record<string, Value>>> = fc.record({
  n1: nullable(someNumber),
  n2: nullable(someNumber),
  f1: nullable(fc.constantFrom(0, 1)),
  t1: nullable(fc.constantFrom(...STRINGS)),
  t2: nullable(fc.oneof(fc.constantFrom(...STRINGS), fc.string({ maxLength: 4 }))),
  l1: fc.array(fc.constantFrom(...STRINGS), { maxLength: 3 }),
  d1: nullable(fc.constantFrom(...DAYS)),
  'properties.p1': nullable(fc.constantFrom(...PROPERTY_TEXTS)),
  'properties.p2': nullable(fc.constantFrom(...PROPERTY_TEXTS)),
});

const literalNumber = fc.oneof(fc.constantFrom('0', '1', '0.5', '2', '-3', '100', '1e2', '.5'), someNumber.map(String));
const literalText = fc.oneof(fc.constantFrom(...STRINGS), fc.string({ maxLength: 3, unit: 'binary-ascii' })).map(quote);

const { numeric, text, truth } = fc.letrec<{ numeric: string; text: string; truth: string }>((tie) => ({
  numeric: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...NUMBERS),
    literalNumber,
    fc
      .tuple(tie('numeric'), fc.constantFrom('+', '-', '*', '/'), tie('numeric'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc
      .tuple(fc.constantFrom('least', 'greatest', 'coalesce'), tie('numeric'), tie('numeric'))
      .map(([f, a, b]) => `${f}(${a}, ${b})`),
    tie('numeric').map((a) => `abs(${a})`),
    tie('numeric').map((a) => `-${a}`),
    fc.tuple(fc.constantFrom(...PROPERTIES), tie('numeric')).map(([p, a]) => `coalesce(${p}, (${a}) + 0)`),
  ),
  text: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...TEXTS),
    fc.tuple(tie('text'), literalText).map(([a, b]) => `coalesce(${a}, ${b})`),
  ),
  truth: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(tie('numeric'), fc.constantFrom('=', '!=', '<', '<=', '>', '>='), tie('numeric'))
      .map(([a, sign, b]) => `${a} ${sign} ${b}`),
    fc
      .tuple(tie('text'), fc.constantFrom('=', '!=', '<', '>='), fc.oneof(tie('text'), literalText))
      .map(([a, sign, b]) => `${a} ${sign} ${b}`),
    fc
      .tuple(fc.constantFrom(...PROPERTIES), fc.constantFrom('=', '<', '>=', '!='), literalNumber)
      .map(([p, sign, n]) => `${p} ${sign} ${n}`),
    fc
      .tuple(fc.constantFrom(...PROPERTIES), fc.constantFrom('=', '<', '!='), literalText)
      .map(([p, sign, t]) => `${p} ${sign} ${t}`),
    fc.constantFrom(
      'properties.p1 = properties.p2',
      'coalesce(properties.p1, properties.p2) >= 1',
      'properties.p1 is null',
      'properties.p1 + 1 > n1',
    ),
    fc
      .tuple(tie('numeric'), fc.constantFrom('', 'not '), tie('numeric'), tie('numeric'))
      .map(([a, no, b, c]) => `${a} ${no}between ${b} and ${c}`),
    fc
      .tuple(
        tie('numeric'),
        fc.constantFrom('', 'not '),
        fc.array(fc.oneof(literalNumber, fc.constant('null'), tie('numeric')), { minLength: 1, maxLength: 3 }),
      )
      .map(([a, no, items]) => `${a} ${no}in (${items.join(', ')})`),
    fc
      .tuple(
        tie('text'),
        fc.constantFrom('', 'not '),
        fc.array(fc.oneof(literalText, literalText, fc.constantFrom('null', 't1')), { minLength: 1, maxLength: 3 }),
      )
      .map(([a, no, items]) => `${a} ${no}in (${items.join(', ')})`),
    fc
      .tuple(
        fc.oneof(tie('text'), fc.constantFrom(...PROPERTIES)),
        fc.constantFrom('like', 'not like', 'ilike', 'not ilike'),
        fc.constantFrom(...PATTERNS),
      )
      .map(([a, like, pattern]) => `${a} ${like} ${quote(pattern)}`),
    fc
      .tuple(fc.constantFrom('n1', 't1', 'l1', 'd1', '(n1 / n2)'), fc.constantFrom('is null', 'is not null'))
      .map(([a, is]) => `${a} ${is}`),
    fc
      .tuple(fc.constantFrom('has', 'not has'), fc.oneof(literalText, fc.constant('t1')))
      .map(([has, b]) => `l1 ${has} ${b}`),
    fc
      .tuple(
        fc.constantFrom('<', '=', '>=', '!='),
        fc.constantFrom('as_of', 'as_of - 1', 'as_of + 30', "'2026-03-01'", 'd1 + 1', 'd1'),
      )
      .map(([sign, b]) => `d1 ${sign} ${b}`),
    fc.tuple(tie('truth'), fc.constantFrom('and', 'or'), tie('truth')).map(([a, word, b]) => `(${a} ${word} ${b})`),
    fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([a, b, c]) => `(${a} or ${b} and ${c})`),
    tie('truth').map((a) => `not (${a})`),
    tie('truth').map((a) => `not ${a}`),
  ),
}));

/** A random well-typed condition, as text. */
export const someCondition: fc.Arbitrary<string> = truth;
void numeric;
void text;
