import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { buildPagesWhereNeeded } from '../../scripts/web.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const KIT = join(ROOT, 'node_modules', '@mantine', 'core');
const MOST_BYTES = 350_000;

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);

/** Files that a browser needs before it can show a page: those of some chunks, and of all that these import at once. */
function filesOf(manifest: z.infer<typeof manifestSchema>, names: readonly string[]): ReadonlySet<string> {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined || files.has(chunk.file)) return;
    for (const file of [chunk.file, ...chunk.css]) files.add(file);
    chunk.imports.forEach(visit);
  };
  names.forEach(visit);
  return files;
}

/** What each route loads when it is the first: the entry, its own page, and the page that it stands in. */
function routesOf(): readonly (readonly string[])[] {
  const text = readFileSync(join(ROOT, 'src', 'web', 'routes.tsx'), 'utf8');
  const pages = [...text.matchAll(/import\('\.\/(pages\/[^']+)'\)/g)].map(([, page = '']) => page);
  const frames = ['pages/data/data.tsx', 'pages/settings/settings.tsx'];
  return pages.map((page) => [page, ...frames.filter((frame) => page !== frame && dirname(page) === dirname(frame))]);
}

async function built() {
  const folder = await buildPagesWhereNeeded(ROOT);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, '.vite', name), 'utf8'));
  return {
    folder,
    manifest: manifestSchema.parse(read('manifest.json')),
    kit: z.array(z.string()).parse(read('kit.json')),
  };
}

test('the first load of every page stays under 350 kB, without charts and without the editor', async () => {
  const { folder, manifest } = await built();
  const entries = Object.keys(manifest).filter((name) => manifest[name]?.isEntry === true);
  expect(entries).toHaveLength(1);
  const routes = routesOf();
  expect(routes.length).toBeGreaterThan(20);
  for (const pages of routes) {
    for (const page of pages) expect(manifest[page], page).toBeDefined();
    const files = [...filesOf(manifest, [...entries, ...pages])];
    const weighs = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
    expect(weighs, pages.join(', ')).toBeLessThan(MOST_BYTES);
    expect(
      files.filter((file) => /chart-engine|text-editor/.test(file)),
      pages.join(', '),
    ).toEqual([]);
  }
});

test('the kit brings the styles of the components that the pages are made of, in its own order, and no others', async () => {
  const { kit } = await built();
  const source = readFileSync(join(ROOT, 'src', 'web', 'kit-styles.ts'), 'utf8');
  const brought = [...source.matchAll(/styles\/([^']+)\.css'/g)].map(([, name = '']) => name);
  const [ground, components] = [brought.slice(0, 3), brought.slice(3)];
  expect(ground).toEqual(['baseline', 'default-css-variables', 'global']);
  expect(kit.length).toBeGreaterThan(20);
  expect([...components].sort()).toEqual([...kit].sort());
  const whole = readFileSync(join(KIT, 'styles.css'), 'utf8');
  const places = components.map((name) =>
    whole.indexOf(readFileSync(join(KIT, 'styles', `${name}.css`), 'utf8').trim()),
  );
  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
