// Puts the rows of a transcript in the order of the conversation, whatever order they arrived in. Pure.
//
// The conversation is a linked list: an item names the item before it, and one that arrives late slots in right behind its predecessor.
// Rows that are no conversation items (tool crumbs, notes) stay behind the item that was last when they appeared.

/** What the order of a row depends on. */
export interface Placed {
  /** Identity, unique in one transcript. */
  readonly id: string;
  /** Position in which the row first appeared. */
  readonly arrival: number;
  /** The item before this one; null for the first item, or when nothing was said of it. */
  readonly previous: string | null;
  /** True for a crumb or note, which hangs on its predecessor instead of following it in the conversation. */
  readonly attached: boolean;
}

/**
 * The rows in conversation order. Rows without a known predecessor keep their order of arrival. Every row is given exactly once, even when
 * the predecessors run in a circle.
 */
export function inConversationOrder<Row extends Placed>(rows: readonly Row[]): Row[] {
  const byArrival = [...rows].sort((left, right) => left.arrival - right.arrival);
  const known = new Set(byArrival.map((row) => row.id));
  const attached = new Map<string, Row[]>();
  const followers = new Map<string, Row[]>();
  const roots: Row[] = [];
  for (const row of byArrival) {
    if (row.previous === null || row.previous === row.id || !known.has(row.previous)) {
      roots.push(row);
      continue;
    }
    const group = row.attached ? attached : followers;
    const list = group.get(row.previous);
    if (list) list.push(row);
    else group.set(row.previous, [row]);
  }

  const ordered: Row[] = [];
  const placed = new Set<string>();
  const place = (root: Row): void => {
    // A stack instead of recursion: a long call is one chain of thousands of items.
    const waiting: Row[] = [root];
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      if (placed.has(row.id)) continue;
      placed.add(row.id);
      ordered.push(row);
      // Of two items with the same predecessor the later one was inserted in front, so it comes off the stack first.
      waiting.push(...(followers.get(row.id) ?? []));
      waiting.push(...(attached.get(row.id) ?? []).reverse());
    }
  };
  roots.forEach(place);
  byArrival.forEach(place);
  return ordered;
}
