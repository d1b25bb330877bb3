import { createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Data, ExportFile } from '../../sdk/typescript/src/index.js';
import { watched } from './commands/operations.js';
import { megabytes, ProgressBar } from './progress-bar.js';
import type { Session } from './session.js';

const STDOUT = '-';
/** A file of people's data is for its owner alone. */
const OWNER_ONLY = 0o600;

/** Waits until an export is there, and fetches its file. @param output a file, a folder, `-` for stdout; the server's name here if left out */
export async function fetchExport(session: Session, id: string, output: string | undefined): Promise<void> {
  const { terminal, signal } = session;
  const shuke = await session.shuke();
  const comeBack = `shuke exports download ${id}${output === undefined ? '' : ` --output ${output}`}`;
  await watched(session, id, 'Exporting', comeBack);
  const { data } = await shuke.call('getExport', { id }, { signal });
  if (output === STDOUT) return pass(session, data);
  const file = await fileFor(output, data.fileName);
  await save(session, data, file).catch((error: unknown) => {
    terminal.say(`\nWhat came of the file stays in ${partOf(file, id)}. To go on behind it: ${comeBack}`);
    throw error;
  });
  terminal.say(`${data.lines.toLocaleString('en')} lines, ${megabytes(data.bytes)}.`);
  await terminal.give({ operationId: id, resource: data.resource, format: data.format, lines: data.lines, bytes: data.bytes, file }, () => file);
}

/** Goes on behind what an earlier try left. */
async function save(session: Session, { id }: Data<'getExport'>, file: string): Promise<void> {
  const part = partOf(file, id);
  const from = await stat(part).then(({ size }) => size, () => 0);
  const source = await (await session.shuke()).exportFile(id, { from, signal: session.signal });
  await pipeline(Readable.from(shown(session, source, from)), createWriteStream(part, { mode: OWNER_ONLY, flags: from > 0 ? 'a' : 'w' }));
  await rename(part, file);
}

async function pass(session: Session, { id }: Data<'getExport'>): Promise<void> {
  const source = await (await session.shuke()).exportFile(id, { signal: session.signal });
  for await (const chunk of shown(session, source, 0)) await session.terminal.pass(chunk);
}

async function* shown({ terminal }: Session, { stream, bytes }: ExportFile, from: number): AsyncGenerator<Uint8Array> {
  const bar = new ProgressBar(terminal, 'Downloading', megabytes);
  try {
    let done = from;
    for await (const chunk of stream) {
      yield chunk;
      done += chunk.byteLength;
      bar.show(done, bytes);
    }
  } finally {
    bar.end();
  }
}

async function fileFor(output: string | undefined, name: string): Promise<string> {
  if (output === undefined) return path.basename(name);
  const isFolder = await stat(output).then((found) => found.isDirectory(), () => false);
  return isFolder ? path.join(output, path.basename(name)) : output;
}

function partOf(file: string, id: string): string {
  return `${file}.${id}.part`;
}
