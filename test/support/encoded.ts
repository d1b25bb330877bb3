import type { Encoding } from '../../src/integration/files/domain/encoding.js';

const tables = new Map<Encoding, Map<string, Buffer>>();

/** The other way of TextDecoder, for characters of one byte or two. */
export function encoded(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.concat(Array.from(text, (character) => (character < '\x80' ? Buffer.from(character) : bytesOf(character, encoding))));
}

function bytesOf(character: string, encoding: Encoding): Buffer {
  let table = tables.get(encoding);
  if (!table) {
    const decoder = new TextDecoder(encoding);
    const pairs = Array.from({ length: 0x7f * 0x100 }, (_, n) => Buffer.from([0x80 + (n >> 8), n & 0xff]));
    const singles = Array.from({ length: 0x80 }, (_, n) => Buffer.from([0x80 + n]));
    table = new Map([...pairs, ...singles].map((bytes) => [decoder.decode(bytes), bytes]));
    tables.set(encoding, table);
  }
  return table.get(character)!;
}
