import type { Diagnostic } from '../model/diagnostic.ts';
import type { Column, FactTable } from '../model/table.ts';
import { warehouseColumn } from '../model/tables.ts';
import { ExpressionError, parseExpression } from './expression.ts';
import { type CompiledExpression, compileExpression, conditionFrom, nearest } from './expression-sql.ts';
import { type FactFile, quote, quoteName } from './fact-file.ts';
import { contentSql, factKeySql } from './identity.ts';
import { textOf } from './readings.ts';
import type { RowPlanInput } from './row-plan-input.ts';
import { mended, suppressedRowSql } from './suppressed-rows.ts';
import { TARGET_REASONS, type Target, targetOf } from './target.ts';

/** Column of the fact tables that says from which source a row came; `needs` has a `source` of its own. */
export function originColumn(table: FactTable): string {
  return table.name === 'needs' ? 'origin' : 'source';
}

/** Whether rows of the table say if their start was assumed. */
function hasAssumed(table: FactTable): boolean {
  return ['accounts', 'users', 'traits'].includes(table.name);
}

/** Names of the columns that every fact row carries after those of its contract. */
export function carriedColumns(table: FactTable): readonly string[] {
  const common = ['fact_key', 'content', originColumn(table), 'file', 'line', 'received_at'];
  return hasAssumed(table) ? [...common, 'assumed'] : common;
}

/** How the rows of a file become rows of a table: SQL over the file's columns. */
export interface RowPlan {
  /** Targets that the source gives, by contract name. */
  readonly given: ReadonlySet<string>;
  /** Names that the free attributes may have; null where a file does not tell. */
  readonly otherNames: readonly string[] | null;
  /** `WITH` clause and the values of the door's columns, in the order of `doorColumns`. */
  readonly select: string;
}

/** The columns of the door, which every row of a file passes once. */
function doorColumns(table: FactTable): readonly string[] {
  return [...table.columns.map(warehouseColumn), ...carriedColumns(table), 'problems', 'raw', 'verdict'];
}

/** A plan, or every reason why the file does not fit its source. */
export function planRows(input: RowPlanInput): { plan: RowPlan | null; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const { expressions, taken } = compileColumns(input, diagnostics);
  const mapped = compileFreeNames(input, taken, diagnostics);
  const where = compileWhere(input, diagnostics);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return { plan: null, diagnostics };
  const others = withMapped(othersTarget(input, taken), mapped, input);
  const original = input.table.columns.map((column) => {
    const expression = expressions.get(column.name);
    const free = column.name === others?.column ? others : null;
    return targetOf(column, expression, free, input);
  });
  const given = new Set(expressions.keys());
  if (others !== null) given.add(others.column);
  const otherNames = others === null ? [] : others.names;
  return { plan: { given, otherNames, select: selectSql(input, original, where) }, diagnostics };
}

function compileColumns(
  input: RowPlanInput,
  diagnostics: Diagnostic[],
): { expressions: Map<string, CompiledExpression>; taken: Set<string> } {
  const expressions = new Map<string, CompiledExpression>();
  const taken = new Set<string>();
  for (const target of Object.keys(input.source.columns)) {
    if (input.table.columns.some((column) => column.name === target) || freeName(input, target) !== null) continue;
    const close = nearest(
      target,
      input.table.columns.map((column) => column.name),
    );
    diagnostics.push(fault(input, 'unknown-column', `${input.table.name} has no column ${target}`, target, close));
  }
  for (const column of input.table.columns) {
    const text = input.source.columns[column.name] ?? sameName(input.file, input.table, column);
    if (text === null) {
      if (column.required) diagnostics.push(missingColumn(input, column));
      continue;
    }
    const compiled = compileText(input, text, column.name, diagnostics);
    if (compiled === null) continue;
    expressions.set(column.name, compiled.expression);
    for (const name of compiled.columns) taken.add(name);
  }
  return { expressions, taken };
}

/** The name of a free attribute that a mapping fills (`traits.plan_family`, `properties.amount`); null: no such target. */
function freeName({ table }: RowPlanInput, target: string): string | null {
  const map = table.columns.find((column) => column.type === 'map')?.name;
  return map !== undefined && target.startsWith(`${map}.`) ? target.slice(map.length + 1) : null;
}

type FreeNames = ReadonlyMap<string, CompiledExpression>;

function compileFreeNames(input: RowPlanInput, taken: Set<string>, diagnostics: Diagnostic[]): FreeNames {
  const mapped = new Map<string, CompiledExpression>();
  for (const [target, text] of Object.entries(input.source.columns)) {
    const name = freeName(input, target);
    const compiled = name === null ? null : compileText(input, text, target, diagnostics);
    if (name === null || compiled === null) continue;
    mapped.set(name, compiled.expression);
    for (const column of compiled.columns) taken.add(column);
  }
  return mapped;
}

type Others = {
  readonly column: string;
  readonly sql: string;
  readonly names: readonly string[] | null;
  readonly faults: readonly string[];
};

/** The columns that nothing takes, and over them the free attributes that the source maps. */
function withMapped(others: Others | null, mapped: FreeNames, { table }: RowPlanInput): Others | null {
  const column = others?.column ?? table.columns.find(({ type }) => type === 'map')?.name;
  if (mapped.size === 0 || column === undefined) return others;
  const pairs = [...mapped].map(([name, { kind, sql }]) => `${quote(name)}, ${textOf(kind, sql)}`);
  const own = `mapFilter((k, v) -> v != '', map(${pairs.join(', ')}))`;
  const names = others === null ? [] : others.names;
  return {
    column,
    sql: others === null ? own : `mapUpdate(CAST(${others.sql}, 'Map(String, String)'), ${own})`,
    names: names === null ? null : [...names, ...mapped.keys()],
    faults: [...mapped.values()].flatMap(({ faults }) => faults),
  };
}

function sameName(file: FactFile, table: FactTable, column: Column): string | null {
  // A key of JSON may turn up late; only a register needs to know which columns its source gives at all.
  if (file.format === 'LineAsString' && !hasAssumed(table) && column.type !== 'map' && !column.required) {
    return quoteColumn(column.name);
  }
  return file.columns.some((candidate) => candidate.name === column.name) ? quoteColumn(column.name) : null;
}

function quoteColumn(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function compileText(
  input: RowPlanInput,
  text: string,
  target: string,
  diagnostics: Diagnostic[],
): { expression: CompiledExpression; columns: readonly string[] } | null {
  const { file } = input;
  const names = file.columns.map((column) => column.name);
  try {
    // The whole text may be a column's name that is no word, such as `Account ID`.
    const whole = names.includes(text.trim()) ? quoteColumn(text.trim()) : text;
    const compiled = compileExpression(parseExpression(whole), file.column, names);
    if (compiled.ok) return compiled;
    for (const { name, nearest: close, isFunction } of compiled.unknown) {
      const what = isFunction
        ? `no function ${name} with these arguments`
        : `${input.displayName} has no column ${name}`;
      diagnostics.push(fault(input, 'unknown-name', `${what} (in \`${target}: ${text}\`)`, target, close));
    }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const message = `\`${target}: ${text}\` cannot be read at character ${error.column}: ${error.message}`;
    diagnostics.push(fault(input, 'bad-expression', message, target, null));
  }
  return null;
}

function compileWhere(input: RowPlanInput, diagnostics: Diagnostic[]): string | null {
  if (input.source.where === null) return null;
  const compiled = compileText(input, input.source.where, 'where', diagnostics);
  return compiled === null ? null : conditionFrom(compiled.expression);
}

function missingColumn(input: RowPlanInput, column: Column): Diagnostic {
  const names = input.file.columns.map((candidate) => candidate.name);
  const message = `${input.displayName} gives no ${column.name} (${column.meaning}), which ${input.table.name} needs; its columns are ${names.join(', ')}`;
  return fault(input, 'missing-column', message, column.name, nearest(column.name, names));
}

function fault(input: RowPlanInput, code: string, message: string, field: string, close: string | null): Diagnostic {
  const suggestion =
    close === null ? `map it under \`columns\` of source ${input.source.name}` : `did you mean ${close}?`;
  return { code, severity: 'error', message, place: { ...input.source.place, field }, suggestion };
}

/** Where columns go that no target takes: an event's properties, an account's or user's traits. */
function othersTarget(input: RowPlanInput, taken: ReadonlySet<string>): Others | null {
  const column = input.table.columns.find((candidate) => candidate.type === 'map')?.name;
  if (column === undefined || input.source.columns[column] !== undefined) return null;
  if (input.file.columns.some((candidate) => candidate.name === column)) return null;
  const sql = input.file.others(taken);
  if (sql === null) return null;
  const names = input.file.columns.map((candidate) => candidate.name).filter((name) => !taken.has(name));
  return { column, sql, names: input.file.format === 'LineAsString' ? null : names, faults: [] };
}

function selectSql(input: RowPlanInput, original: readonly Target[], where: string | null): string {
  const { table, file, suppressed } = input;
  const targets = original.map((target) => mended(target, table, suppressed));
  const isSuppressed = suppressedRowSql(table, original, suppressed);
  const value = (name: string): string => `v__${name}`;
  const withs = targets.flatMap((target) => [
    `${target.value} AS ${value(target.column.name)}`,
    ...(target.fault === null ? [] : [`toUInt8(${target.fault}) AS f__${target.column.name}`]),
  ]);
  const faulty = targets.filter((target) => target.fault !== null);
  const broken = file.isBroken ?? '0';
  const together = togetherFault(table);
  const verdict = [
    ...(where === null ? [] : [`NOT ifNull(${where}, 0), 2`]),
    ...(isSuppressed === null ? [] : [`${isSuppressed}, 3`]),
    `(${[broken, together.sql, ...faulty.map((target) => `f__${target.column.name} != 0`)].join(' OR ')}), 1`,
  ];
  const problems = [
    `('${together.field}', if(${together.sql}, 'missing', ''), '')`,
    ...faulty.map(
      (target) =>
        `('${target.column.name}', transform(f__${target.column.name}, [${TARGET_REASONS.map((_, i) => i + 1).join(', ')}], [${TARGET_REASONS.map(quote).join(', ')}], ''), ${target.text})`,
    ),
  ];
  const all = `if(${broken}, [('', 'json', '')], arrayFilter(p -> p.2 != '', [${problems.join(', ')}]))`;
  const contractId = table.name === 'contracts' ? `if(v__contract_id = '', hex(fact__key), v__contract_id)` : '';
  const values = targets.map((target) =>
    target.column.name === 'contract_id' && contractId !== '' ? contractId : value(target.column.name),
  );
  return `WITH ${[
    ...withs,
    `${factKeySql(table, value)} AS fact__key`,
    `multiIf(${verdict.join(', ')}, 0) AS verdict__`,
  ].join(',\n')}
SELECT ${[
    ...values,
    'fact__key',
    contentSql(table, value),
    quote(input.source.name),
    quote(input.displayName),
    'line__',
    `toDateTime64('${input.receivedAt.toISOString().slice(0, -1).replace('T', ' ')}', 3, 'UTC')`,
    ...(hasAssumed(table) ? ['0'] : []),
    `if(verdict__ = 1, ${all}, [])`,
    `if(verdict__ = 1, ${file.raw}, '')`,
    'verdict__',
  ].join(',\n')}`;
}

/** Columns of which a row needs one at least. */
function togetherFault(table: FactTable): { field: string; sql: string } {
  if (table.name === 'events') return { field: 'user_id', sql: `(v__user_id = '' AND v__account_id = '')` };
  if (table.name === 'identities') {
    return { field: 'anonymous_id', sql: `(v__anonymous_id = '' AND v__previous_id = '')` };
  }
  return { field: '', sql: '0' };
}

/** The statement that sends a batch of the file through the door. */
export function loadStatement(
  door: string,
  table: FactTable,
  file: FactFile,
  plan: RowPlan,
  firstLine: number,
): string {
  return `INSERT INTO ${door} (${doorColumns(table).map(quoteName).join(', ')})
${plan.select}
FROM (SELECT *, toUInt64(${firstLine}) + rowNumberInAllBlocks() AS line__ FROM input(${quote(file.structure)}))
WHERE NOT (${file.isStandIn})
FORMAT ${file.format}`;
}
