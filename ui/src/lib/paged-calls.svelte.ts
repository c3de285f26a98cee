// The call history as one long list of which only the pages that somebody looked at are loaded. Each search is a list of its own; answers of
// an older search are dropped.

import { SvelteMap } from 'svelte/reactivity';

import { asProblem, type Api } from './api';
import type { CallId, CallSummary, Problem } from './types';

/** Calls asked for at once. */
export const PAGE_CALLS = 100;

/** What the history shows. */
export class PagedCalls {
  /** Calls that match; null until the first page has arrived. */
  total = $state<number | null>(null);
  /** Why a page could not be loaded. */
  problem = $state.raw<Problem | null>(null);

  readonly #api: Api;
  readonly #calls = new SvelteMap<number, CallSummary>();
  readonly #asked = new Set<number>();
  #search = '';
  #generation = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** The call at a place of the list; undefined while its page is not here. */
  at(index: number): CallSummary | undefined {
    return this.#calls.get(index);
  }

  /** Begins a new list. What is shown stays until its first page is here, so that typing does not flicker. */
  async search(words: string): Promise<void> {
    this.#search = words;
    this.#generation += 1;
    this.#asked.clear();
    await this.#load(0);
  }

  /** Loads the pages of these places, where they were not asked for yet. */
  need(from: number, to: number): void {
    for (let page = Math.floor(from / PAGE_CALLS); page * PAGE_CALLS < Math.min(to, this.total ?? 0); page += 1) {
      if (!this.#asked.has(page)) void this.#load(page);
    }
  }

  /** Asks for everything again, for example after a call was deleted. */
  async reload(): Promise<void> {
    await this.search(this.#search);
  }

  /** The place of a call among those that are loaded, or −1. */
  indexOf(id: CallId): number {
    for (const [index, call] of this.#calls) if (call.id === id) return index;
    return -1;
  }

  async #load(page: number): Promise<void> {
    const generation = this.#generation;
    this.#asked.add(page);
    try {
      const answer = await this.#api.listCalls({ search: this.#search, offset: page * PAGE_CALLS, limit: PAGE_CALLS });
      if (generation !== this.#generation) return;
      if (page === 0) this.#calls.clear();
      answer.calls.forEach((call, place) => this.#calls.set(page * PAGE_CALLS + place, call));
      this.total = answer.total;
      this.problem = null;
    } catch (reason) {
      if (generation !== this.#generation) return;
      this.#asked.delete(page);
      this.problem = asProblem(reason);
    }
  }
}
