// The order of a conversation, whatever the order in which its items arrive.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arranged, EMPTY_ORDER, withItem, type ItemOrder } from '../../src/lib/row-order';

/** The order after these items arrived, each with the predecessor that it named. */
function orderOf(...arrivals: [item: string, previous: string | null][]): ItemOrder {
  return arrivals.reduce((order, [item, previous]) => withItem(order, item, previous), EMPTY_ORDER);
}

describe('the order of a conversation', () => {
  it('is the chain of predecessors, whatever the order of arrival', () => {
    const arrivalsOf = (length: number) =>
      fc.shuffledSubarray(
        Array.from({ length }, (_, place) => place),
        { minLength: length },
      );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }).chain(arrivalsOf), (arrivals) => {
        const order = orderOf(...arrivals.map((place): [string, string | null] => [`i${place}`, place === 0 ? null : `i${place - 1}`]));
        const behind = (item: number) => order.items.indexOf(`i${item}`);
        arrivals.forEach((place) => place > 0 && expect(behind(place)).toBeGreaterThan(behind(place - 1)));
        expect(new Set(order.items).size).toBe(arrivals.length);
      }),
    );
  });

  it('comes to an end and keeps every item once, even when predecessors run in a circle', () => {
    const name = fc.integer({ min: 0, max: 6 }).map((number) => `i${number}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.option(name)), { maxLength: 30 }), (arrivals) => {
        const order = orderOf(...arrivals);
        expect([...order.items].sort()).toEqual([...new Set(arrivals.map(([item]) => item))].sort());
      }),
    );
  });

  it('keeps items without a known predecessor in order of arrival', () => {
    expect(orderOf(['a', null], ['b', 'never seen'], ['c', null]).items).toEqual(['a', 'b', 'c']);
  });

  it('puts an item that was inserted later right behind its predecessor', () => {
    expect(orderOf(['a', null], ['b', 'a'], ['late', 'a']).items).toEqual(['a', 'late', 'b']);
  });

  it('puts an item before the one that waited for it', () => {
    expect(orderOf(['a', null], ['c', 'b'], ['b', null]).items).toEqual(['a', 'b', 'c']);
  });

  it('moves a placed item only when it stands before its predecessor', () => {
    expect(orderOf(['a', null], ['b', null], ['c', null], ['c', 'a']).items).toEqual(['a', 'b', 'c']);
    expect(orderOf(['a', null], ['b', null], ['c', null], ['a', 'b']).items).toEqual(['b', 'a', 'c']);
  });

  it('is the same object when nothing is news', () => {
    const order = orderOf(['a', null], ['b', 'a']);
    expect(withItem(order, 'b', 'a')).toBe(order);
    expect(withItem(order, 'b', null)).toBe(order);
  });
});

describe('the rows of a transcript', () => {
  it('are in the order of their items, crumbs and notes behind the item they belong to', () => {
    const order = orderOf(['a', null], ['b', 'a']);
    const rows = [{ id: 'b' }, { id: 't1', behind: 'a' }, { id: 'a' }, { id: 't2', behind: 'a' }, { id: 'first', behind: null }];
    expect(arranged(rows, order).map((row) => row.id)).toEqual(['first', 'a', 't1', 't2', 'b']);
  });
});
