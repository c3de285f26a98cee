// The product build: what the desktop shell embeds. The mock of the backend is built by tests/mock/vite.config.ts and never by this file.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  base: './',
  // Tests run the same reactive code as the window, not its server-side form.
  ...(process.env['VITEST'] ? { resolve: { conditions: ['browser'] } } : {}),
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // The polyfill would only serve engines older than the ones Tauri 2 runs on.
    modulePreload: { polyfill: false },
    // Inlined assets would be data: URLs, which the content security policy allows for images only.
    assetsInlineLimit: 0,
  },
  test: {
    include: ['tests/unit/**/*.test.ts'],
    environment: 'node',
  },
});
