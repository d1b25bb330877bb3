const CURRENCY_SIGN = /^(?:[¥￥$€£₩₹]|[A-Z]{3}\b)\s*|\s*(?:[¥￥$€£₩₹元]|\b[A-Z]{3})$/gu;
const FULL_WIDTH = /[０-９．，－]/g;
const GROUPED = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const PLAIN = /^-?\d+(?:\.\d+)?$/;
const FLOAT = /^-?(?:\d+\.\d{9,}|\d+(?:\.\d+)?e[+-]?\d{1,3})$/i;
const FULL_WIDTH_OFFSET = 0xfee0;
/** What sums in floating point are off by, for each unit of the sum. */
const NOISE = 1e-9;

/**
 * The amount a cell of a file means, as a plain decimal such as `-1234.50`: with or without a currency sign, groups of
 * thousands, full-width digits; undefined for anything else. Numbers that a program kept in floating point, such as
 * `19.900000000000002` and `4.44e-16`, are what they were before, to `digits` after the point; no other is rounded.
 */
export function readAmount(text: string, digits: number): string | undefined {
  const bare = text.replace(FULL_WIDTH, narrow).replace(CURRENCY_SIGN, '').trim();
  if (FLOAT.test(bare)) return withoutNoise(bare, digits);
  if (GROUPED.test(bare)) return bare.replaceAll(',', '');
  return PLAIN.test(bare) ? bare : undefined;
}

function withoutNoise(text: string, digits: number): string | undefined {
  const value = Number(text);
  const near = value.toFixed(digits);
  if (!PLAIN.test(near) || Math.abs(value - Number(near)) > NOISE * Math.max(1, Math.abs(value))) return undefined;
  return Number(near) === 0 ? near.replace('-', '') : near;
}

function narrow(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET);
}
