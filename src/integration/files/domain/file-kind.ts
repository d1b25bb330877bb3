interface Foreign {
  readonly magic: readonly number[];
  /** What it is, and what to do with it. */
  readonly what: string;
}

const SAVE_AS_TABLE = 'Save the table as CSV or .xlsx, or as one JSON object a line, and upload that.';

const FOREIGN: readonly Foreign[] = [
  { magic: [0xd0, 0xcf, 0x11, 0xe0], what: `is an old Excel workbook (.xls), or one locked with a password. Take the password off if it has one, save it in Excel as .xlsx or CSV, and upload that.` },
  { magic: [0x25, 0x50, 0x44, 0x46], what: `is a PDF. ${SAVE_AS_TABLE}` },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: 'is a Zstandard archive. Unpack it, or pack it with gzip, and upload that.' },
  { magic: [0x42, 0x5a, 0x68], what: 'is a bzip2 archive. Unpack it, or pack it with gzip, and upload that.' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'is an xz archive. Unpack it, or pack it with gzip, and upload that.' },
  { magic: [0x52, 0x61, 0x72, 0x21], what: 'is a RAR archive. Unpack it and upload the table in it.' },
  { magic: [0x37, 0x7a, 0xbc, 0xaf], what: 'is a 7z archive. Unpack it and upload the table in it.' },
  { magic: [0x89, 0x50, 0x4e, 0x47], what: `is a picture. ${SAVE_AS_TABLE}` },
  { magic: [0xff, 0xd8, 0xff], what: `is a picture. ${SAVE_AS_TABLE}` },
];

const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const EMPTY_ZIP = [0x50, 0x4b, 0x05, 0x06];

/** What a file that is no table calls itself in its first bytes, with what to do about it; undefined for anything else. */
export function foreignKind(head: Uint8Array): string | undefined {
  return FOREIGN.find(({ magic }) => startsWith(head, magic))?.what;
}

export function isGzip(head: Uint8Array): boolean {
  return startsWith(head, GZIP);
}

/** A ZIP archive, which is what an Excel workbook (.xlsx) is from outside. */
export function isZip(head: Uint8Array): boolean {
  return startsWith(head, ZIP) || startsWith(head, EMPTY_ZIP);
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => head[index] === byte);
}
