import { Option, type Command } from 'commander';
import type { ReadingOptions } from '../../sdk/typescript/src/index.js';

export interface ReadingFlags {
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  /** False after --no-header. */
  readonly header?: boolean;
  readonly sheet?: string;
}

/** Adds how a file is to be read, where the server should not find out by itself. */
export function withReading(command: Command): Command {
  return command
    .option('--encoding <name>', 'of the file, e.g. gb18030; found out otherwise')
    .addOption(new Option('--delimiter <character>', 'of its cells: , ; | a tab or a blank; found out otherwise'))
    .option('--quote <character>', 'of its cells, " or \'')
    .option('--no-header', 'the first line is data; columns are called "column 1", "column 2" and so on')
    .option('--sheet <name>', 'of a workbook (default: its first)');
}

export function readingOf({ encoding, delimiter, quote, header, sheet }: ReadingFlags): ReadingOptions {
  return { encoding, delimiter, quote, sheet, ...(header === false ? { header: 'false' } : {}) } as ReadingOptions;
}
