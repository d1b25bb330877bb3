import { Injectable } from '@nestjs/common';
import { type Cipher, createCipheriv, createHmac } from 'node:crypto';
import { foldDigits, foldText, standsAlone } from './folded-text.js';
import { MasterKeys } from './master-key.js';

const BLOCK_BYTES = 16;
const EXACT_BYTES = 16;
const DIGITS_A_GRAM = 3;

/** More grams of one query make it no more selective, only slower. */
const MOST_QUERY_GRAMS = 24;

/** `mark` goes into every gram and is stored with every customer: never change or reuse one. */
const KINDS = {
  name: { mark: 1, gramsIn: gramsInText, leastOf: leastOfText, wordsOf: wordsOfText, fold: foldText },
  phone: { mark: 2, gramsIn: gramsInDigits, leastOf: gramsInDigits, wordsOf: (query: string) => [foldDigits(query)], fold: foldDigits },
  email: { mark: 3, gramsIn: gramsInText, leastOf: leastOfText, wordsOf: wordsOfText, fold: foldText },
  address: { mark: 4, gramsIn: gramsInText, leastOf: leastOfText, wordsOf: wordsOfText, fold: foldText },
} as const;

/** What can be searched by a fragment. `phone` looks at digits, the others at letters and digits. */
export type FragmentKind = keyof typeof KINDS;

export interface IndexedText {
  readonly kind: FragmentKind;
  readonly text: string;
}

/**
 * Keyed fingerprints that let PostgreSQL find what it cannot read.
 * They show which rows share a value or a gram, and how often a gram occurs; whoever lacks the index secret cannot name or try one.
 */
@Injectable()
export class BlindIndex {
  private readonly exactKey: Buffer;
  /** ECB has no state between blocks, so one cipher serves for ever; as a pseudo-random function of distinct blocks that is all it has to do. */
  private readonly prf: Cipher;

  constructor(masterKeys: MasterKeys) {
    this.exactKey = masterKeys.derive('blind-index/exact', 32);
    this.prf = createCipheriv('aes-256-ecb', masterKeys.derive('blind-index/grams', 32), null).setAutoPadding(false);
  }

  /**
   * 16 bytes that stand for one value of one kind; equal values, equal bytes.
   * @param value as its owner normalised it (E.164, lower-case e-mail): this only compares bytes.
   */
  exact(kind: string, value: string): Buffer {
    return createHmac('sha256', this.exactKey).update(`${kind}\0${value}`, 'utf8').digest().subarray(0, EXACT_BYTES);
  }

  /** Everything the texts can be found by, for one `int4[]` column: sorted, so that the order of the letters is not stored. */
  grams(texts: readonly IndexedText[]): number[] {
    const blocks: Gram[] = [];
    for (const { kind, text } of texts) {
      const { mark, gramsIn, fold } = KINDS[kind];
      for (const characters of gramsIn(fold(text))) blocks.push({ mark, characters });
    }
    return this.scramble(blocks);
  }

  /**
   * The grams a row must hold (`grams @> $1`) to contain every word of the query; at most 24. Rows found this way nearly always
   * match; `matches` decides after opening.
   * @returns null if the query is too short: it needs two letters or one Chinese, Japanese or Korean character; three digits for `phone`.
   */
  gramsOf(kind: FragmentKind, query: string): number[] | null {
    const { mark, leastOf, wordsOf } = KINDS[kind];
    const grams = wordsOf(query).flatMap(leastOf).slice(0, MOST_QUERY_GRAMS);
    return grams.length === 0 ? null : this.scramble(grams.map((characters) => ({ mark, characters })));
  }

  /** Does the text contain every word of the query, whatever the case, accents, blanks and punctuation? False for an empty query. */
  matches(kind: FragmentKind, query: string, text: string): boolean {
    const { wordsOf, fold } = KINDS[kind];
    const words = wordsOf(query).filter((word) => word !== '');
    const folded = fold(text);
    return words.length > 0 && words.every((word) => folded.includes(word));
  }

  /** One native call for all grams; the first four bytes of each block are the gram. */
  private scramble(grams: readonly Gram[]): number[] {
    const packed = Buffer.alloc(grams.length * BLOCK_BYTES);
    grams.forEach((gram, i) => pack(gram, packed, i * BLOCK_BYTES));
    const scrambled = this.prf.update(packed);
    const numbers = new Int32Array(grams.length);
    for (let i = 0; i < numbers.length; i += 1) numbers[i] = scrambled.readInt32BE(i * BLOCK_BYTES);
    return distinct(numbers.sort());
  }
}

interface Gram {
  readonly mark: number;
  /** One to three code points. */
  readonly characters: string;
}

/** Kind | number of characters | each as 3 bytes: no two different grams make the same block. `into` is all zeros. */
function pack({ mark, characters }: Gram, into: Buffer, at: number): void {
  into[at] = mark;
  let next = at + 2;
  for (let i = 0; i < characters.length; ) {
    const point = characters.codePointAt(i)!;
    into[next] = point >> 16;
    into[next + 1] = (point >> 8) & 0xff;
    into[next + 2] = point & 0xff;
    into[at + 1]! += 1;
    next += 3;
    i += point > 0xffff ? 2 : 1;
  }
}

/** Pairs of neighbours, and each character that stands alone. */
function gramsInText(folded: string): string[] {
  const characters = Array.from(folded);
  return [...pairs(characters), ...characters.filter(standsAlone)];
}

/** A pair says all that its halves say, so single characters are asked for only when there is no pair. */
function leastOfText(folded: string): string[] {
  const characters = Array.from(folded);
  return characters.length > 1 ? pairs(characters) : characters.filter(standsAlone);
}

function pairs(characters: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 1; i < characters.length; i += 1) found.push(characters[i - 1]! + characters[i]!);
  return found;
}

function gramsInDigits(digits: string): string[] {
  const found: string[] = [];
  for (let end = DIGITS_A_GRAM; end <= digits.length; end += 1) found.push(digits.slice(end - DIGITS_A_GRAM, end));
  return found;
}

/** `smith john` finds `John Smith`: the words of a query may stand anywhere. */
function wordsOfText(query: string): string[] {
  return query.split(/\s+/u).map(foldText);
}

function distinct(sorted: Int32Array): number[] {
  const found: number[] = [];
  for (const value of sorted) if (value !== found[found.length - 1]) found.push(value);
  return found;
}
