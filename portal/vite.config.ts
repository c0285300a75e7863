import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite build portal` writes `dist/portal`; `vite portal` serves the sources against a Runway that runs (RUNWAY_CDN_URL). */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/portal', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // What a page loads first is measured from it.
    manifest: 'manifest.json',
    // Inlined files would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The charts; they are loaded with the first chart only.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/config.json'].map((path) => [path, process.env.RUNWAY_CDN_URL ?? 'http://127.0.0.1:4567']),
    ),
  },
});
