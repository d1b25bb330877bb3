import type { Shuke } from '@shuke/client';

/** What a reader of the feed keeps; both in one transaction of its own database. */
export interface Kept {
  cursor: number;
  orders: number;
}

/** Counts orders as they come, and goes on where it was after a stop of any kind. */
export async function countOrders(shuke: Shuke, kept: Kept, signal: AbortSignal): Promise<void> {
  const feed = shuke.events({ after: kept.cursor, types: ['sales.order_placed.v1'], signal });
  for await (const { events, cursor } of feed.pages()) {
    kept.orders += events.length;
    kept.cursor = cursor;
  }
}
