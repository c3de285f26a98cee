// The lists that grow: pages of the history and the event log.

import { describe, expect, it } from 'vitest';

import type { Api } from '../../src/lib/api';
import { PAGE_CALLS, PagedCalls } from '../../src/lib/paged-calls.svelte';
import type { HistoryPage, HistoryQuery, WireEntry } from '../../src/lib/types';
import { WIRE_CAPACITY, WireLog } from '../../src/lib/wire-log.svelte';
import { history, wire } from '../mock/samples';

const NOW = Date.parse('2026-11-22T14:05:00Z');

/** A backend that answers `listCalls` when the test says so. */
class SlowHistory {
  readonly asked: HistoryQuery[] = [];
  readonly #open: { answer: (page: HistoryPage) => void; refuse: (reason: unknown) => void }[] = [];
  readonly api = {
    listCalls: (query: HistoryQuery) => {
      this.asked.push(query);
      return new Promise<HistoryPage>((answer, refuse) => this.#open.push({ answer, refuse }));
    },
  } as Partial<Api> as Api;

  async answer(request: number, total: number): Promise<void> {
    const { offset, limit } = this.asked[request] as HistoryQuery;
    this.#open[request]?.answer({ calls: history(total, NOW).slice(offset, offset + limit), total });
    await new Promise(setImmediate);
  }

  async refuse(request: number): Promise<void> {
    this.#open[request]?.refuse({ kind: 'storageFailed', sentence: 'The history cannot be read.' });
    await new Promise(setImmediate);
  }
}

describe('the paged history', () => {
  it('loads the first page, and others only when somebody looks at them', async () => {
    const backend = new SlowHistory();
    const calls = new PagedCalls(backend.api);
    void calls.search('');
    await backend.answer(0, 1_000);
    expect(calls.total).toBe(1_000);
    calls.need(0, 20);
    expect(backend.asked).toHaveLength(1);
    calls.need(95, 115);
    calls.need(96, 116);
    expect(backend.asked.map((query) => query.offset)).toEqual([0, PAGE_CALLS]);
    await backend.answer(1, 1_000);
    expect(calls.at(110)?.id).toBe('call-110');
    expect(calls.at(500)).toBeUndefined();
  });

  it('drops the answer of an older search', async () => {
    const backend = new SlowHistory();
    const calls = new PagedCalls(backend.api);
    void calls.search('oil');
    void calls.search('oil change');
    await backend.answer(1, 3);
    await backend.answer(0, 500);
    expect(calls.total).toBe(3);
  });

  it('says why a page could not be loaded, and asks again', async () => {
    const backend = new SlowHistory();
    const calls = new PagedCalls(backend.api);
    void calls.search('');
    await backend.refuse(0);
    expect(calls.problem?.kind).toBe('storageFailed');
    void calls.reload();
    await backend.answer(1, 2);
    expect(calls.problem).toBeNull();
    expect(calls.total).toBe(2);
  });
});

describe('the event log', () => {
  /** A log that follows a backend, and the way to send it entries. */
  function followed(): { log: WireLog; send: (entries: WireEntry[]) => void } {
    const log = new WireLog();
    let send: (entries: WireEntry[]) => void = () => undefined;
    const api: Partial<Api> = {
      subscribeWire: (listener) => {
        send = listener;
        return Promise.resolve();
      },
      unsubscribeWire: () => Promise.resolve(),
    };
    log.follow(api as Api);
    return { log, send: (entries) => send(entries) };
  }

  it('keeps a bounded number of entries, the newest', () => {
    const { log, send } = followed();
    send(wire(0, WIRE_CAPACITY, NOW));
    send(wire(WIRE_CAPACITY, 10, NOW));
    expect(log.shown).toHaveLength(WIRE_CAPACITY);
    expect(log.shown[0]?.number).toBe(10);
  });

  it('filters by words of the type and by direction', () => {
    const { log, send } = followed();
    send(wire(0, 10, NOW));
    log.filter = 'Response';
    expect(log.shown.every((entry) => entry.kind.startsWith('response'))).toBe(true);
    expect(log.shown).toHaveLength(4);
    log.direction = 'sent';
    expect(log.shown).toHaveLength(0);
  });

  it('holds still while it is paused, counts what waits, and loses nothing', () => {
    const { log, send } = followed();
    send(wire(0, 5, NOW));
    log.togglePause();
    send(wire(5, 7, NOW));
    expect([log.shown.length, log.waiting]).toEqual([5, 7]);
    log.togglePause();
    expect([log.shown.length, log.waiting]).toEqual([12, 0]);
  });
});
