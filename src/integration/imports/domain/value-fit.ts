/** The types of columns whose values can be told from other texts. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  integer: /^\d{1,9}(?:\.0+)?$/,
  amount: /^[-+]?[¥￥$€£]?\s?\d[\d,.\s]*(?:元|[A-Z]{3})?$/,
  instant: /^(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{8}(?!\d)|\d{10}(?:\d{3})?$)/,
  date: /^(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{8}$)/,
  boolean: /^(?:true|false|yes|no|[01yn]|是|否)$/i,
};

/** Fewer values than this of a sample say what a column is not. */
const MOST_OF_THEM = 0.5;
/** So many values of a sample say what a column is. */
const NEARLY_ALL = 0.8;

/** False if most values of a sample cannot be of this column; blank ones say nothing. */
export function mayBe({ type, looks = LOOKS[type] }: { readonly type: string; readonly looks?: RegExp }, values: readonly string[]): boolean {
  return looks === undefined || shareOf(values, looks, 1) >= MOST_OF_THEM;
}

/** True if nearly all values of a sample look so, and there are any. */
export function tellThemselves(telling: RegExp | undefined, values: readonly string[]): boolean {
  return telling !== undefined && shareOf(values, telling, 0) >= NEARLY_ALL;
}

function shareOf(values: readonly string[], looks: RegExp, ofNone: number): number {
  const given = values.map((value) => value.trim()).filter((value) => value !== '');
  return given.length === 0 ? ofNone : given.filter((value) => looks.test(value)).length / given.length;
}
