import type { Value } from '../condition.ts';
import type { Expression } from '../expression.ts';
import type { Checking, Kind, Typing } from '../kind.ts';
import { comparableType, needComparable, needNumber } from '../typing.ts';

interface FunctionRule {
  readonly least: number;
  readonly most: number;
  /** How often the SQL says each value. */
  readonly copies: number;
  readonly sql: (parts: readonly string[]) => string;
  readonly apply: (values: readonly Value[]) => Value;
  readonly say: (parts: readonly string[]) => string;
}

/** An unknown input makes the least and the greatest unknown (D12), in whatever way an engine would answer. */
const whereKnown = (parts: readonly string[], sql: string) =>
  `if(${parts.map((sqlPart) => `isNull(${sqlPart})`).join(' OR ')}, NULL, ${sql})`;

const extreme =
  (pick: (numbers: readonly number[]) => number) =>
  (values: readonly Value[]): Value => {
    const numbers = values.filter((value) => typeof value === 'number');
    return numbers.length === values.length ? pick(numbers) : null;
  };

const FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  coalesce: {
    least: 2,
    most: 20,
    copies: 1,
    sql: (parts) => `coalesce(${parts.join(', ')})`,
    apply: (values) => values.find((value) => value !== null) ?? null,
    say: (parts) => `${parts[0] ?? ''} (or ${parts.slice(1).join(', or ')} where unknown)`,
  },
  abs: {
    least: 1,
    most: 1,
    copies: 1,
    sql: (parts) => `abs(${parts.join(', ')})`,
    apply: ([value]) => (typeof value === 'number' ? Math.abs(value) : null),
    say: (parts) => `the size of ${parts.join(', ')}`,
  },
  least: {
    least: 2,
    most: 20,
    copies: 2,
    sql: (parts) => whereKnown(parts, `least(${parts.join(', ')})`),
    apply: extreme((numbers) => Math.min(...numbers)),
    say: (parts) => `the smaller of ${parts.join(' and ')}`,
  },
  greatest: {
    least: 2,
    most: 20,
    copies: 2,
    sql: (parts) => whereKnown(parts, `greatest(${parts.join(', ')})`),
    apply: extreme((numbers) => Math.max(...numbers)),
    say: (parts) => `the larger of ${parts.join(' and ')}`,
  },
};

/** `coalesce`, `abs`, `least`, `greatest`: all the functions there are. */
export const call: Kind = {
  name: 'call',
  parseHead: (cursor) => {
    const token = cursor.peek();
    const word = token.text.toLowerCase();
    if (token.type !== 'name' || !Object.hasOwn(FUNCTIONS, word) || !cursor.sees('(', 1)) return null;
    cursor.take();
    cursor.take();
    const parts = [cursor.value()];
    while (cursor.accepts(',')) parts.push(cursor.value());
    cursor.expects(')', '`,` or `)`');
    return cursor.node('call', token.start, { word, parts });
  },
  typeOf: (node, types) => (node.word === 'coalesce' ? coalescedType(node, types) : 'number'),
  check: (node, context) => {
    checkCount(node, context);
    if (node.word === 'coalesce') {
      needComparable(node, node.parts, context);
      return;
    }
    for (const child of node.parts) {
      context.value(child);
      needNumber(child, `\`${node.word}\``, context);
    }
  },
  compile: (node, context) => {
    const want = operandType(node, context);
    const parts = node.parts.map((child) => (want === null ? context.raw(child) : context.value(child, want)));
    return ruleOf(node).sql(parts);
  },
  hold: (node, context) => {
    const want = operandType(node, context);
    return ruleOf(node).apply(
      node.parts.map((child) => (want === null ? context.raw(child) : context.value(child, want))),
    );
  },
  weigh: (node, weights) => 1 + ruleOf(node).copies * weights.reduce((sum, weight) => sum + weight, 0),
  describe: (node, context) => ruleOf(node).say(node.parts.map((child) => context.say(child))),
};

function ruleOf(node: Expression): FunctionRule {
  const rule = FUNCTIONS[node.word];
  if (rule === undefined) throw new Error(`no function ${node.word}`);
  return rule;
}

function checkCount(node: Expression, context: Checking): void {
  const { least, most } = ruleOf(node);
  const count = node.parts.length;
  if (count >= least && count <= most) return;
  const wanted = least === most ? `${least}` : `${least} to ${most}`;
  context.report(node, 'type-mismatch', `\`${node.word}\` takes ${wanted} values, not ${count}`);
}

/** Properties alone stay properties and are typed by what the whole is compared with. */
function coalescedType(node: Expression, types: Typing) {
  const areProperties = node.parts.every((child) => ['property', 'null'].includes(types.typeOf(child)));
  if (areProperties) return node.parts.some((child) => types.typeOf(child) === 'property') ? 'property' : 'null';
  return comparableType(node.parts, types) ?? 'null';
}

function operandType(node: Expression, types: Typing) {
  if (node.word !== 'coalesce') return 'number';
  return coalescedType(node, types) === 'property' ? null : comparableType(node.parts, types);
}
