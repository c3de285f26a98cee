// Mounts the window over any implementation of the seam: the desktop shell's in the product, a mock's in a plain browser.

import './styles/tokens.css';
import './styles/base.css';

import { mount } from 'svelte';

import App from './App.svelte';
import type { Api } from './lib/api';
import { startTheme } from './lib/theme';

/** Draws the window into the document's body. */
export function openWindow(api: Api): void {
  startTheme();
  mount(App, { target: document.body, props: { api } });
}
