// The event log as it is shown: what the backend sent, bounded, filtered, and held still while it is paused.

import { asProblem, type Api } from './api';
import type { Problem, WireEntry } from './types';

/** Entries that are kept; the oldest go first. The exported file has what the backend kept, whatever is shown here. */
export const WIRE_CAPACITY = 5_000;

/** Which direction is shown. */
export type Direction = 'all' | 'sent' | 'received';

/** The log of one page visit. */
export class WireLog {
  /** Words that the type must contain. */
  filter = $state('');
  direction = $state<Direction>('all');
  problem = $state.raw<Problem | null>(null);

  #entries = $state.raw<readonly WireEntry[]>([]);
  #held = $state.raw<readonly WireEntry[] | null>(null);

  readonly shown = $derived(this.#matching(this.#held ?? this.#entries));
  readonly paused = $derived(this.#held !== null);
  readonly kept = $derived(this.#entries.length);
  /** Entries that came since the log was paused. */
  readonly waiting = $derived(this.#held === null ? 0 : this.#newest(this.#entries) - this.#newest(this.#held));

  /** Follows the backend until the returned function is called. */
  follow(api: Api): () => void {
    let stopped = false;
    api.subscribeWire((entries) => !stopped && this.#take(entries)).catch((reason: unknown) => (this.problem = asProblem(reason)));
    return () => {
      stopped = true;
      api.unsubscribeWire().catch(() => undefined);
    };
  }

  /** Holds what is shown still, or goes on. Nothing is lost meanwhile. */
  togglePause(): void {
    this.#held = this.#held === null ? this.#entries : null;
  }

  #take(entries: readonly WireEntry[]): void {
    if (entries.length === 0) return;
    this.problem = null;
    this.#entries = [...this.#entries, ...entries].slice(-WIRE_CAPACITY);
  }

  #matching(entries: readonly WireEntry[]): readonly WireEntry[] {
    const words = this.filter.trim().toLowerCase();
    if (words === '' && this.direction === 'all') return entries;
    const sent = this.direction === 'sent';
    return entries.filter((entry) => (this.direction === 'all' || entry.sent === sent) && entry.kind.toLowerCase().includes(words));
  }

  #newest(entries: readonly WireEntry[]): number {
    return entries.at(-1)?.number ?? -1;
  }
}
