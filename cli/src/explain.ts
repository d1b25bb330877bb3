import { EventsForgotten, OperationCancelled, OperationFailed, ShukeProblem, ShukeUnreachable } from '../../sdk/typescript/src/index.js';
import { Complaint } from './complaint.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { plain } from './terminal.js';

/** A failure for the person at the terminal, and for a program. */
export interface Explanation {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  readonly json: object;
}

/** What went wrong and how to mend it; never a stack. */
export function explain(error: unknown): Explanation {
  if (error instanceof ShukeProblem) return explainProblem(error);
  if (error instanceof ShukeUnreachable) {
    return { exitCode: EXIT.unreachable, lines: [`The server cannot be reached: ${error.message}`, 'Is it running, and is the address right? --url or SHUKE_URL names another one.'], json: { code: 'unreachable', detail: error.message } };
  }
  if (error instanceof OperationFailed || error instanceof OperationCancelled) {
    const { id, status, error: reason } = error.operation;
    return {
      exitCode: EXIT.failed,
      lines: [error.message, `What it had done stays. To go on behind it: shuke operations resume ${id}`],
      json: { code: reason?.code ?? `operation_${status}`, detail: error.message, operationId: id },
    };
  }
  if (error instanceof Complaint) return { exitCode: error.exitCode, lines: error.message.split('\n'), json: { code: 'refused_here', detail: error.message } };
  const { code, message } = error as NodeJS.ErrnoException;
  return { exitCode: EXIT.failed, lines: [sentenceAbout(error as NodeJS.ErrnoException)], json: { code: code ?? 'failed', detail: message } };
}

function explainProblem(problem: ShukeProblem): Explanation {
  const { status, code, detail, errors, requestId, retryAfter } = problem;
  const lines = [`${plain(detail)} (${code}, ${status})`, ...errors.map((field) => `  ${plain(field.pointer)}  ${plain(field.detail)}`)];
  if (status === 401 && code !== 'wrong_credentials') lines.push('Sign in again: shuke sign-in');
  if (retryAfter !== undefined) lines.push(`Try again in ${retryAfter} s.`);
  if (problem instanceof EventsForgotten) lines.push(`To begin with the oldest that is kept: shuke events follow --after ${problem.beginsAfter}`);
  if (requestId !== undefined) lines.push(`Request ${plain(requestId)}: name it when you ask for help.`);
  const isAllowed = status !== 401 && status !== 403;
  return { exitCode: isAllowed ? EXIT.failed : EXIT.notAllowed, lines, json: { status, code, detail, errors, requestId, retryAfter } };
}

function sentenceAbout({ code, message, path }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `There is no file ${path ?? ''}.`;
  if (code === 'EACCES' || code === 'EPERM') return `You may not read or write ${path ?? 'that file'}.`;
  if (code === 'EISDIR') return `${path ?? 'That'} is a folder, not a file.`;
  if (code === 'ENOSPC') return 'The disk is full.';
  return plain(message);
}
