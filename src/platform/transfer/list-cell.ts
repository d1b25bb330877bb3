const SPECIAL = /[\\|]/g;

/** Items in one cell, separated by `|`; within an item `\|` stands for `|` and `\\` for `\`. */
export function writeList(items: readonly string[]): string {
  return items.map((item) => item.replace(SPECIAL, '\\$&')).join('|');
}

/** The items of a cell as `writeList` makes it. A `\` before anything else stands for itself, as people write it. */
export function readList(cell: string): string[] {
  const items = [''];
  for (let at = 0; at < cell.length; at += 1) {
    const [one = '', next = ''] = [cell[at], cell[at + 1]];
    if (one === '|') items.push('');
    else if (one === '\\' && (next === '|' || next === '\\')) {
      items[items.length - 1] += next;
      at += 1;
    } else items[items.length - 1] += one;
  }
  return items;
}
