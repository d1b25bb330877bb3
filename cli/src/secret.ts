import { text } from 'node:stream/consumers';
import { Complaint, Interrupted } from './complaint.js';
import { EXIT } from './exit-codes.js';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ENTER = ['\r', '\n', CTRL_D];
const BACKSPACE = ['\u007f', '\b'];

/** Everything on stdin, without the line end that `echo` adds. */
export async function secretFromInput(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

/** Asks for a secret and shows nothing of what is typed. */
export async function askSecret(question: string, otherwise: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new Complaint(`There is no terminal to ask for it. ${otherwise}`, EXIT.usage);
  // Before the question: the terminal would show what is typed until then.
  stdin.setRawMode(true).setEncoding('utf8').resume();
  stderr.write(`${question}: `);
  try {
    return await typed(stdin, signal);
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}

function typed(input: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const letters: string[] = [];
    const take = (chunk: string) => {
      for (const letter of chunk) {
        if (ENTER.includes(letter)) return end(() => resolve(letters.join('')));
        if (letter === CTRL_C) return end(() => reject(new Interrupted()));
        if (BACKSPACE.includes(letter)) letters.pop();
        else letters.push(letter);
      }
    };
    const stop = () => end(() => reject(signal.reason as Error));
    const end = (settle: () => void) => {
      input.off('data', take);
      signal.removeEventListener('abort', stop);
      settle();
    };
    input.on('data', take);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** Asks for something that may be seen. */
export async function ask(question: string, otherwise: string, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) throw new Complaint(`There is no terminal to ask for it. ${otherwise}`, EXIT.usage);
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // While it reads, Ctrl-C comes here and is no signal.
  const stopped = new Promise<never>((_, reject) => asking.once('SIGINT', () => reject(new Interrupted())));
  try {
    return (await Promise.race([asking.question(`${question}: `, { signal }), stopped])).trim();
  } finally {
    asking.close();
  }
}
