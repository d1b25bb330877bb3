import { crc32, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { ZipWriter, type ZipState } from './zip-writer.js';

const MADE_AT = new Date('2026-01-15T08:00:30Z');

/** Files of an archive by the directory at its end, each checked against its length and checksum. */
function filesOf(archive: Buffer): Record<string, string> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x0605_4b50);
  const files: Record<string, string> = {};
  for (let at = archive.readUInt32LE(end + 16), left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [crc, packed, size, nameLength, offset] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24), archive.readUInt16LE(at + 28), archive.readUInt32LE(at + 42)];
    const name = archive.subarray(at + 46, at + 46 + nameLength).toString();
    const start = offset + 30 + nameLength;
    const content = inflateRawSync(archive.subarray(start, start + packed));
    expect({ name, size: content.length, crc: crc32(content), local: archive.readUInt32LE(offset), descriptor: archive.readUInt32LE(start + packed + 4) }).toEqual({ name, size, crc, local: 0x0403_4b50, descriptor: crc });
    files[name] = content.toString();
    at += 46 + nameLength;
  }
  return files;
}

describe('a ZIP archive', () => {
  it('gives back every file, each with its length and checksum, written in parts by several hands', async () => {
    const first = new ZipWriter(MADE_AT, undefined);
    const parts = [first.open('[Content_Types].xml'), await first.write('<Types/>'), first.close(), first.open('表.xml'), await first.write('one '.repeat(5_000))];
    const second = new ZipWriter(MADE_AT, JSON.parse(JSON.stringify(first.state)) as ZipState);
    parts.push(await second.write('two '), await second.write(''), await second.write('三'.repeat(9_000)), second.close(), second.end());
    expect(filesOf(Buffer.concat(parts))).toEqual({ '[Content_Types].xml': '<Types/>', '表.xml': `${'one '.repeat(5_000)}two ${'三'.repeat(9_000)}` });
  });

  it('refuses to grow beyond what its directory can say', () => {
    const zip = new ZipWriter(MADE_AT, { offset: 0xffff_fff0, entries: [] });
    expect(() => zip.open('more.xml')).toThrow(expect.objectContaining({ code: 'export_too_large' }));
  });
});
