import { posix } from 'node:path';
import ts from 'typescript';

/** A source file: its path from the root of the package, with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The floors, lowest first (DESIGN section 3). A folder imports from itself and from folders on lower floors; folders on
 * one floor never import each other.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['model'],
  ['stats'],
  ['rule'],
  ['definition'],
  ['sidecar'],
  ['warehouse', 'ledger'],
  ['ingest', 'profile', 'segment', 'evidence', 'discovery', 'audit', 'motion', 'activation', 'simulate', 'people'],
  ['pipeline'],
  ['api', 'web', 'client'],
  // The command line opens the other doors: `serve` is one of its commands.
  ['cli'],
];

/** Folders that import nothing of ours at all. */
const ALONE: readonly string[] = ['model', 'stats'];

/** The files that folders may import sideways: types of what is said over the wire. */
const CONTRACT: readonly string[] = ['src/api/contract.ts', 'src/api/evidence-answers.ts'];
/** Folders that know the contract and nothing else of ours. */
const OUTSIDE: readonly string[] = ['client', 'web'];

const folderOf = (path: string): string => path.split('/')[1] ?? '';
const floorOf = (path: string): number => FLOORS.findIndex((floor) => floor.includes(folderOf(path)));

/** A parsed file; `parent` is set on its nodes. */
export function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
}

/** Paths of ours that a file imports or re-exports, type imports and `import()` included. */
export function importsOf(file: SourceFile): readonly string[] {
  const found: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node) && node.text.startsWith('.')) {
      found.push(posix.normalize(posix.join(posix.dirname(file.path), node.text)));
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return found;
}

/** Imports that go up or sideways, and files on no floor. */
export function trespasses(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    if (floorOf(file.path) === -1) return [`${file.path}: src/${folderOf(file.path)} is no floor of the house`];
    return importsOf(file)
      .filter((target) => target.startsWith('src/'))
      .flatMap((target) => faultOfImport(file.path, target));
  });
}

function faultOfImport(from: string, to: string): readonly string[] {
  if (folderOf(from) === folderOf(to)) return [];
  const said = `${from} imports ${to}`;
  if (OUTSIDE.includes(folderOf(from))) {
    return CONTRACT.includes(to)
      ? []
      : [`${said}: src/${folderOf(from)} imports nothing but ${CONTRACT.join(' and ')}`];
  }
  if (ALONE.includes(folderOf(from))) return [`${said}: src/${folderOf(from)} imports nothing`];
  if (floorOf(to) > floorOf(from)) return [`${said}: that goes up, from ${folderOf(from)} to ${folderOf(to)}`];
  if (floorOf(to) === floorOf(from)) return [`${said}: that goes sideways, from ${folderOf(from)} to ${folderOf(to)}`];
  return [];
}

/** Loops of imports, each printed once as `a -> b -> a`. */
export function loops(files: readonly SourceFile[]): readonly string[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file)]));
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    for (const target of graph.get(path) ?? []) if (graph.has(target)) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
