import { columnOf, SHEET_COLUMNS, SHEET_ROWS } from '../../domain/cell-place.js';
import { cellText, type CellContext } from '../../domain/cell-text.js';
import type { RowCell, WorkbookRow } from '../../domain/workbook-row.js';
import { brokenWorkbook } from './broken-workbook.js';
import { RichText } from './shared-strings.js';
import { xmlEvents, type Attributes, type XmlReader } from './xml-events.js';

/** The rows of a sheet that hold something, in order, some kilobytes of XML in memory at a time. */
export async function* sheetRows(xml: AsyncIterable<Buffer>, context: CellContext): AsyncGenerator<WorkbookRow> {
  const reader = new SheetReader(context);
  for await (const _ of xmlEvents(xml, reader)) yield* reader.takeRows();
}

class SheetReader implements XmlReader {
  private rows: WorkbookRow[] = [];
  private line = 0;
  private cells: RowCell[] = [];
  private column = -1;
  private type: string | undefined;
  private style = 0;
  private value = '';
  private inValue = false;
  private readonly inline = new RichText();

  constructor(private readonly context: CellContext) {}

  takeRows(): WorkbookRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'row') this.openRow(attributes);
    else if (name === 'c') this.openCell(attributes);
    else if (name === 'v') this.inValue = true;
    else this.inline.open(name);
  }

  close(name: string): void {
    if (name === 'row') this.closeRow();
    else if (name === 'c') this.closeCell();
    else if (name === 'v') this.inValue = false;
    else this.inline.close(name);
  }

  text(text: string): void {
    if (this.inValue) this.value += text;
    else this.inline.add(text);
  }

  private openRow({ r: row }: Attributes): void {
    const line = row === undefined ? this.line + 1 : Number(row);
    if (!(line > this.line && line <= SHEET_ROWS)) throw brokenWorkbook(`Behind row ${this.line} comes "${String(row).slice(0, 20)}", which cannot be.`);
    this.line = line;
    this.cells = [];
    this.column = -1;
  }

  private openCell({ r: address, t: type, s: style = '0' }: Attributes): void {
    const column = address === undefined ? this.column + 1 : columnOf(address);
    if (column === undefined || column >= SHEET_COLUMNS) throw brokenWorkbook(`Row ${this.line} has a cell at "${String(address).slice(0, 20)}", which cannot be.`);
    this.column = column;
    this.type = type;
    this.style = Number(style);
    this.value = '';
    this.inline.begin();
  }

  private closeCell(): void {
    const value = this.type === 'inlineStr' ? this.inline.end() : this.value;
    const text = cellText({ type: this.type, style: this.style, value }, this.context);
    if (text === '') return;
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = text;
  }

  private closeRow(): void {
    if (this.cells.length > 0) this.rows.push({ line: this.line, cells: this.cells });
  }
}
