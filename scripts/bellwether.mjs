#!/usr/bin/env node
// The command of the package: runs the TypeScript of src/cli through tsx, in this process.
import 'tsx/esm';

await import('../src/cli/main.ts');
