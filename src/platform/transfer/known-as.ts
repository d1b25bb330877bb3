import type { DescribedColumn, ImportColumn } from './import-definition.js';

/**
 * The columns, each with the words other systems' headers have for it.
 * @param words by name of the column; what is not listed goes by its own name only.
 * @throws Error for words of a column that is not there: it was renamed, and its words with it should be.
 */
export function knownAs(columns: readonly DescribedColumn[], words: Readonly<Record<string, readonly string[]>>): readonly ImportColumn[] {
  const names = new Set(columns.map(({ name }) => name));
  const strays = Object.keys(words).filter((name) => !names.has(name));
  if (strays.length > 0) throw new Error(`Header words are given for ${strays.join(', ')}, and there is no such column. Rename or remove them.`);
  return columns.map((column) => ({ ...column, aliases: words[column.name] ?? [] }));
}
