import { DomainError } from '../../../kernel/domain-error.js';
import { guessDelimiter } from '../domain/delimiter.js';
import { columnNames, MAX_COLUMNS } from '../domain/header.js';
import { parseJsonLine, pathsOf } from '../domain/json-line.js';
import type { FileFormat } from '../persistence/upload.js';
import { csvRecords } from './csv-records.js';
import { fileLines, type FileShape } from './file-lines.js';

const NDJSON_TYPES: ReadonlySet<string> = new Set(['application/x-ndjson', 'application/jsonl']);
/** Lines of NDJSON whose paths are offered as columns; a mapping may name others. */
const JSON_LINES_LOOKED_AT = 100;

/**
 * Finds out how a file is to be read from its first piece.
 * @throws DomainError rule if there is nothing in it, or nothing that looks like a table.
 */
export async function inspectFile(head: string, mediaType: string): Promise<FileShape> {
  if (head.trim() === '') throw refused('empty_file', 'The file holds nothing but blanks. Upload one with a header line, or one JSON object a line.');
  const format = formatOf(head, mediaType);
  const shape = format === 'csv' ? await csvShape(head) : await jsonShape(head);
  if (shape.columns.length > MAX_COLUMNS) {
    throw refused('too_many_columns', `The file has ${shape.columns.length} columns; ${MAX_COLUMNS} is the most. Check that it is a table and keep the columns that are needed.`);
  }
  return shape;
}

function formatOf(head: string, mediaType: string): FileFormat {
  if (NDJSON_TYPES.has(mediaType)) return 'ndjson';
  if (/^\s*\[\s*[{[\]]/.test(head)) throw refused('json_array', 'The file is one JSON array. Put each of its objects on a line of its own (NDJSON).');
  return mediaType !== 'text/csv' && head.trimStart().startsWith('{') ? 'ndjson' : 'csv';
}

async function csvShape(head: string): Promise<FileShape> {
  const delimiter = guessDelimiter(head);
  for await (const { cells, broken } of csvRecords([head], delimiter)) {
    if (broken) throw refused('header_unreadable', `The header cannot be read. ${broken.detail}`);
    if (cells.some((cell) => cell.trim() !== '')) return { format: 'csv', delimiter, columns: columnNames(cells) };
  }
  throw refused('header_unreadable', 'The file has no header line. Put the names of the columns in the first line.');
}

async function jsonShape(head: string): Promise<FileShape> {
  const shape: FileShape = { format: 'ndjson', delimiter: null, columns: [] };
  const paths = new Set<string>();
  let looked = 0;
  let readable = 0;
  for await (const { cells: [content = ''], broken } of fileLines(shape, [head])) {
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

function refused(code: string, detail: string): DomainError {
  return new DomainError('rule', code, detail);
}
