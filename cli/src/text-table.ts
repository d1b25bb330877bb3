import { plain, type Cell } from './terminal.js';

/** Letters that take two cells: Chinese, Japanese, Korean, full-width forms, emoji (Unicode Standard Annex 11, W and F). */
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const WIDEST_CELL = 40;

/** Rows under a heading, in columns that line up in any script; only the last may be of any width. */
export function textTable(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [heading, ...rows].map((row) => row.map((cell, column) => (column === row.length - 1 ? plain(cell) : shortened(plain(cell)))));
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => cellsOf(line[column] ?? ''))));
  return lines.map((line) => line.map((cell, column) => cell + ' '.repeat(widths[column]! - cellsOf(cell))).join('  ').trimEnd()).join('\n');
}

/** Cells of a terminal that a text takes. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const letter of text) cells += WIDE.test(letter) ? 2 : 1;
  return cells;
}

function shortened(text: string): string {
  if (cellsOf(text) <= WIDEST_CELL) return text;
  let kept = '';
  for (const letter of text) {
    if (cellsOf(kept + letter) >= WIDEST_CELL) break;
    kept += letter;
  }
  return `${kept}…`;
}
