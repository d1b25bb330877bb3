import { setImmediate } from 'node:timers/promises';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { brokenWorkbook } from './broken-workbook.js';

export type Attributes = Readonly<Record<string, string>>;

/** What a reader does at each element; names without their namespace prefix, which writers choose as they like. */
export interface XmlReader {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text?(text: string): void;
}

const PART = 32 * 1024;

/**
 * Hands the elements of a part of a workbook to `reader`, and comes back after each some kilobytes so that what was read
 * can be taken and other work of the process done. XML is read as ECMA-376 has it: UTF-8, no entities of its own.
 * @throws DomainError rule if it is no such XML.
 */
export async function* xmlEvents(bytes: AsyncIterable<Buffer>, reader: XmlReader): AsyncGenerator<void> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => reader.open(localName(name), attributes));
  parser.on('closetag', ({ name }: SaxesTagPlain) => reader.close(localName(name)));
  parser.on('text', (text) => reader.text?.(text));
  parser.on('cdata', (text) => reader.text?.(text));
  parser.on('doctype', () => {
    throw brokenWorkbook('Its XML declares a document type, which workbooks never do.');
  });
  parser.on('error', () => {
    throw brokenWorkbook('Its XML is damaged.');
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const part of bytes) {
    for (let at = 0; at < part.length; at += PART) {
      parser.write(decoded(decoder, part.subarray(at, at + PART)));
      yield;
      await setImmediate();
    }
  }
  parser.write(decoded(decoder));
  parser.close();
  yield;
}

/** `Id` of `r:Id` and the like. */
export function attributeNamed(attributes: Attributes, name: string): string | undefined {
  return Object.entries(attributes).find(([qualified]) => localName(qualified) === name)?.[1];
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes?: Buffer): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    throw brokenWorkbook('Its XML is not in UTF-8.');
  }
}
