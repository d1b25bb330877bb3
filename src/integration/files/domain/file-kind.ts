export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

interface Foreign {
  readonly magic: readonly number[];
  readonly what: string;
}

const FOREIGN: readonly Foreign[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an Excel workbook (.xlsx)' },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook (.xls)' },
  { magic: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: 'a Zstandard archive' },
  { magic: [0x42, 0x5a, 0x68], what: 'a bzip2 archive' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'an xz archive' },
];

const GZIP = [0x1f, 0x8b];
const UTF16LE_MARK = [0xff, 0xfe];
const UTF16BE_MARK = [0xfe, 0xff];

/** What a file that is no text calls itself in its first bytes; undefined for anything else. */
export function foreignKind(head: Uint8Array): string | undefined {
  return FOREIGN.find(({ magic }) => startsWith(head, magic))?.what;
}

export function isGzip(head: Uint8Array): boolean {
  return startsWith(head, GZIP);
}

/** By the byte order mark; without one the text has to be UTF-8. */
export function encodingOf(head: Uint8Array): Encoding {
  if (startsWith(head, UTF16LE_MARK)) return 'utf-16le';
  return startsWith(head, UTF16BE_MARK) ? 'utf-16be' : 'utf-8';
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => head[index] === byte);
}
