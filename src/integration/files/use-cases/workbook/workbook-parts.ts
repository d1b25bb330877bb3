import { posix } from 'node:path';
import { dateFormat, type DateFormat } from '../../domain/cell-date.js';
import type { Sheet } from '../../persistence/upload.js';
import { brokenWorkbook } from './broken-workbook.js';
import { attributeNamed, xmlEvents, type Attributes, type XmlReader } from './xml-events.js';
import type { ZipArchive } from './zip-archive.js';

/** Sheets, formats and styles beyond these are of no table. */
const MOST_SHEETS = 1000;
const MOST_STYLES = 65_536;

/** A sheet of cells, and where its rows are. */
export interface SheetPart extends Sheet {
  readonly path: string;
}

/** What a workbook says of itself before its rows. */
export interface WorkbookParts {
  readonly sheets: readonly SheetPart[];
  readonly is1904: boolean;
  /** By style number. */
  readonly dateFormats: readonly (DateFormat | undefined)[];
  /** Where the shared texts are; undefined if there are none. */
  readonly sharedStrings: string | undefined;
}

/** @throws DomainError rule if it is damaged, or no workbook with sheets of cells. */
export async function readWorkbookParts(archive: ZipArchive): Promise<WorkbookParts> {
  const [workbookPath] = (await relationsOf(archive, '')).filter(({ kind }) => kind === 'officeDocument').map(({ target }) => target);
  if (workbookPath === undefined) throw brokenWorkbook('It names no workbook part.');
  const relations = await relationsOf(archive, workbookPath);
  const book = new BookReader();
  await readPart(archive, workbookPath, book);
  const sheets = book.sheets.flatMap(({ relation, ...sheet }) => {
    const found = relations.find(({ id, kind }) => id === relation && kind === 'worksheet');
    return found ? [{ ...sheet, path: found.target }] : [];
  });
  const pathOf = (wanted: string): string | undefined => relations.find(({ kind, target }) => kind === wanted && archive.has(target))?.target;
  return { sheets, is1904: book.is1904, dateFormats: await dateFormatsOf(archive, pathOf('styles')), sharedStrings: pathOf('sharedStrings') };
}

interface Relation {
  readonly id: string;
  /** The last word of its type, which is a URL. */
  readonly kind: string;
  /** A part's name in the archive. */
  readonly target: string;
}

async function relationsOf(archive: ZipArchive, part: string): Promise<Relation[]> {
  const folder = posix.dirname(`/${part}`);
  const path = posix.join(folder, '_rels', `${posix.basename(part)}.rels`).slice(1);
  if (!archive.has(path)) return [];
  const relations: Relation[] = [];
  await readPart(archive, path, {
    open(name, { Id: id = '', Type: type = '', Target: target = '' }) {
      if (name === 'Relationship' && relations.length < MOST_SHEETS) relations.push({ id, kind: type.slice(type.lastIndexOf('/') + 1), target: posix.resolve(folder, target).slice(1) });
    },
    close: () => undefined,
  });
  return relations;
}

async function dateFormatsOf(archive: ZipArchive, path: string | undefined): Promise<readonly (DateFormat | undefined)[]> {
  if (path === undefined) return [];
  const styles = new StyleReader();
  await readPart(archive, path, styles);
  return styles.formatIds.map((id) => dateFormat(id, styles.codes.get(id)));
}

async function readPart(archive: ZipArchive, path: string, reader: XmlReader): Promise<void> {
  for await (const _ of xmlEvents(archive.read(path), reader)) continue;
}

class BookReader implements XmlReader {
  readonly sheets: (Sheet & { readonly relation: string })[] = [];
  is1904 = false;

  open(name: string, attributes: Attributes): void {
    if (name === 'workbookPr') this.is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
    if (name !== 'sheet' || this.sheets.length === MOST_SHEETS) return;
    this.sheets.push({ name: attributes['name'] ?? '', isVisible: (attributes['state'] ?? 'visible') === 'visible', relation: attributeNamed(attributes, 'id') ?? '' });
  }

  close(): void {
    // Sheets and properties have nothing between their ends that matters here.
  }
}

class StyleReader implements XmlReader {
  readonly codes = new Map<number, string>();
  /** By style number. */
  readonly formatIds: number[] = [];
  private inCellFormats = false;

  open(name: string, { numFmtId, formatCode }: Attributes): void {
    if (name === 'cellXfs') this.inCellFormats = true;
    if (name === 'numFmt' && this.codes.size < MOST_STYLES) this.codes.set(Number(numFmtId), formatCode ?? '');
    if (name === 'xf' && this.inCellFormats && this.formatIds.length < MOST_STYLES) this.formatIds.push(Number(numFmtId ?? 0));
  }

  close(name: string): void {
    if (name === 'cellXfs') this.inCellFormats = false;
  }
}
