import type { WriteStream } from 'node:tty';
import { stringify } from 'yaml';

export type Output = NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

export interface TerminalOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One JSON value a line instead of text for people. */
  readonly json: boolean;
}

const CODES = { bold: 1, red: 31, green: 32, yellow: 33, dim: 2 } as const;
/** Where a terminal does not tell its size, or says 0. */
const USUAL_COLUMNS = 80;
/** Other people's data must not move the cursor or paint the screen. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** What was asked for goes to stdout, everything else to stderr. */
export class Terminal {
  readonly json: boolean;

  constructor(private readonly options: TerminalOptions) {
    this.json = options.json;
  }

  /** A line of text for people. @returns when it has been taken */
  print(text: string): Promise<void> {
    return write(this.options.stdout, `${text}\n`);
  }

  /** A value: as one line of JSON, or for people as `readable` has it, YAML if it is left out. */
  async give(value: unknown, readable: () => string = () => stringify(value).trimEnd()): Promise<void> {
    await this.print(this.json ? JSON.stringify(value) : readable());
  }

  /** Bytes of a file, as they are. */
  pass(chunk: Uint8Array): Promise<void> {
    return write(this.options.stdout, chunk);
  }

  /** What happens meanwhile. */
  say(text: string): void {
    this.options.stderr.write(`${text}\n`);
  }

  /** A line that the next one replaces; nothing where there is no terminal. An empty one wipes it away. */
  sayFleetingly(text: string): void {
    if (this.hasProgress) this.options.stderr.write(`\r\x1b[2K${text}`);
  }

  get hasProgress(): boolean {
    return this.options.stderr.isTTY === true && this.options.environment['TERM'] !== 'dumb';
  }

  get columns(): number {
    return this.options.stderr.columns || USUAL_COLUMNS;
  }

  /** For stderr: colour where it is a terminal and nobody asked for none (no-color.org). */
  paint(colour: keyof typeof CODES, text: string): string {
    const { NO_COLOR, TERM } = this.options.environment;
    return this.options.stderr.isTTY === true && !NO_COLOR && TERM !== 'dumb' ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
  }
}

/** What fits into a line of text. */
export type Cell = string | number | boolean | null | undefined;

/** A piece of data on one line of text, harmless to the terminal. */
export function plain(value: Cell): string {
  return String(value ?? '').replaceAll(CONTROLS, ' ');
}

function write(stream: Output, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(content, (error) => (error ? reject(error) : resolve()));
  });
}
