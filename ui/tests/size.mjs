// The budget of the first load: what the window needs before the call view stands, compressed, and that no double of the backend is in it.
// @ts-check
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 60_000;
/** Texts that stand in the mock only. */
const MOCK_TEXTS = ['frontdeskMock', 'Jabra Evolve2', 'There is no state'];

const dist = join(import.meta.dirname, '../dist');

/** @typedef {{ file: string, css?: string[], imports?: string[], isEntry?: boolean }} Chunk */
/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(await readFile(join(dist, '.vite/manifest.json'), 'utf8'));

/** @type {Set<string>} */
const first = new Set(['index.html']);
/** @param {Chunk | undefined} chunk */
function collect(chunk) {
  if (!chunk || first.has(chunk.file)) return;
  first.add(chunk.file);
  chunk.css?.forEach((file) => first.add(file));
  // Chunks that are imported when a page is opened are no part of the first load.
  chunk.imports?.forEach((name) => collect(manifest[name]));
}
Object.values(manifest).filter((chunk) => chunk.isEntry).forEach(collect);

let total = 0;
for (const file of first) {
  const size = gzipSync(await readFile(join(dist, file))).length;
  total += size;
  console.log(`${String(size).padStart(7)} bytes  ${file}`);
}
console.log(`${String(total).padStart(7)} bytes of ${BUDGET_BYTES} in the first load, compressed`);

/** @type {string[]} */
const leaks = [];
for (const file of await readdir(join(dist, 'assets'))) {
  const content = await readFile(join(dist, 'assets', file), 'utf8');
  leaks.push(...MOCK_TEXTS.filter((text) => content.includes(text)).map((text) => `${file} contains "${text}" of the mock`));
}
leaks.forEach((leak) => console.error(leak));
process.exitCode = total <= BUDGET_BYTES && leaks.length === 0 ? 0 : 1;
