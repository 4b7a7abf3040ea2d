import { basename } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const KIT_PART = /@mantine\/core\/esm\/.*\.module\.mjs$/;

/** Writes down which components of the kit the pages are made of, by the names of their styles: `.vite/kit.json`. */
const kitUsed: Plugin = {
  name: 'kit-used',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
    const used = modules.filter((id) => KIT_PART.test(id)).map((id) => basename(id, '.module.mjs'));
    this.emitFile({
      type: 'asset',
      fileName: '.vite/kit.json',
      source: JSON.stringify([...new Set(used)].sort()),
    });
  },
};

export default defineConfig({
  root: 'src/web',
  base: '/',
  plugins: [react(), kitUsed],
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2022', manifest: true, assetsInlineLimit: 0 },
});
