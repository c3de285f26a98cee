// Light, dark, or as the system: resolved to the `data-theme` attribute that the tokens hang on.

import type { Appearance } from './types';

/** Where the last choice is kept, so that the first frame has the right colours before the settings have arrived. */
const REMEMBERED = 'frontdesk.appearance';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
let appearance: Appearance = remembered();

function remembered(): Appearance {
  const stored = localStorage.getItem(REMEMBERED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function draw(): void {
  const dark = appearance === 'dark' || (appearance === 'system' && systemIsDark.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

/** Draws the remembered choice and follows the system from now on. Call once, before anything is mounted. */
export function startTheme(): void {
  systemIsDark.addEventListener('change', draw);
  draw();
}

/** Takes the choice of the settings. */
export function setAppearance(choice: Appearance): void {
  appearance = choice;
  localStorage.setItem(REMEMBERED, choice);
  draw();
}
