import type { ColumnMapping } from './column-mapping.js';

/** Numbers of four digits and more, e-mail addresses, dates and amounts: what stands in records and not above them. */
const LIKE_DATA = /\d{4,}|@|\d[-/.年]\d|^\s*[-+¥$€£]?\s*\d+(?:[.,]\d+)?\s*$/;
/** A name the product gave, which says where a column stands and not what it holds. */
const BY_PLACE = /^column \d+$/;

/**
 * Headers that were mapped and may teach what they mean, with our names. None if any column of the file is called like a
 * value: its first line may be a record, and that of a person.
 * @param fileColumns all columns of the file
 */
export function learnableHeaders(fileColumns: readonly string[], mapping: ColumnMapping): { readonly fileColumn: string; readonly column: string }[] {
  if (fileColumns.some((name) => LIKE_DATA.test(name.normalize('NFKC')))) return [];
  const inFile = new Set(fileColumns);
  return Object.entries(mapping).flatMap(([column, { column: fileColumn }]) => (fileColumn !== undefined && inFile.has(fileColumn) && !BY_PLACE.test(fileColumn) ? [{ fileColumn, column }] : []));
}
