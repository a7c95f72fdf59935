import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** Fonts that a style sheet holds as data: addresses, which no policy of ours lets in: the reader's own do. */
const noEmbeddedFonts: Plugin = {
  name: 'no-embedded-fonts',
  enforce: 'pre',
  transform: (code, id) => (/[\\/]graphiql[\\/].*style\.css/.test(id) ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : null),
};

export default defineConfig({
  root: import.meta.dirname,
  // The page may stand below a path of a proxy.
  base: './',
  plugins: [noEmbeddedFonts],
  build: {
    outDir: path.join(import.meta.dirname, '..', '..', 'dist', 'web'),
    emptyOutDir: true,
    rolldownOptions: {
      input: ['index.html', 'explorer.html'].map((name) => path.join(import.meta.dirname, name)),
      checks: { pluginTimings: false },
      // "use client" means nothing here, and libraries are full of it.
      onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
    },
    target: 'es2022',
    // The page's content security policy knows no data: addresses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
});
