import path from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // The page may stand below a path of a proxy.
  base: './',
  build: {
    outDir: path.join(import.meta.dirname, '..', '..', 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2022',
    // The page's content security policy knows no data: addresses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
});
