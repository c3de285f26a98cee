// Renders every state of the window in light and dark, at the smallest and at a large size; checks each with axe and for layout shifts;
// then walks the path of a call by keyboard. Pictures go to tests/screenshots-out. Arguments: parts of state names, to render only those.
// @ts-check
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launch } from './browser.mjs';
import { PATHS } from './paths.mjs';
import { serve } from './server.mjs';
import { STATES } from './states.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const pictures = join(here, '../screenshots-out');
const axe = await readFile(join(here, '../../node_modules/axe-core/axe.min.js'), 'utf8');

const SIZES = [
  { width: 800, height: 600 },
  { width: 1440, height: 900 },
];
/** Sum of layout shifts that a state may show while it settles; 0.1 is what browsers call good. */
const SHIFT_LIMIT = 0.01;

/** Longer than any transition of the window, so that pictures show its end. */
const SETTLE_MS = 280;

const wanted = process.argv.slice(2);
let passed = 0;
let failed = 0;

/**
 * @param {string} name
 * @param {() => Promise<string[]>} check gives what is wrong
 */
async function verify(name, check) {
  /** @type {string[]} */
  let wrong;
  try {
    wrong = await check();
  } catch (reason) {
    // The first line says what; what follows is the browser's own chatter.
    wrong = [String(reason).split('\n')[0] ?? ''];
  }
  if (wrong.length === 0) passed += 1;
  else {
    failed += 1;
    wrong.forEach((what) => console.error(`FAILED  ${name}: ${what}`));
  }
}

/**
 * Opens a page in a context of its own, and gathers what goes wrong in it.
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} options
 */
async function openPage(browser, options) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'America/Chicago', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  /** @type {string[]} */
  const errors = [];
  page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
  // Refused styles and scripts of the content security policy are console errors too.
  page.on('console', (message) => message.type() === 'error' && errors.push(`console: ${message.text()}`));
  await page.addInitScript(() => {
    const shifts = { total: 0, sources: /** @type {string[]} */ ([]) };
    Object.assign(window, { frontdeskShifts: shifts });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries())) {
        if (entry.hadRecentInput) continue;
        shifts.total += entry.value;
        shifts.sources.push(...entry.sources.map((/** @type {any} */ source) => source.node?.outerHTML?.slice(0, 120) ?? 'a text'));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { context, page, errors };
}

/** @param {import('playwright-core').Page} page */
async function axeFindings(page) {
  // Playwright evaluates outside of the page's policy, so the policy needs no hole for the test.
  await page.evaluate(axe);
  const results = await page.evaluate(() => /** @type {any} */ (window).axe.run(document, { resultTypes: ['violations'] }));
  return results.violations
    .filter((/** @type {any} */ finding) => finding.impact === 'serious' || finding.impact === 'critical')
    .map((/** @type {any} */ finding) => `axe ${finding.id}: ${finding.help}; ${finding.nodes.map((/** @type {any} */ node) => node.html.slice(0, 160)).join(' | ')}`);
}

/** @param {import('playwright-core').Page} page */
async function shiftFindings(page) {
  const shifts = await page.evaluate(() => /** @type {any} */ (window).frontdeskShifts);
  return shifts.total > SHIFT_LIMIT ? [`layout shift ${shifts.total.toFixed(3)}: ${shifts.sources.join(' | ')}`] : [];
}

/** @param {import('playwright-core').Page} page */
async function overflowFindings(page) {
  return page.evaluate(() => {
    const parts = [document.documentElement, document.body, ...document.querySelectorAll('.frame, .page')];
    const large = parts.filter((part) => part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight || part.scrollTop > 0);
    return large.map((part) => `<${part.localName} class="${part.className}"> is larger than the window`);
  });
}

const server = await serve(join(here, '../mock/dist'));
await mkdir(pictures, { recursive: true });

/** @param {string} name */
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));

/**
 * Renders the wanted states in one theme and size.
 * @param {{ width: number, height: number }} viewport
 * @param {'light' | 'dark'} colorScheme
 */
async function render(viewport, colorScheme) {
  // A browser of its own, because pages of one browser wait for each other's pictures; one page for all states, because opening one costs
  // more than rendering a state.
  const browser = await launch();
  const { page, errors } = await openPage(browser, { viewport, colorScheme });
  for (const state of STATES.filter(({ name, narrowOnly }) => isWanted(name) && !(narrowOnly && viewport !== SIZES[0]))) {
    const name = `${state.name}-${colorScheme}-${viewport.width}`;
    await verify(name, async () => {
      errors.length = 0;
      await page.goto(`${server.address}/?state=${state.scenario}`);
      await page.locator('h1').first().waitFor();
      await state.prepare?.(page);
      await page.waitForTimeout(SETTLE_MS);
      await page.screenshot({ path: join(pictures, `${name}.png`) });
      return [...errors, ...(await axeFindings(page)), ...(await shiftFindings(page)), ...(await overflowFindings(page))];
    });
  }
  await browser.close();
}

for (const viewport of SIZES) await Promise.all([render(viewport, 'light'), render(viewport, 'dark')]);

const browser = await launch();

for (const path of PATHS.filter(({ name }) => isWanted(name))) {
  await verify(path.name, async () => {
    const { context, page, errors } = await openPage(browser, { viewport: path.viewport ?? { width: 1440, height: 900 }, ...path.options });
    try {
      await page.goto(`${server.address}/?state=${path.scenario}`);
      await page.locator('h1').first().waitFor();
      return [...(await path.walk(page)), ...errors, ...(path.shifts === false ? [] : await shiftFindings(page))];
    } finally {
      await context.close();
    }
  });
}

await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
