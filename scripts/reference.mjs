// `npm run reference`: writes docs/reference from the code.
import 'tsx/esm';
import { mkdirSync, writeFileSync } from 'node:fs';

const { referencePages } = await import('../src/cli/reference/pages.ts');
const folder = new URL('../docs/reference/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const { file, text } of referencePages()) writeFileSync(new URL(file, folder), text);
