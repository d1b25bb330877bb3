import { DomainError } from '../../../../kernel/domain-error.js';
import { unescaped } from '../../domain/cell-text.js';
import { xmlEvents, type Attributes, type XmlReader } from './xml-events.js';

/** Cells of a sheet name their texts by number, in any order, so all have to be in memory: packed, without any object each. */
const MOST_BYTES = 96 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;
const FIRST_COUNT = 1024;

/** The texts of a workbook by their number. */
export class SharedStrings {
  private readonly blocks: Buffer[] = [];
  private used = BLOCK_BYTES;
  private bytes = 0;
  private count = 0;
  /** Of each text: its block, where in it, and how many bytes. */
  private places = new Uint32Array(FIRST_COUNT * 3);

  /** @throws DomainError too_large when they are more than may lie in memory. */
  add(text: string): void {
    const length = Buffer.byteLength(text);
    this.bytes += length;
    if (this.bytes > MOST_BYTES) {
      throw new DomainError('too_large', 'workbook_too_large', `The workbook holds more than ${MOST_BYTES / 1024 / 1024} MB of different texts. Save the sheet as "CSV UTF-8" in Excel and upload that: a CSV may be of any length.`);
    }
    if (this.used + length > BLOCK_BYTES) {
      this.blocks.push(Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length)));
      this.used = 0;
    }
    this.blocks.at(-1)!.write(text, this.used);
    this.place(this.blocks.length - 1, this.used, length);
    this.used += length;
  }

  at(index: number): string | undefined {
    if (!(index < this.count)) return undefined;
    const [block = 0, start = 0, length = 0] = this.places.subarray(index * 3, index * 3 + 3);
    return this.blocks[block]!.toString('utf8', start, start + length);
  }

  private place(block: number, start: number, length: number): void {
    if (this.count * 3 === this.places.length) {
      const wider = new Uint32Array(this.places.length * 2);
      wider.set(this.places);
      this.places = wider;
    }
    this.places.set([block, start, length], this.count * 3);
    this.count += 1;
  }
}

/** @throws DomainError rule if the part is damaged, too_large if it is more than may lie in memory. */
export async function readSharedStrings(xml: AsyncIterable<Buffer>): Promise<SharedStrings> {
  const reader = new SharedStringReader();
  for await (const _ of xmlEvents(xml, reader)) continue;
  return reader.strings;
}

/** The text of an `si` or `is` element: its runs joined, without the readings that East Asian editions put over characters. */
export class RichText {
  private text = '';
  private inText = false;
  private inReading = false;

  begin(): void {
    this.text = '';
  }

  open(name: string): void {
    if (name === 'rPh') this.inReading = true;
    if (name === 't') this.inText = true;
  }

  close(name: string): void {
    if (name === 'rPh') this.inReading = false;
    if (name === 't') this.inText = false;
  }

  add(text: string): void {
    if (this.inText && !this.inReading) this.text += text;
  }

  end(): string {
    return this.text;
  }
}

class SharedStringReader implements XmlReader {
  readonly strings = new SharedStrings();
  private readonly item = new RichText();

  open(name: string, _attributes: Attributes): void {
    if (name === 'si') this.item.begin();
    else this.item.open(name);
  }

  close(name: string): void {
    if (name === 'si') this.strings.add(unescaped(this.item.end()));
    else this.item.close(name);
  }

  text(text: string): void {
    this.item.add(text);
  }
}
