import type { MappingNode } from './expression.ts';
import { type FileColumn, type Kind, quote } from './fact-file.ts';
import { flagOfText, isNothing, numberOf, textOf } from './readings.ts';

/** An expression as SQL: its kind, and conditions that are true where one of its inputs is no number but ought to be. */
export interface CompiledExpression {
  readonly kind: Kind;
  readonly sql: string;
  readonly faults: readonly string[];
}

/** A name or function in an expression that does not exist, with the nearest that does. */
interface UnknownName {
  readonly name: string;
  readonly nearest: string | null;
  readonly isFunction: boolean;
}

/** Compiled, or all names that are unknown or wrongly called. */
export type Compilation =
  | { readonly ok: true; readonly expression: CompiledExpression; readonly columns: readonly string[] }
  | { readonly ok: false; readonly unknown: readonly UnknownName[] };

type Compiled = CompiledExpression;
const FLAG_LITERALS = ['true', 'false'];

/** Functions by name, with how many arguments they take. */
const FUNCTIONS: Readonly<
  Record<string, { min: number; max: number; compile: (args: readonly Compiled[]) => Compiled }>
> = {
  lower: { min: 1, max: 1, compile: ([a]) => text(`lowerUTF8(${textFrom(a)})`, [a]) },
  upper: { min: 1, max: 1, compile: ([a]) => text(`upperUTF8(${textFrom(a)})`, [a]) },
  trim: { min: 1, max: 1, compile: ([a]) => text(`trimBoth(${textFrom(a)})`, [a]) },
  substring: {
    min: 2,
    max: 3,
    compile: ([a, from, length]) =>
      text(
        `substringUTF8(${textFrom(a)}, toInt64(ifNull(${numberFrom(from)}, 1))${length === undefined ? '' : `, toInt64(ifNull(${numberFrom(length)}, 0))`})`,
        [a],
      ),
  },
  split: {
    min: 3,
    max: 3,
    compile: ([a, separator, n]) =>
      text(
        `arrayElement(splitByString(${textFrom(separator)}, ${textFrom(a)}), toInt64(ifNull(${numberFrom(n)}, 1)))`,
        [a],
      ),
  },
  coalesce: {
    min: 1,
    max: 10,
    compile: (args) =>
      text(
        args.reduceRight((rest, arg) => `if(${textFrom(arg)} != '', ${textFrom(arg)}, ${rest})`, `''`),
        args,
      ),
  },
};

/** Compiles an expression over a file's columns. */
export function compileExpression(
  node: MappingNode,
  column: (name: string) => FileColumn | undefined,
  names: readonly string[],
): Compilation {
  const unknown: UnknownName[] = [];
  const used = new Set<string>();
  const visit = (inner: MappingNode): Compiled => {
    switch (inner.kind) {
      case 'column': {
        const found = column(inner.name);
        if (found !== undefined) {
          used.add(found.name);
          return { kind: found.kind, sql: found.sql, faults: [] };
        }
        if (FLAG_LITERALS.includes(inner.name.toLowerCase()))
          return condition(inner.name.toLowerCase() === 'true' ? '1' : '0');
        unknown.push({ name: inner.name, nearest: nearest(inner.name, names), isFunction: false });
        return text(`''`, []);
      }
      case 'text':
        return text(quote(inner.value), []);
      case 'number':
        return { kind: 'number', sql: inner.value, faults: [] };
      case 'negative':
        return arithmetic('-', visit({ kind: 'number', value: '0' }), visit(inner.operand));
      case 'call': {
        const known = FUNCTIONS[inner.name];
        const args = inner.args.map(visit);
        if (known !== undefined && args.length >= known.min && args.length <= known.max) return known.compile(args);
        unknown.push({ name: inner.name, nearest: nearest(inner.name, Object.keys(FUNCTIONS)), isFunction: true });
        return text(`''`, []);
      }
      case 'binary':
        return binary(inner.operator, visit(inner.left), visit(inner.right));
      case 'not':
        return condition(`NOT (${conditionFrom(visit(inner.operand))})`);
      case 'isNull':
        return condition(`${inner.isNegated ? 'NOT ' : ''}(${missing(visit(inner.operand))})`);
      case 'like': {
        const verb = inner.isNegated ? 'NOT LIKE' : 'LIKE';
        return condition(`(${textFrom(visit(inner.operand))}) ${verb} (${textFrom(visit(inner.pattern))})`);
      }
      case 'in': {
        const operand = visit(inner.operand);
        const equal = inner.list.map((item) => conditionFrom(compare('=', operand, visit(item))));
        return condition(`${inner.isNegated ? 'NOT ' : ''}(${equal.join(' OR ')})`);
      }
    }
  };
  const expression = visit(node);
  return unknown.length > 0 ? { ok: false, unknown } : { ok: true, expression, columns: [...used] };
}

/** The SQL of a condition, three-valued: null where a number that it compares is missing. Text is never null. */
export function conditionFrom(compiled: CompiledExpression): string {
  if (compiled.kind === 'flag' || compiled.kind === 'number') return `(${compiled.sql}) != 0`;
  return flagOfText(textFrom(compiled));
}

function text(sql: string, from: readonly (Compiled | undefined)[]): Compiled {
  return { kind: 'text', sql, faults: from.flatMap((part) => part?.faults ?? []) };
}

function condition(sql: string): Compiled {
  return { kind: 'flag', sql, faults: [] };
}

function textFrom(compiled: Compiled | undefined): string {
  return compiled === undefined ? `''` : textOf(compiled.kind, compiled.sql);
}

function numberFrom(compiled: Compiled | undefined): string {
  return compiled === undefined ? 'NULL' : numberOf(compiled.kind, compiled.sql);
}

function missing(compiled: Compiled): string {
  if (compiled.kind === 'text') return isNothing(compiled.sql);
  if (compiled.kind === 'list' || compiled.kind === 'map') return `empty(${compiled.sql})`;
  return `isNull(${compiled.sql})`;
}

function binary(operator: string, left: Compiled, right: Compiled): Compiled {
  if (operator === 'and' || operator === 'or') {
    return condition(`(${conditionFrom(left)}) ${operator.toUpperCase()} (${conditionFrom(right)})`);
  }
  if (operator === '||') return text(`concat(${textFrom(left)}, ${textFrom(right)})`, [left, right]);
  return ['+', '-', '*', '/'].includes(operator) ? arithmetic(operator, left, right) : compare(operator, left, right);
}

function arithmetic(operator: string, left: Compiled, right: Compiled): Compiled {
  const faults = [left, right].flatMap((side) => [
    ...side.faults,
    ...(side.kind === 'text' ? [`NOT ${isNothing(side.sql)} AND isNull(${numberOf('text', side.sql)})`] : []),
  ]);
  const sql = `(${numberFrom(left)}) ${operator} (${numberFrom(right)})`;
  const finite = operator === '/' ? `if((${numberFrom(right)}) = 0, NULL, ${sql})` : sql;
  return { kind: 'number', sql: `(${finite})`, faults };
}

function compare(operator: string, left: Compiled, right: Compiled): Compiled {
  const kinds = [left.kind, right.kind];
  if (kinds.includes('flag')) return condition(`(${flagFrom(left)}) ${operator} (${flagFrom(right)})`);
  if (kinds.includes('number')) return condition(`(${numberFrom(left)}) ${operator} (${numberFrom(right)})`);
  return condition(`(${textFrom(left)}) ${operator} (${textFrom(right)})`);
}

function flagFrom(compiled: Compiled): string {
  if (compiled.kind === 'flag') return compiled.sql;
  return compiled.kind === 'number' ? `toUInt8((${compiled.sql}) != 0)` : flagOfText(textFrom(compiled));
}

/** The name with the fewest edits, if they are few. */
export function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = edits(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
