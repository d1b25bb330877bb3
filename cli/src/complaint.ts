import type { ExitCode } from './exit-codes.js';

/** Something the person at the terminal can mend; its message is all that is shown. */
export class Complaint extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

/** The reason of the signal after Ctrl-C. */
export class Interrupted extends Error {}

/** The reason of the signal when whoever read our output has had enough, as `head` does. */
export class OutputClosed extends Error {}
