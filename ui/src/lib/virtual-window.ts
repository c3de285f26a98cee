// Which rows of a long list are worth drawing. Pure.

/** A run of rows: `from` is drawn, `to` is the first that is not. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Rows drawn above and below the visible ones, so that a fast wheel shows no empty place. */
const MARGIN_ROWS = 8;

/** The rows to draw of `count` rows of `rowHeight` pixels, scrolled down by `scrollTop` in a frame of `height` pixels. */
export function visibleRange(count: number, rowHeight: number, scrollTop: number, height: number): Range {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const last = Math.ceil((Math.max(0, scrollTop) + Math.max(0, height)) / rowHeight);
  const from = Math.min(Math.max(0, first - MARGIN_ROWS), count);
  return { from, to: Math.max(from, Math.min(count, last + MARGIN_ROWS)) };
}

/** The scroll position nearest to the present one at which a row is wholly visible. */
export function scrollToShow(index: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}
