import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { Session } from './session.js';

/** What a command does. @returns its exit code; none means done */
export type Work<Given extends unknown[]> = (session: Session, ...given: Given) => Promise<ExitCode | void>;

/** Turns work into an action for commander, which gives arguments, then options. */
export type Run = <Given extends unknown[]>(work: Work<Given>) => (...given: [...Given, Command]) => Promise<void>;

/** One file of `commands/`: adds a command, or a group of them, to the program. */
export type AddCommand = (program: Command, run: Run) => void;
