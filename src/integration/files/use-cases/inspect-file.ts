import { DomainError } from '../../../kernel/domain-error.js';
import { guessDelimiter, guessQuote } from '../domain/dialect.js';
import { columnNames, isHeaderMissing, MAX_COLUMNS, numberedColumns } from '../domain/header.js';
import { parseJsonLine, pathsOf } from '../domain/json-line.js';
import { UNDECODABLE } from '../domain/undecodable.js';
import type { RowCell } from '../domain/workbook-row.js';
import type { FileFacts, ReadingSettings } from '../persistence/upload.js';
import { firstOf, LINES_LOOKED_AT, type Beginning } from './analyse-lines.js';
import { fileLines, records, type FileShape } from './file-lines.js';

/** How a file is to be read, and how it is known whether it has a header. */
export type InspectedShape = FileShape & Pick<FileFacts, 'headerGrounds'>;

const NDJSON_TYPES: ReadonlySet<string> = new Set(['application/x-ndjson', 'application/jsonl']);
const CSV_TYPES: ReadonlySet<string> = new Set(['text/csv', 'text/tab-separated-values']);
/** Lines of NDJSON whose paths are offered as columns; a mapping may name others. */
const JSON_LINES_LOOKED_AT = 100;
/** Characters that show the dialect, and records that show whether the first is one of them: each is looked at in one go. */
const DIALECT_LOOKED_AT = 16 * 1024;
const RECORDS_COMPARED = 50;

/**
 * Finds out how a text file is to be read from its first piece, and by what the caller says of it.
 * @throws DomainError rule if there is nothing in it, or nothing that looks like a table.
 */
export async function inspectText(beginning: Beginning, mediaType: string, settings: ReadingSettings): Promise<InspectedShape> {
  if (beginning.text.trim() === '') throw refused('empty_file', 'The file holds nothing but blanks. Upload one with a header line, or one JSON object a line.');
  const format = formatOf(beginning.text, mediaType, settings);
  if (format === 'ndjson') return fitting(await jsonShape(beginning));
  const head = beginning.text.slice(0, DIALECT_LOOKED_AT);
  const quote = settings.quote ?? guessQuote(head);
  const delimiter = settings.delimiter ?? guessDelimiter(head, quote);
  return fitting(await tableShape({ format, delimiter, quote }, beginning, settings));
}

/** As `inspectText`, of a sheet whose rows are printed. */
export async function inspectSheet(beginning: Beginning, settings: ReadingSettings): Promise<InspectedShape> {
  if (beginning.text === '') throw refused('empty_file', 'The sheet holds nothing but blanks. Choose another by the query parameter sheet, or upload a workbook with a header row.');
  return fitting(await tableShape({ format: 'xlsx', delimiter: null, quote: null }, beginning, settings));
}

function formatOf(head: string, mediaType: string, settings: ReadingSettings): 'csv' | 'ndjson' {
  if (NDJSON_TYPES.has(mediaType)) return 'ndjson';
  if (/^\s*\[\s*[{[\]]/.test(head)) throw refused('json_array', 'The file is one JSON array. Put each of its objects on a line of its own (NDJSON).');
  const isCsv = CSV_TYPES.has(mediaType) || settings.delimiter !== undefined || settings.quote !== undefined;
  return !isCsv && head.trimStart().startsWith('{') ? 'ndjson' : 'csv';
}

async function tableShape(dialect: Pick<FileShape, 'format' | 'delimiter' | 'quote'>, beginning: Beginning, settings: ReadingSettings): Promise<InspectedShape> {
  const first: string[][] = [];
  let broken: { readonly detail: string } | undefined;
  for await (const record of firstOf(beginning, (text) => records(dialect, text))) {
    if (record.cells.every((cell) => textOf(cell).trim() === '')) continue;
    if (record.broken && first.length === 0) {
      broken = record.broken;
      break;
    }
    if (!record.broken) first.push(record.cells.map(textOf));
    if (first.length === LINES_LOOKED_AT) break;
  }
  const [top, ...below] = first;
  if (!top) throw refused('header_unreadable', broken ? `The header cannot be read. ${broken.detail}` : 'The file has no header line. Put the names of the columns in the first line.');

  const isMissing = settings.header === undefined && isHeaderMissing(top, below.slice(0, RECORDS_COMPARED));
  const header = settings.header ?? !isMissing;
  if (header && top.some((cell) => cell.includes(UNDECODABLE))) {
    throw refused('wrong_encoding', 'The header holds a byte that is no character in the encoding the file was read in. Upload it again with the query parameter encoding, or save it as UTF-8.');
  }
  return {
    ...dialect,
    header,
    headerGrounds: settings.header !== undefined ? 'given' : isMissing ? 'detected' : 'assumed',
    columns: header ? columnNames(top) : numberedColumns(first),
  };
}

function textOf(cell: RowCell): string {
  return typeof cell === 'string' ? cell : cell.error;
}

async function jsonShape(beginning: Beginning): Promise<InspectedShape> {
  const shape: InspectedShape = { format: 'ndjson', delimiter: null, quote: null, header: null, headerGrounds: null, columns: [] };
  const paths = new Set<string>();
  let looked = 0;
  let readable = 0;
  for await (const { cells: [content = ''], broken } of firstOf(beginning, (text) => fileLines(shape, text))) {
    looked += 1;
    if (!broken) {
      readable += 1;
      for (const path of pathsOf(parseJsonLine(content)!)) if (paths.size < MAX_COLUMNS) paths.add(path);
    }
    if (looked === JSON_LINES_LOOKED_AT) break;
  }
  if (readable === 0) throw refused('not_ndjson', 'None of the first lines is a JSON object. Send one object a line, or text/csv for CSV.');
  return { ...shape, columns: [...paths] };
}

function fitting(shape: InspectedShape): InspectedShape {
  if (shape.columns.length <= MAX_COLUMNS) return shape;
  throw refused('too_many_columns', `The file has ${shape.columns.length} columns; ${MAX_COLUMNS} is the most. Check that it is a table and keep the columns that are needed.`);
}

function refused(code: string, detail: string): DomainError {
  return new DomainError('rule', code, detail);
}
