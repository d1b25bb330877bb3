/** What the cells of a column look like. `amount` is a number with decimals, `list` several texts parted by `|`, `object` a place in JSON with values below it. */
export const CELL_TYPES = ['blank', 'boolean', 'integer', 'amount', 'date', 'instant', 'email', 'phone', 'list', 'object', 'text'] as const;
export type CellType = (typeof CELL_TYPES)[number];

/** Longer cells are prose. */
const LONGEST_TYPED = 120;

/** The first that fits. */
const PATTERNS: readonly (readonly [CellType, RegExp])[] = [
  ['boolean', /^(?:true|false|yes|no|y|n|是|否)$/i],
  ['email', /^[^\s@,;|]+@[^\s@,;|]+\.[^\s@,;|]{2,}$/],
  ['instant', /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?$/i],
  ['instant', /^\d{1,2}[-/.]\d{1,2}[-/.]\d{4} \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?$/i],
  ['date', /^\d{4}([-/.])\d{1,2}\1\d{1,2}$/],
  ['date', /^\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})$/],
  ['date', /^\d{4}年\d{1,2}月\d{1,2}日$/],
  ['date', /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/],
  // With the country's code, a mobile number of China, or grouped as numbers of an area are.
  ['phone', /^\+\d(?:[\s().-]?\d){6,14}$/],
  ['phone', /^1[3-9]\d{9}$/],
  ['phone', /^(?:\(0?\d{2,4}\)\s?|0?\d{2,4}[-. ])\d{3,4}[-. ]?\d{4}$/],
  ['integer', /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)$/],
  ['amount', /^[+-]?\s?[¥￥$€£]?\s?[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?\s?[元€£%]?$/],
  ['amount', /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+\s?€?$/],
  ['list', /^[^|]*[^|\s][^|]*\|(?:[^|]*\|)*[^|]*[^|\s][^|]*$/],
];

/** Of one cell; trimmed first. */
export function typeOfCell(cell: string): CellType {
  const text = cell.trim();
  if (text === '') return 'blank';
  if (text.length > LONGEST_TYPED) return 'text';
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text';
}

/** A column is of a type if no more than one cell in twenty is not: people write `unknown` into columns of numbers. */
const NEARLY_ALL = 0.95;
/** A list of one is a plain text. */
const LISTS_AMONG_TEXTS = 0.2;

/** Types that include another's cells. */
const WIDER: readonly (readonly [CellType, readonly CellType[]])[] = [
  ['amount', ['integer', 'amount']],
  ['instant', ['date', 'instant']],
];

/** Of a column, from how many cells of each type were seen; blank ones do not count unless all are. */
export function typeOfColumn(seen: ReadonlyMap<CellType, number>): CellType {
  const count = (types: readonly CellType[]): number => types.reduce((sum, type) => sum + (seen.get(type) ?? 0), 0);
  const all = count(CELL_TYPES) - count(['blank']);
  if (all === 0) return 'blank';
  const single = CELL_TYPES.find((type) => type !== 'blank' && count([type]) >= NEARLY_ALL * all);
  if (single) return single;
  const wider = WIDER.find(([, types]) => count(types) >= NEARLY_ALL * all)?.[0];
  if (wider) return wider;
  return count(['list']) >= LISTS_AMONG_TEXTS * all ? 'list' : 'text';
}
