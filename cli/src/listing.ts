import type { Session } from './session.js';
import type { Cell } from './terminal.js';
import { textTable } from './text-table.js';

export interface Column<Item> {
  readonly heading: string;
  readonly of: (item: Item) => Cell;
}

/** A list: one JSON object a line as they come, or a table. */
export async function giveList<Item>({ terminal }: Session, items: AsyncIterable<Item>, columns: readonly Column<Item>[]): Promise<void> {
  const rows: Cell[][] = [];
  for await (const item of items) {
    if (terminal.json) await terminal.give(item);
    else rows.push(columns.map((column) => column.of(item)));
  }
  if (terminal.json) return;
  if (rows.length === 0) terminal.say('Nothing found.');
  else await terminal.print(textTable(columns.map(({ heading }) => heading), rows));
}
