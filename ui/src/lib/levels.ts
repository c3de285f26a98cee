// Levels of microphone and speaker: one subscription, one requestAnimationFrame, any number of painters.
//
// Painters write to the DOM themselves, outside of Svelte: fifteen values a second must not re-render anything. Nothing is subscribed while
// nobody paints or the window is hidden, so the backend then computes no levels at all.

import type { Api } from './api';
import type { LevelsView } from './types';

/** Draws one value. `levels` is null while nothing is known. */
export type Painter = (levels: LevelsView | null) => void;

/** The lowest level that is shown, in decibels of full scale. */
export const FLOOR_DB = -60;

/** A level as part of the scale, 0 … 1. */
export function fraction(db: number): number {
  return Math.min(1, Math.max(0, (db - FLOOR_DB) / -FLOOR_DB));
}

/** The levels of one window. */
export class LevelsFeed {
  readonly #api: Api;
  readonly #painters = new Set<Painter>();
  #levels: LevelsView | null = null;
  #subscribed = false;
  #frame = 0;

  constructor(api: Api) {
    this.#api = api;
    document.addEventListener('visibilitychange', () => this.#settle());
  }

  /** Paints until the returned function is called. */
  attach(painter: Painter): () => void {
    this.#painters.add(painter);
    painter(this.#levels);
    this.#settle();
    return () => {
      this.#painters.delete(painter);
      this.#settle();
    };
  }

  /** Subscribes when somebody looks, and stops when nobody does. Failures leave empty meters: levels are no reason to disturb a call. */
  #settle(): void {
    const wanted = this.#painters.size > 0 && document.visibilityState === 'visible';
    if (wanted === this.#subscribed) return;
    this.#subscribed = wanted;
    if (wanted) {
      this.#api.subscribeLevels((levels) => this.#take(levels)).catch(() => undefined);
    } else {
      this.#api.unsubscribeLevels().catch(() => undefined);
      this.#take(null);
    }
  }

  #take(levels: LevelsView | null): void {
    // A message that was under way when the subscription ended must not fill the meters again.
    this.#levels = this.#subscribed ? levels : null;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    for (const painter of this.#painters) painter(this.#levels);
  }
}
