#!/usr/bin/env node
// The command of the package: runs the TypeScript of src/cli through tsx, in this process.
import 'tsx/esm';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === 'serve' && !process.argv.includes('--help')) {
  const { buildPagesWhereNeeded } = await import('./web.mjs');
  await buildPagesWhereNeeded(fileURLToPath(new URL('..', import.meta.url)));
}

await import('../src/cli/main.ts');
