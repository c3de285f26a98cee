// Debian's Chromium, driven by playwright-core, with the switches that a closed network needs.
// @ts-check
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = [process.env['FRONTDESK_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** Starts the browser, or fails with a sentence that says what is missing. */
export async function launch() {
  const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    throw new Error('The test of the states needs Chromium: apt-get install chromium, or set FRONTDESK_CHROMIUM to its path.');
  }
  return chromium.launch({ executablePath, args: SWITCHES });
}
