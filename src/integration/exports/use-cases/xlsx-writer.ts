import { DomainError } from '../../../kernel/domain-error.js';
import type { ExportCell, ExportLine } from '../../../platform/transfer/export-definition.js';
import { writeList } from '../../../platform/transfer/list-cell.js';
import { readInstant, wallTime, writeInstant } from '../../../platform/transfer/read-instant.js';
import { forSpreadsheet } from '../../../platform/transfer/spreadsheet-text.js';
import { CONTENT_TYPES, ROOT_RELATIONS, STYLE, STYLES, columnLetters, workbook, workbookRelations, xmlText } from './xlsx-parts.js';
import type { FileColumn, FileWriter } from './file-writer.js';
import { ZipWriter, type ZipState } from './zip-writer.js';

export interface XlsxState {
  readonly zip: ZipState;
  readonly sheets: number;
  /** Of the open sheet, its header among them. */
  readonly rows: number;
}

/** Excel's own limits. */
export const MOST_ROWS = 1_048_576;
const LONGEST_CELL = 32_767;
/** Far below the 4 GB that an entry of the archive may have. */
const MOST_SHEET_BYTES = 2 ** 31;
/** More digits than a floating point number keeps. */
const MOST_DIGITS = 15;

/** Excel counts days from 30 December 1899; before March 1900 it takes 1900 for a leap year. */
const EXCEL_EPOCH_MILLIS = Date.UTC(1899, 11, 30);
const EXCEL_FIRST_MILLIS = Date.UTC(1900, 2, 1);
const DAY_MILLIS = 86_400_000;

/**
 * An XLSX workbook that grows row by row. Text is text, whatever it begins with; instants are dates in the zone asked for, and
 * text with its offset where Excel or a change of clocks could not tell them; amounts are numbers, and text beyond 15 digits.
 */
export class XlsxWriter implements FileWriter {
  private readonly zip: ZipWriter;
  private readonly letters: readonly string[];
  private sheets: number;
  private rows: number;

  constructor(
    private readonly columns: readonly FileColumn[],
    private readonly timeZone: string,
    madeAt: Date,
    state: XlsxState | undefined,
    private readonly mostRows = MOST_ROWS,
  ) {
    this.zip = new ZipWriter(madeAt, state?.zip);
    this.letters = columns.map((_, index) => columnLetters(index));
    this.sheets = state?.sheets ?? 0;
    this.rows = state?.rows ?? 0;
  }

  get state(): XlsxState {
    return { zip: this.zip.state, sheets: this.sheets, rows: this.rows };
  }

  async begin(): Promise<Buffer> {
    const parts = [['[Content_Types].xml', CONTENT_TYPES], ['_rels/.rels', ROOT_RELATIONS], ['xl/styles.xml', STYLES]] as const;
    const bytes: Buffer[] = [];
    for (const [name, text] of parts) bytes.push(...(await this.part(name, text)));
    return Buffer.concat([...bytes, ...(await this.openSheet())]);
  }

  async lines(lines: readonly ExportLine[]): Promise<Buffer> {
    const bytes: Buffer[] = [];
    let text = '';
    for (const line of lines) {
      if (this.rows === this.mostRows || this.zip.openSize + text.length > MOST_SHEET_BYTES) {
        bytes.push(await this.zip.write(text), ...(await this.closeSheet()), ...(await this.openSheet()));
        text = '';
      }
      text += this.row(this.columns.map((column, index) => this.cell(column, line[column.name], index)));
    }
    if (text !== '') bytes.push(await this.zip.write(text));
    return Buffer.concat(bytes);
  }

  async end(): Promise<Buffer> {
    return Buffer.concat([
      ...(await this.closeSheet()),
      ...(await this.part('xl/workbook.xml', workbook(this.sheets))),
      ...(await this.part('xl/_rels/workbook.xml.rels', workbookRelations(this.sheets))),
      this.zip.end(),
    ]);
  }

  private async part(name: string, text: string): Promise<Buffer[]> {
    return [this.zip.open(name), await this.zip.write(text), this.zip.close()];
  }

  private async openSheet(): Promise<Buffer[]> {
    this.sheets += 1;
    this.rows = 0;
    const opened = this.zip.open(`xl/worksheets/sheet${this.sheets}.xml`);
    const header = this.row(this.columns.map(({ name }, index) => this.textCell(name, index, STYLE.header)));
    return [opened, await this.zip.write(SHEET_HEAD + header)];
  }

  private async closeSheet(): Promise<Buffer[]> {
    return [await this.zip.write('</sheetData></worksheet>'), this.zip.close()];
  }

  private row(cells: readonly string[]): string {
    this.rows += 1;
    return `<row r="${this.rows}">${cells.join('')}</row>`;
  }

  private cell({ name, type }: FileColumn, cell: ExportCell, index: number): string {
    if (cell === null || cell === undefined) return '';
    if (cell instanceof Date) return this.instantCell(cell, index);
    if (Array.isArray(cell)) return this.textCell(writeList(cell), index, STYLE.text, name);
    if (typeof cell === 'boolean') return `<c r="${this.at(index)}" t="b"><v>${cell ? 1 : 0}</v></c>`;
    if (typeof cell === 'number') return this.numberCell(String(cell), index, STYLE.general);
    const text = cell as string;
    if (type === 'amount' && text.replace(/\D/g, '').replace(/^0+/, '').length <= MOST_DIGITS) return this.numberCell(text, index, STYLE.amount[text.split('.')[1]?.length ?? 0]!);
    if (type === 'date' && Date.parse(text) >= EXCEL_FIRST_MILLIS) return this.numberCell(String((Date.parse(text) - EXCEL_EPOCH_MILLIS) / DAY_MILLIS), index, STYLE.date);
    return this.textCell(text, index, STYLE.text, name);
  }

  private instantCell(instant: Date, index: number): string {
    const wall = wallTime(instant, this.timeZone);
    const isTold = wall >= EXCEL_FIRST_MILLIS && readInstant(new Date(wall).toISOString().slice(0, -1).replace('T', ' '), this.timeZone)?.getTime() === instant.getTime();
    if (!isTold) return this.textCell(writeInstant(instant, this.timeZone), index, STYLE.text);
    return this.numberCell(String((wall - EXCEL_EPOCH_MILLIS) / DAY_MILLIS), index, STYLE.instant);
  }

  private numberCell(text: string, index: number, style: number): string {
    return `<c r="${this.at(index)}" s="${style}"><v>${text}</v></c>`;
  }

  /** Text is never run. What looks like a formula is marked as quoted besides, so that it stays text when somebody edits the cell. */
  private textCell(text: string, index: number, style: number, column = ''): string {
    if (text.length > LONGEST_CELL) {
      throw new DomainError('rule', 'cell_too_long', `A cell of ${column} has ${text.length} characters, and a cell of a workbook holds ${LONGEST_CELL}. Export as csv or ndjson, or leave the column out.`);
    }
    const quoted = style === STYLE.text && forSpreadsheet(text) !== text ? STYLE.quoted : style;
    return `<c r="${this.at(index)}" s="${quoted}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
  }

  private at(index: number): string {
    return `${this.letters[index]}${this.rows + 1}`;
  }
}

const SHEET_HEAD =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
  '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">' +
  '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>';
