import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Shared by the build, the tests and svelte-check. Runes everywhere; script blocks are TypeScript. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
};
