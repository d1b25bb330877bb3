export interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  /** Undefined for an id alone: nothing happened, but it is what to come back with. */
  readonly data: string | undefined;
}

/** With nothing for so long a stream is taken for dead: three heartbeats of the server. */
export const SILENCE_MILLIS = 45_000;

/**
 * The events of a `text/event-stream` (HTML standard, 9.2.6), those that came together at once. Comments are not given, but
 * they tell that the other side lives.
 * @param silenceMillis with nothing at all for so long, the connection is taken for dead
 * @throws Error when the connection breaks or is dead; ends when the server ends it
 */
export async function* serverSentEvents(stream: ReadableStream<Uint8Array>, silenceMillis: number): AsyncGenerator<readonly ServerSentEvent[]> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await within(silenceMillis, reader.read());
      if (done) return;
      // A CR at the end may be half of a CRLF.
      const text = rest + decoder.decode(value, { stream: true });
      const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
      const blocks = whole.replaceAll(/\r\n?/g, '\n').split('\n\n');
      rest = blocks.pop()! + text.slice(whole.length);
      const events = blocks.flatMap((block) => eventOf(block) ?? []);
      if (events.length > 0) yield events;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): ServerSentEvent | undefined {
  const fields = { event: 'message', id: '', data: undefined as string | undefined };
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^(\w+)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
    else if (name === 'event' || name === 'id') fields[name] = value;
  }
  return fields.data === undefined && fields.id === '' ? undefined : fields;
}

async function within<T>(millis: number, awaited: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came for ${millis / 1000} s.`)), millis);
  });
  try {
    return await Promise.race([awaited, silent]);
  } finally {
    clearTimeout(timer);
  }
}
