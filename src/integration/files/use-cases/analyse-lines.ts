import { typeOfCell, typeOfColumn, type CellType } from '../domain/cell-type.js';
import type { ColumnAnalysis, FileAnalysis } from '../persistence/upload.js';
import { fileLines, type FileShape } from './file-lines.js';

/** Lines looked at: enough to tell types, few enough to be done while the file still comes in. */
export const LINES_LOOKED_AT = 1000;
const SAMPLES = 5;
export const SAMPLE_TEXT = 200;
const HALF_CHARACTER = /\p{Surrogate}$/u;

/** The beginning of a file's text. */
export interface Beginning {
  readonly text: string;
  /** False if the last record may go on behind it. */
  readonly isWhole: boolean;
}

/** What the first lines hold, column by column. */
export async function analyseLines(shape: FileShape, beginning: Beginning): Promise<FileAnalysis> {
  const columns = shape.columns.map((name) => new ColumnSeen(name));
  let linesLookedAt = 0;
  let linesUnreadable = 0;
  for await (const { broken, cellOf } of firstOf(beginning, (text) => fileLines(shape, text))) {
    linesLookedAt += 1;
    if (broken) linesUnreadable += 1;
    else for (const column of columns) column.add(cellOf(column.name));
    if (linesLookedAt === LINES_LOOKED_AT) break;
  }
  return { linesLookedAt, linesUnreadable, columns: columns.map((column) => column.analysis()) };
}

/** The items that a reader finds in the beginning of a text, without those that its end may have cut. */
export async function* firstOf<Item>({ text, isWhole }: Beginning, read: (pieces: Iterable<string>) => AsyncIterable<Item>): AsyncGenerator<Item> {
  let isOver = false;
  function* pieces(): Generator<string> {
    yield text;
    isOver = true;
  }
  for await (const item of read(pieces())) {
    if (isOver && !isWhole) return;
    yield item;
  }
}

/** As much of a cell as is shown. */
export function beginningOf(cell: string): string {
  return cell.slice(0, SAMPLE_TEXT).replace(HALF_CHARACTER, '');
}

class ColumnSeen {
  private readonly types = new Map<CellType, number>();
  private readonly texts = new Set<string>();
  private readonly samples: string[] = [];

  constructor(readonly name: string) {}

  add(cell: string | object | undefined): void {
    const type = typeof cell === 'object' ? 'object' : typeOfCell(cell ?? '');
    this.types.set(type, (this.types.get(type) ?? 0) + 1);
    if (typeof cell !== 'string' || type === 'blank' || this.texts.has(cell)) return;
    this.texts.add(cell);
    if (this.samples.length < SAMPLES) this.samples.push(beginningOf(cell));
  }

  analysis(): ColumnAnalysis {
    return { name: this.name, type: typeOfColumn(this.types), blank: this.types.get('blank') ?? 0, distinct: this.texts.size, samples: this.samples };
  }
}
