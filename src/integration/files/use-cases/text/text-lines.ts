import { setImmediate } from 'node:timers/promises';

export interface TextLine {
  /** As an editor counts. */
  readonly line: number;
  /** Of a line far too long only the beginning. */
  readonly content: string;
}

/** Worked through at one go between other work of the process. */
const SLICE = 16 * 1024;

/** Lines of a text that comes in pieces, ended by line feeds. */
export async function* textLines(text: AsyncIterable<string> | Iterable<string>, longest: number): AsyncGenerator<TextLine> {
  let line = 1;
  let open = '';
  for await (const piece of text) {
    for (let start = 0; start < piece.length; start += SLICE) {
      const [first = '', ...others] = piece.slice(start, start + SLICE).split('\n');
      if (open.length <= longest) open += first;
      for (const other of others) {
        yield { line, content: open };
        line += 1;
        open = other;
      }
      await setImmediate();
    }
  }
  yield { line, content: open };
}
