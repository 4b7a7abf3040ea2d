// The pages, built where they are missing or others than their sources say. Plain Node and the packages of the checkout.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = '.built-from';

/** Builds the pages into `dist/web` of a checkout where that is needed; returns the folder. Several may do so at once. Elsewhere they are built. */
export async function buildPagesWhereNeeded(root) {
  const folder = join(root, 'dist', 'web');
  // An image has its pages, and nothing to build them with.
  if (!existsSync(join(root, 'vite.config.ts'))) return folder;
  const wanted = sourcesOf(root);
  if (isBuiltFrom(folder, wanted)) return folder;
  const own = join(root, 'dist', `web-${process.pid}`);
  await build(root, own);
  writeFileSync(join(own, STAMP), wanted);
  // Whoever was first has put the same pages there.
  if (!isBuiltFrom(folder, wanted)) replace(folder, own);
  rmSync(own, { recursive: true, force: true });
  return folder;
}

/** Builds the pages as they are served, also for tests: the builder takes a word of theirs for that of a developer. */
async function build(root, outDir) {
  const vite = await import('vite');
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production';
  try {
    await vite.build({
      root: join(root, 'src', 'web'),
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir },
    });
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}

function isBuiltFrom(folder, wanted) {
  const stamp = join(folder, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

function replace(folder, own) {
  const old = `${own}-old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(own, folder);
  rmSync(old, { recursive: true, force: true });
}

/** A word for everything that the pages are made of: their files, how they are built, and the packages. */
function sourcesOf(root) {
  const hash = createHash('sha256');
  const pages = readdirSync(join(root, 'src', 'web'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const path of [
    ...pages,
    join(root, 'vite.config.ts'),
    join(root, 'scripts', 'web.mjs'),
    join(root, 'package-lock.json'),
  ]) {
    hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest('hex');
}
