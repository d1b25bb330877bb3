import type { ExportLine } from '../../../platform/transfer/export-definition.js';
import { writeInstant } from '../../../platform/transfer/read-instant.js';
import type { FileColumn, FileWriter } from './file-writer.js';

type Nested = { [name: string]: unknown };

/** One JSON object a line. A dot in the name of a column is a step down: `address.city` is the `city` of `address`. Blank cells are left out. */
export class NdjsonWriter implements FileWriter {
  readonly state = {};
  private readonly paths: readonly { readonly name: string; readonly steps: readonly string[] }[];

  constructor(
    columns: readonly FileColumn[],
    private readonly timeZone: string,
  ) {
    this.paths = columns.map(({ name }) => ({ name, steps: name.split('.') }));
  }

  begin(): Buffer {
    return Buffer.alloc(0);
  }

  lines(lines: readonly ExportLine[]): Buffer {
    return Buffer.from(lines.map((line) => `${JSON.stringify(this.nested(line))}\n`).join(''));
  }

  end(): Buffer {
    return Buffer.alloc(0);
  }

  private nested(line: ExportLine): Nested {
    const root: Nested = {};
    for (const { name, steps } of this.paths) {
      const cell = line[name];
      if (cell === null || cell === undefined) continue;
      let place = root;
      for (const step of steps.slice(0, -1)) place = (place[step] ??= {}) as Nested;
      place[steps.at(-1)!] = cell instanceof Date ? writeInstant(cell, this.timeZone) : cell;
    }
    return root;
  }
}
