// Writes down the events of a call for tests and for the mock: sequence and times are counted, the rest is given.

import type { CallEvent } from '../../src/lib/types';

type Body<Event> = Event extends CallEvent ? Omit<Event, 'v' | 'seq' | 'callId' | 'at' | 'ms'> : never;

/** An event without what every event has. */
export type EventBody = Body<CallEvent>;

/** One call being written. */
export class CallScript {
  readonly events: CallEvent[] = [];
  readonly #callId: string;
  readonly #startedAt: number;
  #ms = 0;

  constructor(callId = 'call-1', startedAt = Date.parse('2026-11-22T14:05:00.000Z')) {
    this.#callId = callId;
    this.#startedAt = startedAt;
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.#ms += ms;
    return this;
  }

  /** Writes events at the present moment. */
  add(...bodies: EventBody[]): this {
    for (const body of bodies) {
      const at = new Date(this.#startedAt + this.#ms).toISOString();
      this.events.push({ v: 1, seq: this.events.length, callId: this.#callId, at, ms: this.#ms, ...body } as CallEvent);
    }
    return this;
  }

  /** A spoken turn of the caller, from its first sound to its whole text. */
  caller(itemId: string, previousItemId: string | undefined, text: string): this {
    const previous = previousItemId === undefined ? {} : { previousItemId };
    this.add({ type: 'stateChanged', state: 'hearing' }, { type: 'callerTurnStarted', itemId, ...previous });
    this.wait(1800).add({ type: 'callerTurnStopped', itemId }, { type: 'stateChanged', state: 'thinking' });
    return this.wait(300).add({ type: 'callerTranscript', itemId, ...previous, text, medium: 'voice' });
  }

  /** A reply, from its first word to the moment at which it is heard; it is not over yet. */
  reply(itemId: string, previousItemId: string | undefined, text: string, sinceSpeechEndMs?: number): this {
    const previous = previousItemId === undefined ? {} : { previousItemId };
    this.add({ type: 'replyStarted', itemId, ...previous });
    const words = text.split(/(?<= )/);
    words.forEach((delta) => this.add({ type: 'replyDelta', itemId, delta }));
    const since = sinceSpeechEndMs === undefined ? {} : { sinceSpeechEndMs };
    this.add({ type: 'replyAudible', itemId, ...since }, { type: 'stateChanged', state: 'speaking' });
    return this.add({ type: 'replyTranscript', itemId, text });
  }

  /** The reply was heard to its end. */
  played(itemId: string): this {
    return this.wait(4000).add({ type: 'replyPlayed', itemId }, { type: 'stateChanged', state: 'listening' });
  }
}
