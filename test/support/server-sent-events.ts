import { request, type IncomingMessage } from 'node:http';
import type { TestApp } from './app.js';

export interface Frame {
  readonly event?: string;
  readonly id?: string;
  /** Undefined for an id alone. */
  readonly data?: unknown;
}

/** Opens a stream on a connection of its own, and reads nothing of it yet. */
export function openStream(app: TestApp, path: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(`${app.url}${path}`, { headers, agent: false }, resolve).once('error', reject).end();
  });
}

/** The events of an answer as they come, comments left out. Ends with the stream; leaving the loop closes the connection. */
export async function* framesOf(answer: IncomingMessage): AsyncGenerator<Frame> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    text += String(chunk);
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const frame = frameOf(block);
      if (frame) yield frame;
    }
  }
}

function frameOf(block: string): Frame | undefined {
  const fields = Object.fromEntries(block.split('\n').filter((line) => !line.startsWith(':')).map((line) => line.split(/: (.*)/s).slice(0, 2))) as Record<string, string>;
  const { event, id, data } = fields;
  if (id === undefined && data === undefined) return undefined;
  return { event, id, ...(data === undefined ? {} : { data: JSON.parse(data) as unknown }) };
}
