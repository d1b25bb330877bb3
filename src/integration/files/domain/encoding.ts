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

/** Separators, digits and line ends are at least this share of any table. */
const LEAST_ASCII = 0.04;
/** Chinese characters such as U+4E00 look like ASCII the other way round, but are never as many as separators. */
const TWICE = 2;

/**
 * UTF-16 without a mark, told by its ASCII characters, one byte of which is zero. Undefined for 8-bit text, which has no
 * zero byte, and for what is no text at all.
 */
export function utf16ByZeros(head: Uint8Array): Encoding | undefined {
  let [little, big] = [0, 0];
  for (let at = 0; at + 1 < head.length; at += 2) {
    if (head[at + 1] === 0 && isAscii(head[at]!)) little += 1;
    if (head[at] === 0 && isAscii(head[at + 1]!)) big += 1;
  }
  const enough = LEAST_ASCII * Math.floor(head.length / 2);
  if (little > 0 && little >= enough && little >= TWICE * big) return 'utf-16le';
  return big > 0 && big >= enough && big >= TWICE * little ? 'utf-16be' : undefined;
}

function isAscii(byte: number): boolean {
  return byte > 0 && byte < 0x80;
}
