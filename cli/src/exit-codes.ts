/** What the command line ends with; scripts decide by it, so a number never changes its meaning. */
export const EXIT = {
  done: 0,
  /** The server refused, an operation failed, a file cannot be read. */
  failed: 1,
  /** Done, except for some lines: an import refused them, or taking it back left them. */
  linesLeft: 2,
  /** Not signed in, or not allowed. */
  notAllowed: 3,
  /** No answer from the server. */
  unreachable: 4,
  /** The command was not understood (EX_USAGE of sysexits.h). */
  usage: 64,
  /** Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0    done
  1    refused or failed; stderr says why
  2    done, except for some lines: refused by an import, or left by taking one back
  3    not signed in, or not allowed
  4    the server cannot be reached
  64   the command was not understood
  130  ended by Ctrl-C`;
