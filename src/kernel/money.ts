import { DomainError } from './domain-error.js';

/** Digits after the point where ISO 4217 does not say two. Source: ISO 4217 list one, minor unit column. */
const MINOR_DIGITS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
};

const CURRENCY = /^[A-Z]{3}$/;
/**
 * No amount of one fact (a price, a payment, the total of an order) is larger: 100 billion in a currency of two digits. Sums over
 * 900,000 of them fit into a bigint of PostgreSQL; a JavaScript number keeps sums of 900 exactly, so larger ones are bigints here.
 */
export const MOST_MINOR = 10_000_000_000_000;

const DECIMAL = /^-?\d{1,16}(\.\d{1,4})?$/;

/** Three capital letters, e.g. `CNY`. */
export type Currency = string;

/** `minor` is a whole number of the currency's smallest unit (fen, cents, yen), within ±2^53. */
export interface Money {
  readonly minor: number;
  readonly currency: Currency;
}

/** The wire form: a decimal string with exactly the currency's own digits. */
export interface MoneyText {
  readonly amount: string;
  readonly currency: Currency;
}

export function minorDigits(currency: Currency): number {
  if (!CURRENCY.test(currency)) {
    throw new DomainError('rule', 'invalid_currency', `"${currency}" is not an ISO 4217 code. Send three capital letters such as CNY.`);
  }
  return MINOR_DIGITS[currency] ?? 2;
}

export function money(minor: number, currency: Currency): Money {
  minorDigits(currency);
  if (!Number.isSafeInteger(minor)) {
    throw new DomainError('rule', 'amount_out_of_range', `${minor} ${currency} minor units are not a whole number within ±2^53.`);
  }
  return { minor, currency };
}

/** Reads `"199.00"` as 19900 fen. Refuses more digits than the currency has instead of rounding, and what is beyond `MOST_MINOR`. */
export function parseAmount(amount: string, currency: Currency): number {
  const digits = minorDigits(currency);
  if (!DECIMAL.test(amount)) {
    throw new DomainError('rule', 'invalid_amount', `"${amount}" is not a decimal amount. Send digits with a point, such as "199.00".`);
  }
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  if (fraction.length > digits && /[1-9]/.test(fraction.slice(digits))) {
    throw new DomainError('rule', 'too_many_digits', `"${amount}" has more digits than ${currency} has (${digits}). Round it before sending.`);
  }
  const minor = Number(whole) * 10 ** digits + Number(fraction.slice(0, digits).padEnd(digits, '0') || '0');
  if (minor > MOST_MINOR) {
    throw new DomainError('rule', 'amount_out_of_range', `"${amount}" ${currency} is more than one amount may be, ${formatAmount(MOST_MINOR, currency)}. Check the amount and the currency.`);
  }
  return amount.startsWith('-') ? 0 - minor : minor;
}

/** @param minor a bigint for sums, which may pass 2^53 */
export function formatAmount(minor: number | bigint, currency: Currency): string {
  const digits = minorDigits(currency);
  const sign = minor < 0 ? '-' : '';
  const text = String(minor).replace('-', '').padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

export function toMoneyText(value: { readonly minor: number | bigint; readonly currency: Currency }): MoneyText {
  return { amount: formatAmount(value.minor, value.currency), currency: value.currency };
}

export function parseMoney(value: MoneyText): Money {
  return { minor: parseAmount(value.amount, value.currency), currency: value.currency };
}
