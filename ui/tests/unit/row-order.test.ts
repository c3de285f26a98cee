import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { inConversationOrder, type Placed } from '../../src/lib/row-order';

function item(id: string, arrival: number, previous: string | null, attached = false): Placed {
  return { id, arrival, previous, attached };
}

function ids(rows: Placed[]): string[] {
  return rows.map((row) => row.id);
}

describe('the order of a transcript', () => {
  it('is the chain of predecessors, whatever the order of arrival', () => {
    const chain = fc.integer({ min: 1, max: 40 }).chain((length) =>
      fc.shuffledSubarray(
        Array.from({ length }, (_, place) => place),
        { minLength: length },
      ),
    );
    fc.assert(
      fc.property(chain, (arrivals) => {
        const rows = arrivals.map((place, arrival) => item(`i${place}`, arrival, place === 0 ? null : `i${place - 1}`));
        expect(ids(inConversationOrder(rows))).toEqual(arrivals.map((_, place) => `i${place}`));
      }),
    );
  });

  it('gives every row exactly once, even when predecessors are unknown or run in a circle', () => {
    const rowsOf = fc.array(fc.record({ previous: fc.option(fc.integer({ min: 0, max: 20 })), attached: fc.boolean() }), { maxLength: 15 });
    fc.assert(
      fc.property(rowsOf, (shapes) => {
        const rows = shapes.map(({ previous, attached }, place) => item(`i${place}`, place, previous === null ? null : `i${previous}`, attached));
        expect(ids(inConversationOrder(rows)).sort()).toEqual(ids(rows).sort());
      }),
    );
  });

  it('keeps rows without a known predecessor in order of arrival', () => {
    expect(ids(inConversationOrder([item('a', 0, null), item('b', 1, 'never seen'), item('c', 2, null)]))).toEqual(['a', 'b', 'c']);
  });

  it('puts an item that was inserted later right behind its predecessor', () => {
    expect(ids(inConversationOrder([item('a', 0, null), item('b', 1, 'a'), item('late', 2, 'a')]))).toEqual(['a', 'late', 'b']);
  });

  it('keeps crumbs and notes behind the row that they hang on, in order', () => {
    const rows = [item('a', 0, null), item('t1', 1, 'a', true), item('t2', 2, 'a', true), item('b', 3, 'a')];
    expect(ids(inConversationOrder(rows))).toEqual(['a', 't1', 't2', 'b']);
  });
});
