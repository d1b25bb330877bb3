import { DomainError } from '../../../../kernel/domain-error.js';
import type { CellContext } from '../../domain/cell-text.js';
import type { WorkbookRow } from '../../domain/workbook-row.js';
import type { Sheet } from '../../persistence/upload.js';
import type { RandomAccessFile } from './random-access.js';
import { readSharedStrings } from './shared-strings.js';
import { sheetRows } from './sheet-rows.js';
import { readWorkbookParts, type SheetPart, type WorkbookParts } from './workbook-parts.js';
import { ZipArchive } from './zip-archive.js';

const OPEN_DOCUMENT = 'mimetype';
const BINARY_WORKBOOK = 'xl/workbook.bin';
const RELATIONS = '_rels/.rels';
const SAVE_AS = 'Save the table as .xlsx or CSV, and upload that.';

/**
 * An Excel workbook (.xlsx, ECMA-376), read in place: first its shared texts, then a sheet row by row. `exceljs`, which
 * writes ours, unpacks sheets to temporary files when they stand before the shared texts, and people's data must not lie
 * there.
 */
export class Workbook {
  private constructor(
    private readonly archive: ZipArchive,
    private readonly parts: WorkbookParts,
  ) {}

  /** @throws DomainError rule if the archive is no workbook, or a damaged one. */
  static async open(file: RandomAccessFile): Promise<Workbook> {
    const archive = await ZipArchive.open(file);
    if (archive.has(BINARY_WORKBOOK)) throw notATable(`is a binary Excel workbook (.xlsb). ${SAVE_AS}`);
    if (archive.has(OPEN_DOCUMENT)) throw notATable(`is an OpenDocument file (.ods or its like). ${SAVE_AS}`);
    if (!archive.has(RELATIONS)) throw notATable('is a ZIP archive without a workbook in it. Unpack it, and upload the table; gzip is taken packed.');
    const parts = await readWorkbookParts(archive);
    if (parts.sheets.length === 0) throw notATable(`holds no sheet of cells. ${SAVE_AS}`);
    return new Workbook(archive, parts);
  }

  get sheets(): readonly Sheet[] {
    return this.parts.sheets.map(({ name, isVisible }) => ({ name, isVisible }));
  }

  /** The sheet of that name, or the first that is visible. @throws DomainError rule if there is none of that name. */
  sheet(name: string | undefined): SheetPart {
    const { sheets } = this.parts;
    const found = name === undefined ? (sheets.find(({ isVisible }) => isVisible) ?? sheets[0]) : sheets.find((sheet) => sheet.name === name);
    if (found) return found;
    throw new DomainError('rule', 'unknown_sheet', `The workbook has no sheet of that name. Upload it without naming one: the answer then lists its ${sheets.length} sheets, and the first that is visible is read.`);
  }

  /** The rows of the sheet that hold something. @throws DomainError rule or too_large while it is read. */
  async *rows({ path }: SheetPart): AsyncGenerator<WorkbookRow> {
    const { sharedStrings, is1904, dateFormats } = this.parts;
    const strings = sharedStrings === undefined ? undefined : await readSharedStrings(this.archive.read(sharedStrings));
    const context: CellContext = { is1904, sharedString: (index) => strings?.at(index), dateFormat: (style) => dateFormats[style] };
    yield* sheetRows(this.archive.read(path), context);
  }
}

function notATable(what: string): DomainError {
  return new DomainError('rule', 'not_a_table', `The file ${what}`);
}
