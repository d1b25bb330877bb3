import { printRow, type WorkbookRow } from '../domain/workbook-row.js';
import { brokenWorkbook } from './workbook/broken-workbook.js';
import { PIECE_LENGTH } from '../persistence/upload-content.js';
import type { FileAnalysis, FileFacts, ReadingSettings } from '../persistence/upload.js';
import { analyseLines, type Beginning } from './analyse-lines.js';
import { inspectSheet, inspectText, type InspectedShape } from './inspect-file.js';
import { fileTooLarge, openFile, type OpenFile } from './open-file.js';
import { DecodedText } from './text/decode-text.js';
import { inPieces } from './text/in-pieces.js';
import { LineCount } from './text/line-count.js';
import type { RandomAccessFile } from './workbook/random-access.js';
import { Workbook } from './workbook/workbook.js';

export interface FileOrder {
  readonly mediaType: string;
  readonly settings: ReadingSettings;
  /** Unpacked. */
  readonly maxBytes: number;
}

/** Where a file is kept while it is taken in. */
export interface FilePlaces {
  /** Keeps the next piece of text. */
  addPiece(seq: number, text: string): Promise<void>;
  /** Reads `file` to its end and keeps its bytes so that any of them can be read. */
  keepBytes(file: OpenFile): Promise<RandomAccessFile>;
}

export interface TakenIn {
  readonly facts: FileFacts;
  readonly analysis: FileAnalysis;
}

/** Rows of a sheet are handed on in texts of this length. */
const ROWS_TOGETHER = 16 * 1024;
const LONGEST_ROW = 1024 * 1024;

/**
 * Tells the bytes of a file into text pieces, whatever it is, and finds out how it is to be read, one piece in memory at
 * a time.
 * @throws DomainError rule or too_large if the file cannot be an import.
 */
export async function takeIn(source: AsyncIterable<Buffer>, order: FileOrder, places: FilePlaces): Promise<TakenIn> {
  const file = await openFile(source, order.maxBytes);
  return file.kind === 'zip' ? takeInWorkbook(file, order, places) : takeInText(file, order, places);
}

async function takeInText(file: OpenFile, { mediaType, settings }: FileOrder, places: FilePlaces): Promise<TakenIn> {
  const text = new DecodedText(settings.encoding);
  const count = new LineCount();
  const stored = await store(text.read(file.head, file.bytes), places, (beginning) => inspectText(beginning, mediaType, settings), (piece) => count.add(piece));
  return taken(stored, { encoding: text.encoding, encodingGrounds: text.grounds, sheets: [], sheet: null, lines: count.lines }, file);
}

async function takeInWorkbook(file: OpenFile, { settings, maxBytes }: FileOrder, places: FilePlaces): Promise<TakenIn> {
  const workbook = await Workbook.open(await places.keepBytes(file));
  const sheet = workbook.sheet(settings.sheet);
  let lines = 0;
  let length = 0;
  async function* rows(): AsyncGenerator<WorkbookRow> {
    for await (const row of workbook.rows(sheet)) {
      lines = row.line;
      yield row;
    }
  }
  const stored = await store(printed(rows()), places, (beginning) => inspectSheet(beginning, settings), (piece) => {
    length += piece.length;
    if (length > maxBytes) throw fileTooLarge(maxBytes);
  });
  return taken(stored, { encoding: 'utf-8', encodingGrounds: 'certain', sheets: workbook.sheets, sheet: sheet.name, lines }, file);
}

async function* printed(rows: AsyncIterable<WorkbookRow>): AsyncGenerator<string> {
  let text = '';
  for await (const row of rows) {
    const line = printRow(row);
    if (line.length > LONGEST_ROW) throw brokenWorkbook(`Its row ${row.line} is longer than ${LONGEST_ROW / 1024} KB, which no record is.`);
    text += line;
    if (text.length < ROWS_TOGETHER) continue;
    yield text;
    text = '';
  }
  yield text;
}

interface Stored {
  readonly shape: InspectedShape;
  readonly analysis: FileAnalysis;
  readonly pieces: number;
}

/** Keeps the text; how it is to be read shows in its first piece. */
async function store(text: AsyncIterable<string>, places: FilePlaces, inspect: (beginning: Beginning) => Promise<InspectedShape>, passed: (piece: string) => void): Promise<Stored> {
  let found: Omit<Stored, 'pieces'> | undefined;
  let pieces = 0;
  for await (const { item: piece, isLast } of withLast(inPieces(text, PIECE_LENGTH))) {
    passed(piece);
    found ??= await look({ text: piece, isWhole: isLast }, inspect);
    await places.addPiece(pieces, piece);
    pieces += 1;
  }
  found ??= await look({ text: '', isWhole: true }, inspect);
  return { ...found, pieces };
}

async function look(beginning: Beginning, inspect: (beginning: Beginning) => Promise<InspectedShape>): Promise<Omit<Stored, 'pieces'>> {
  const shape = await inspect(beginning);
  return { shape, analysis: await analyseLines(shape, beginning) };
}

async function* withLast<Item>(items: AsyncIterable<Item>): AsyncGenerator<{ readonly item: Item; readonly isLast: boolean }> {
  let held: { readonly item: Item } | undefined;
  for await (const item of items) {
    if (held) yield { item: held.item, isLast: false };
    held = { item };
  }
  if (held) yield { item: held.item, isLast: true };
}

function taken({ shape, analysis, pieces }: Stored, facts: Omit<FileFacts, keyof InspectedShape | 'bytes' | 'sha256' | 'pieces'>, { measure }: OpenFile): TakenIn {
  return { facts: { ...facts, ...shape, pieces, bytes: measure.bytes, sha256: measure.digest() }, analysis };
}
