/** A cell whose formula came to nothing, such as `#N/A`. */
export interface CellError {
  readonly error: string;
}

export type RowCell = string | CellError;

/** A row of a workbook's sheet. */
export interface WorkbookRow {
  /** As the sheet counts, from 1. */
  readonly line: number;
  /** From column A on; blank where there is nothing. */
  readonly cells: readonly RowCell[];
}

/** The row on a line of its own, as sheets are kept. */
export function printRow({ line, cells }: WorkbookRow): string {
  return `${JSON.stringify([line, ...cells])}\n`;
}

export function parseRow(text: string): WorkbookRow {
  const [line, ...cells] = JSON.parse(text) as [number, ...RowCell[]];
  return { line, cells };
}
