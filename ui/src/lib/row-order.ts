// Order of conversation items by predecessor, not by arrival: a late transcript slots in where its turn was spoken. Pure. The exports order
// their rows by the same rules (`order.rs` of the call engine), so that the window and a file never disagree.

/** Items of one conversation in the order in which they were said. Never changed in place. */
export interface ItemOrder {
  readonly items: readonly string[];
  /** The predecessor that each item named. Tells where an item belongs that arrives after its successor. */
  readonly predecessors: ReadonlyMap<string, string>;
}

/** A conversation of which nothing was said. */
export const EMPTY_ORDER: ItemOrder = { items: [], predecessors: new Map() };

/**
 * The order with `item` behind `previous`.
 *
 * An unknown predecessor, or none, means the end, unless a later item has named `item` as its own predecessor: then it goes before that one.
 * An item that is already placed moves only when it stands before its predecessor. Items that waited for `item` follow it.
 */
export function withItem(order: ItemOrder, item: string, previous: string | null): ItemOrder {
  const named = previous === item ? null : previous;
  const placedAt = order.items.indexOf(item);
  const behind = named === null ? -1 : order.items.indexOf(named);
  const isNews = named !== null && order.predecessors.get(item) !== named;
  if (placedAt >= 0 && !isNews && placedAt >= behind) return order;

  const predecessors = isNews ? new Map(order.predecessors).set(item, named) : order.predecessors;
  const items = [...order.items];
  if (placedAt < 0) {
    const successor = items.findIndex((later) => predecessors.get(later) === item);
    items.splice(behind >= 0 ? behind + 1 : successor >= 0 ? successor : items.length, 0, item);
  } else if (placedAt < behind) {
    moveBehind(items, placedAt, behind);
  } else {
    return { items: order.items, predecessors };
  }
  gatherFollowers(items, predecessors, item);
  return { items, predecessors };
}

/** Moves the item at `at` to directly behind the later one at `behind`. */
function moveBehind(items: string[], at: number, behind: number): void {
  // The removal moves the later one forward, so `behind` is then the place after it.
  items.splice(behind, 0, ...items.splice(at, 1));
}

/**
 * Items that named `item` as their predecessor and stand before it come behind it, and those that named them behind them. Each moves once,
 * so that predecessors in a circle come to an end.
 */
function gatherFollowers(items: string[], predecessors: ReadonlyMap<string, string>, item: string): void {
  const moved = new Set<string>();
  const leaders = [item];
  for (let leader = leaders.pop(); leader !== undefined; leader = leaders.pop()) {
    for (;;) {
      const behind = items.indexOf(leader);
      const at = items.findIndex((early, place) => place < behind && predecessors.get(early) === leader && !moved.has(early));
      const follower = items[at];
      if (follower === undefined) break;
      moved.add(follower);
      leaders.push(follower);
      moveBehind(items, at, behind);
    }
  }
}

/** What the place of a row depends on. */
export interface Placed {
  readonly id: string;
  /** For a crumb or note, which is no item of the conversation: the item that it stays behind, null for the beginning. */
  readonly behind?: string | null;
}

/** The rows in the order of their items, each followed by the crumbs and notes that stay behind it. */
export function arranged<Row extends Placed>(rows: readonly Row[], order: ItemOrder): Row[] {
  const items = new Map<string, Row>();
  const attached = new Map<string | null, Row[]>();
  for (const row of rows) {
    if (row.behind === undefined) items.set(row.id, row);
    else attached.set(row.behind, [...(attached.get(row.behind) ?? []), row]);
  }
  const behind = (item: string | null): Row[] => attached.get(item) ?? [];
  return [
    ...behind(null),
    ...order.items.flatMap((id) => {
      const row = items.get(id);
      return row ? [row, ...behind(id)] : [];
    }),
  ];
}
