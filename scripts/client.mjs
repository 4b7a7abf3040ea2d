// The typed client as a package of its own, for Node and browsers without a build step: `npm run client [FOLDER]`.
// JavaScript of src/client, and the declarations of whatever its types refer to.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'src');
const NAME = 'bellwether-client';

/** Builds the package into a folder, which is emptied first; returns its path. */
export function buildClient(folder) {
  rmSync(folder, { recursive: true, force: true });
  const { version, engines, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const entry = join(SOURCES, 'client', 'client.ts');
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram([entry], {
    ...options,
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: SOURCES,
    outDir: folder,
  });
  const faults = ts.getPreEmitDiagnostics(program);
  if (faults.length > 0) throw new Error(ts.formatDiagnostics(faults, host));
  program.emit(undefined, (path, text) => {
    const place = relative(folder, resolve(path)).split(sep).join('/');
    if (!place.endsWith('.d.ts') && !place.startsWith('client/')) return;
    mkdirSync(dirname(path), { recursive: true });
    // What a declaration imports is a declaration beside it.
    writeFileSync(path, place.endsWith('.d.ts') ? text.replace(/(from '\.[^']*)\.ts'/g, "$1.js'") : text);
  });
  const manifest = {
    ...{ name: NAME, version, private: true, type: 'module', engines },
    exports: { '.': { types: './client/client.d.ts', default: './client/client.js' } },
    peerDependencies: { zod: dependencies.zod },
    peerDependenciesMeta: { zod: { optional: true } },
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}

const host = {
  getCurrentDirectory: () => ROOT,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(ROOT, 'dist', 'client'));
  buildClient(folder);
  process.stdout.write(`${folder}\nUse it with: npm install ${folder}\n`);
}
