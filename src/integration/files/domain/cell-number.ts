/** Numbers of a spreadsheet are floating point, of which it keeps and shows fifteen digits; the rest is noise of arithmetic. */
const DIGITS = 15;
const WHOLE = /^-?\d+$/;

/** The number as people write it: `128.1` for a stored `128.09999999999999`, never with an exponent. What is no number stays as it is. */
export function plainNumber(stored: string): string {
  // Programs other than Excel write order ids of twenty digits in full.
  if (WHOLE.test(stored)) return stored;
  const value = Number(stored);
  if (stored.trim() === '' || !Number.isFinite(value)) return stored;
  return withoutExponent(String(Number(value.toPrecision(DIGITS))));
}

function withoutExponent(number: string): string {
  const [, sign = '', whole = '', decimals = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(number) ?? [];
  if (exponent === undefined) return number;
  const digits = whole + decimals;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}${digits.length > point ? `.${digits.slice(point)}` : ''}`;
}
