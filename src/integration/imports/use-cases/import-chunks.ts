import type { MappedLine } from '../../../platform/transfer/import-definition.js';
import type { FileLine } from '../../files/use-cases/file-lines.js';
import { mapLine, UnreadableCell, type ColumnMapping } from '../domain/column-mapping.js';
import type { RefusedLine } from '../persistence/import-problem.repository.js';

/** Lines of one transaction: enough that its cost is spread thin, few enough that its locks are short. Fewer while callers need the process. */
export const CHUNK_LINES = 1000;

/** Lines that follow each other in a file, told into those to apply, those to leave out and those that cannot be read. */
export interface Chunk {
  readonly mapped: MappedLine[];
  /** By their numbers. */
  readonly skipped: number[];
  readonly refused: RefusedLine[];
  readonly cells: Map<number, readonly string[]>;
  lastLine: number;
}

/** The lines behind line `after`, by our names, in chunks. @param size of the chunk about to be filled, at most CHUNK_LINES */
export async function* chunksOf(lines: AsyncIterable<FileLine>, mapping: ColumnMapping, after: number, size: () => number): AsyncGenerator<Chunk, void> {
  let chunk = emptyChunk();
  let full = size();
  for await (const line of lines) {
    if (line.line <= after) continue;
    sortIn(chunk, line, mapping);
    if (chunk.cells.size >= full) {
      yield chunk;
      chunk = emptyChunk();
      full = size();
    }
  }
  if (chunk.cells.size > 0) yield chunk;
}

function emptyChunk(): Chunk {
  return { mapped: [], skipped: [], refused: [], cells: new Map(), lastLine: 0 };
}

function sortIn(chunk: Chunk, { line, cells, broken, cellOf }: FileLine, mapping: ColumnMapping): void {
  chunk.cells.set(line, cells);
  chunk.lastLine = line;
  if (broken) {
    chunk.refused.push({ line, cells, ...broken });
    return;
  }
  try {
    const values = mapLine(mapping, line, cellOf);
    if (values) chunk.mapped.push({ line, values });
    else chunk.skipped.push(line);
  } catch (error) {
    if (!(error instanceof UnreadableCell)) throw error;
    chunk.refused.push({ line, cells, column: error.column, code: error.code, detail: error.message });
  }
}
