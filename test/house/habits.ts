import ts from 'typescript';
import { parse, type SourceFile } from './drawing.ts';

/** Something that a file may do although the house forbids it, and why. */
export interface Leave {
  readonly path: string;
  readonly what: string;
  readonly because: string;
}

/** Time, chance and environment, as they are written. */
const AMBIENT: Readonly<Record<string, readonly string[]>> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['now', 'timeOrigin'],
  process: ['env', 'hrtime', 'uptime', 'argv', 'cwd'],
  crypto: ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues'],
};

const CHANCE_IMPORTS: readonly string[] = [
  'randomUUID',
  'randomBytes',
  'randomInt',
  'randomFillSync',
  'getRandomValues',
];

/** Names nobody may use for a file or folder (STYLE). */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'shared',
  'lib',
  'core',
  'services',
  'managers',
  'types',
  'misc',
  'index',
]);

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;

const place = (source: ts.SourceFile, node: ts.Node): string =>
  `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

function visitAll(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => visitAll(child, visit));
}

/** What a node takes from the surroundings: `Date.now`, `new Date()`, ..., or null. */
function ambientOf(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const owner = lastWord(node.expression);
    return owner !== null && (AMBIENT[owner] ?? []).includes(node.name.text) ? `${owner}.${node.name.text}` : null;
  }
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    const owner = lastWord(node.expression);
    const name = node.argumentExpression.text;
    return owner !== null && (AMBIENT[owner] ?? []).includes(name) ? `${owner}.${name}` : null;
  }
  if (ts.isNewExpression(node) && lastWord(node.expression) === 'Date' && (node.arguments?.length ?? 0) === 0)
    return 'new Date()';
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date') return 'Date()';
  if (ts.isImportSpecifier(node)) {
    const name = (node.propertyName ?? node.name).text;
    return CHANCE_IMPORTS.includes(name) ? name : null;
  }
  return null;
}

/** `process` of `process` and of `globalThis.process`. */
function lastWord(node: ts.Expression): string | null {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) && lastWord(node.expression) === 'globalThis') return node.name.text;
  return null;
}

/** Ambient time, chance and environment that no leave covers, and leaves that nothing needs. */
export function ambience(files: readonly SourceFile[], leaves: readonly Leave[]): readonly string[] {
  const used = new Set<Leave>();
  const found = files.flatMap((file) => {
    const source = parse(file);
    const faults: string[] = [];
    visitAll(source, (node) => {
      const what = ambientOf(node);
      if (what === null) return;
      const leave = leaves.find((each) => each.path === file.path && each.what === what);
      if (leave === undefined) faults.push(`${place(source, node)} reads ${what}: take it as a parameter`);
      else used.add(leave);
    });
    return faults;
  });
  return [...found, ...unneeded(leaves, used)];
}

function unneeded(leaves: readonly Leave[], used: ReadonlySet<Leave>): readonly string[] {
  return leaves
    .filter((leave) => !used.has(leave))
    .map(({ path, what }) => `${path} needs no leave for ${what} any more`);
}

/** Exported declarations without a doc block. */
export function undocumented(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const source = parse(file);
    return source.statements
      .filter((statement) => isExported(statement) && !isDocumented(source, statement))
      .map((statement) => `${place(source, statement)} exports ${nameOf(statement)} without a doc block`);
  });
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
}

function isDocumented(source: ts.SourceFile, statement: ts.Statement): boolean {
  const ranges = ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [];
  return ranges.some(({ pos }) => source.text.startsWith('/**', pos));
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((each) => each.name.getText()).join(', ');
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? 'something' : name.getText();
}

/** Default exports and exports from elsewhere. */
export function barrels(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const source = parse(file);
    return source.statements.flatMap((statement) => {
      const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
      const isDefault = modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword);
      if (ts.isExportAssignment(statement) || isDefault) return [`${place(source, statement)} has a default export`];
      const isForwarded = ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
      return isForwarded ? [`${place(source, statement)} exports what is another file's: import it from there`] : [];
    });
  });
}

/** Files and folders with names that say nothing. */
export function emptyNames(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap(({ path }) => {
    const words = path.split('/').map((word) => word.replace(/\.[^.]+$/, ''));
    return words
      .filter((word) => FORBIDDEN_NAMES.has(word))
      .map((word) => `${path}: ${word} says nothing about what is in it`);
  });
}

/** Files and functions that are too long and have no leave, and leaves that nothing needs. */
export function tooLong(files: readonly SourceFile[], leaves: readonly Leave[]): readonly string[] {
  const used = new Set<Leave>();
  const faults = files.flatMap((file) => [...longFile(file), ...longFunctions(file)]);
  const found = faults.filter(({ path, what }) => {
    const leave = leaves.find((each) => each.path === path && each.what === what);
    if (leave !== undefined) used.add(leave);
    return leave === undefined;
  });
  return [...found.map(({ words }) => words), ...unneeded(leaves, used)];
}

interface LongPart {
  readonly path: string;
  readonly what: string;
  readonly words: string;
}

function longFile({ path, text }: SourceFile): readonly LongPart[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines <= MAX_FILE_LINES) return [];
  return [{ path, what: 'file', words: `${path} has ${lines} lines; ${MAX_FILE_LINES} is the most` }];
}

function longFunctions(file: SourceFile): readonly LongPart[] {
  const source = parse(file);
  const found: LongPart[] = [];
  visitAll(source, (node) => {
    if (!ts.isFunctionLike(node)) return;
    const { line: first } = source.getLineAndCharacterOfPosition(node.getStart());
    const { line: last } = source.getLineAndCharacterOfPosition(node.getEnd());
    const lines = last - first + 1;
    const what = functionName(node);
    if (lines > MAX_FUNCTION_LINES) {
      found.push({
        path: file.path,
        what,
        words: `${place(source, node)} ${what} has ${lines} lines; ${MAX_FUNCTION_LINES} is the most`,
      });
    }
  });
  return found;
}

function functionName(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : 'a function';
}
