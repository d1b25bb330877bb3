import { DomainError } from '../../kernel/domain-error.js';
import { isId, madeAt, type Id } from '../../kernel/id.js';
import { minorDigits, parseAmount, type Currency } from '../../kernel/money.js';
import type { ImportSettings, LineProblem, MappedLine } from '../../platform/transfer/import-definition.js';
import { readAmount } from '../../platform/transfer/read-amount.js';
import { readList } from '../../platform/transfer/list-cell.js';
import { readInstant } from '../../platform/transfer/read-instant.js';
import { LONGEST_EXTERNAL_ID, SYSTEM, type ExternalReference } from '../contract/external-reference.js';

const INTEGER = /^\d{1,9}$/;
const CURRENCY = /^[A-Z]{3}$/;

/** The cells of one line, read by type. What is wrong with them is kept here; a line with problems is not applied. */
export class Cells {
  private readonly found: LineProblem[] = [];

  constructor(
    private readonly mapped: MappedLine,
    private readonly settings: ImportSettings,
  ) {}

  get problems(): readonly LineProblem[] {
    return this.found;
  }

  /** Where the line begins in the file. */
  get line(): number {
    return this.mapped.line;
  }

  get isGood(): boolean {
    return this.found.length === 0;
  }

  /** Says it once, however often the cell is read. */
  refuse(column: string | undefined, code: string, detail: string): void {
    if (this.found.some((problem) => problem.column === column && problem.code === code)) return;
    this.found.push({ line: this.mapped.line, column, code, detail });
  }

  has(column: string): boolean {
    return this.mapped.values[column] !== undefined;
  }

  text(column: string, longest: number): string | undefined {
    const text = this.mapped.values[column];
    if (text === undefined || text.length <= longest) return text;
    this.refuse(column, 'too_long', `is longer than ${longest} characters. Shorten it.`);
    return undefined;
  }

  /** As `text`, for a cell that every line must have, or every line but those about a record that has it. */
  needed(column: string, longest: number, before?: string): string {
    const text = this.text(column, longest) ?? before;
    if (text === undefined && this.isGood) this.refuse(column, 'required', 'is blank, and a line about something new needs it.');
    return text ?? '';
  }

  /** From `least` on. Whole numbers written with decimals (`2.0`) are read too, as spreadsheets write them. */
  count(column: string, most: number, least = 1): number | undefined {
    const text = this.mapped.values[column];
    if (text === undefined) return undefined;
    const digits = text.replace(/\.0+$/, '');
    const count = Number(digits);
    if (INTEGER.test(digits) && count >= least && count <= most) return count;
    this.refuse(column, 'invalid_integer', `"${text.slice(0, 40)}" is not a whole number from ${least} to ${most}.`);
    return undefined;
  }

  /** One of ours, of this installation or of the one the file comes from. */
  id(column: string, now: Date): Id | undefined {
    const text = this.mapped.values[column];
    const id = text?.toLowerCase();
    if (id === undefined || (isId(id) && (madeAt(id) ?? Infinity) <= now.getTime())) return id;
    this.refuse(column, 'invalid_id', `"${text!.slice(0, 40)}" is no id of ours, which are UUIDs with the time they were made at. An id of another system goes under a column with that system's name.`);
    return undefined;
  }

  /** One of a fixed list, in any case of letters. */
  word<Word extends string>(column: string, words: readonly Word[]): Word | undefined {
    const text = this.mapped.values[column];
    const word = words.find((one) => one === text?.toLowerCase());
    if (text !== undefined && word === undefined) this.refuse(column, 'unknown_state', `"${text.slice(0, 40)}" is none of ${words.join(', ')}. Give the mapping a valueMap for it.`);
    return word;
  }

  list(column: string): string[] | undefined {
    const text = this.mapped.values[column];
    return text === undefined ? undefined : readList(text).map((item) => item.trim()).filter((item) => item !== '');
  }

  instant(column: string): Date | undefined {
    const text = this.mapped.values[column];
    if (text === undefined) return undefined;
    const instant = readInstant(text, this.settings.timeZone);
    if (!instant) this.refuse(column, 'invalid_instant', `"${text.slice(0, 40)}" is not an instant such as 2026-01-15T08:00:00Z or 2026-01-15 08:00:00.`);
    return instant;
  }

  currency(column: string): Currency | undefined {
    const text = this.mapped.values[column]?.toUpperCase();
    if (text === undefined || CURRENCY.test(text)) return text;
    this.refuse(column, 'invalid_currency', `"${text.slice(0, 40)}" is not an ISO 4217 code such as CNY.`);
    return undefined;
  }

  /** Minor units ≥ 0 of the currency. More digits than it has are refused, not rounded. */
  amount(column: string, currency: Currency): number | undefined {
    const text = this.mapped.values[column];
    if (text === undefined) return undefined;
    try {
      const minor = parseAmount(readAmount(text, minorDigits(currency)) ?? text, currency);
      if (minor >= 0) return minor;
      this.refuse(column, 'negative_amount', `"${text}" is negative. Amounts here are zero or more.`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.refuse(column, error.code, error.message);
    }
    return undefined;
  }

  /** Everything the line says under `<prefix><system>`. */
  references(prefix: string): ExternalReference[] {
    return Object.keys(this.mapped.values).filter((column) => column.startsWith(prefix)).flatMap((column) => {
      const reference = { system: column.slice(prefix.length), id: this.mapped.values[column]! };
      if (SYSTEM.test(reference.system) && reference.id.length <= LONGEST_EXTERNAL_ID) return [reference];
      this.refuse(column, 'invalid_external_id', `needs a system of 1 to 40 lower-case letters, digits, - or _, and an id of at most ${LONGEST_EXTERNAL_ID} characters.`);
      return [];
    });
  }

  /** What stands under `<prefix><name>`, by name. */
  open(prefix: string): Record<string, string> {
    const columns = Object.keys(this.mapped.values).filter((column) => column.startsWith(prefix));
    return Object.fromEntries(columns.map((column) => [column.slice(prefix.length), this.mapped.values[column]!]));
  }
}
