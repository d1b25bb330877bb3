import { CommanderError, type Command } from 'commander';
import type { Work } from './command.js';
import { Interrupted, OutputClosed } from './complaint.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { explain } from './explain.js';
import { createProgram } from './program.js';
import { Session, type CommonOptions } from './session.js';
import { Terminal } from './terminal.js';

/** Carries out one command line and sets the exit code of the process. */
export async function main(words: readonly string[]): Promise<void> {
  const { env: environment, stdout, stderr } = process;
  const controller = new AbortController();
  const streams = { stdout, stderr, environment };
  // Before the options are read, so that a command line that is not understood is answered too.
  const terminal = new Terminal({ ...streams, json: words.includes('--json') });
  let exitCode: ExitCode = EXIT.done;

  process.once('SIGINT', () => controller.abort(new Interrupted())).once('SIGTERM', () => controller.abort(new Interrupted()));
  // A reader that has enough, such as `head`, closes the pipe: nothing is wrong, and there is nobody to tell.
  stdout.on('error', () => controller.abort(new OutputClosed()));
  stderr.on('error', () => undefined);

  const run = <Given extends unknown[]>(work: Work<Given>) => async (...given: [...Given, Command]) => {
    const command = given.pop() as Command;
    const session = new Session(terminal, environment, controller.signal, command.optsWithGlobals<CommonOptions>());
    exitCode = (await work(session, ...(given as unknown[] as Given))) ?? EXIT.done;
  };
  const program = createProgram(run, { out: (text) => void stdout.write(text), err: (text) => void stderr.write(text) });
  try {
    await program.parseAsync(words, { from: 'user' });
    process.exitCode = exitCode;
  } catch (error) {
    process.exitCode = await endOf(error, terminal, controller.signal);
  }
}

async function endOf(error: unknown, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  if (signal.reason instanceof OutputClosed) return EXIT.done;
  if (error instanceof Interrupted || signal.reason instanceof Interrupted) return EXIT.interrupted;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const { exitCode, lines, json } = explain(error);
  terminal.say(`${terminal.paint('red', 'shuke:')} ${lines.join('\n')}`);
  if (terminal.json) await terminal.give({ error: json });
  return exitCode;
}
