/** What a file's text may be written in. GBK and GB2312 are read as GB18030, ISO-8859-1 as Windows-1252: each is the larger of the two. */
export const ENCODINGS = [
  'utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr', 'windows-1250', 'windows-1251', 'windows-1252',
] as const;
export type Encoding = (typeof ENCODINGS)[number];

/**
 * How the encoding is known: the caller gave it, a byte order mark says it, the bytes leave no other choice, or they look
 * more (`likely`) or little more (`guessed`) like it than like others.
 */
export const ENCODING_GROUNDS = ['given', 'byte_order_mark', 'certain', 'likely', 'guessed'] as const;
export type EncodingGrounds = (typeof ENCODING_GROUNDS)[number];

export interface KnownEncoding {
  readonly encoding: Encoding;
  readonly grounds: EncodingGrounds;
}

/** Other names of what `ENCODINGS` lists, as people and programs write them. */
const ALIASES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8', 'us-ascii': 'utf-8', ascii: 'utf-8', 'utf-16': 'utf-16le',
  gbk: 'gb18030', gb2312: 'gb18030', cp936: 'gb18030', 'big5-hkscs': 'big5', cp950: 'big5',
  'shift-jis': 'shift_jis', sjis: 'shift_jis', cp932: 'shift_jis', cp949: 'euc-kr', 'ks_c_5601-1987': 'euc-kr',
  'iso-8859-1': 'windows-1252', 'iso8859-1': 'windows-1252', latin1: 'windows-1252', cp1252: 'windows-1252', cp1250: 'windows-1250', cp1251: 'windows-1251',
};

/** The encoding of that name; undefined if it is none of ours. */
export function encodingNamed(name: string): Encoding | undefined {
  const plain = name.trim().toLowerCase();
  return ENCODINGS.find((encoding) => encoding === plain) ?? ALIASES[plain];
}

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
];

/** By the byte order mark at its beginning. */
export function markedEncoding(head: Uint8Array): Encoding | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, index) => head[index] === byte))?.[0];
}

/** Zero bytes outside their half of the pairs are rare in UTF-16, and nothing else has zero bytes on one side only. */
const ON_ONE_SIDE = 0.95;

/**
 * UTF-16 without a mark, told by its zero bytes: the upper halves of all ASCII characters, and every table has some
 * (line ends, separators). Undefined for 8-bit text, which has no zero byte, and for what is no text at all.
 */
export function utf16ByZeros(head: Uint8Array): Encoding | undefined {
  let [even, odd] = [0, 0];
  for (let at = 0; at < head.length; at += 1) {
    if (head[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  if (even + odd === 0) return undefined;
  if (odd / (even + odd) >= ON_ONE_SIDE) return 'utf-16le';
  return even / (even + odd) >= ON_ONE_SIDE ? 'utf-16be' : undefined;
}
