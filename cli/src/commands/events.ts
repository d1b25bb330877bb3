import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ShukeEvent } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { Complaint } from '../complaint.js';
import { EXIT } from '../exit-codes.js';
import { commaList, wholeNumber } from '../options.js';
import type { Session } from '../session.js';

interface FollowOptions {
  readonly types?: string[];
  readonly after?: number;
  readonly cursorFile?: string;
  readonly follow: boolean;
  readonly stream: boolean;
}

export const addEvents: AddCommand = (program, run) => {
  const group = program.command('events').description('Everything that happens, in order');

  group
    .command('follow')
    .description('Print each event once, and wait for more')
    .option('--types <types>', 'only these, separated by commas, e.g. sales.order_placed.v1', commaList)
    .option('--after <position>', 'begin behind this one; 0 is the first of all', wholeNumber)
    .option('--cursor-file <file>', 'keep there how far it came, and go on from there next time')
    .option('--no-follow', 'end at the end of the log')
    .option('--no-stream', 'look now and then instead of being told, where something between holds streams back')
    .addHelpText('after', `
The cursor moves when an event has been written, so after a crash the last ones may come once more; tell them by their id.
Without --after and --cursor-file it begins at the first event.

Examples:
  shuke events follow
  shuke events follow --types customer.registered.v1,sales.order_placed.v1 --json
  shuke events follow --cursor-file .shuke-cursor --json | ./feed-the-warehouse`)
    .action(run(follow));
};

async function follow(session: Session, { types, after, cursorFile, follow: forever, stream }: FollowOptions): Promise<void> {
  const shuke = await session.shuke();
  const begin = after ?? (cursorFile === undefined ? 0 : await readCursor(cursorFile));
  const keep = async (cursor: number) => {
    if (cursorFile !== undefined) await writeCursor(cursorFile, cursor);
  };
  let written = begin;
  try {
    for await (const { events, cursor } of shuke.events({ after: begin, types, follow: forever, stream, signal: session.signal }).pages()) {
      for (const event of events) {
        await session.terminal.give(event, () => lineOf(event));
        written = event.position;
        session.signal.throwIfAborted();
      }
      written = cursor;
      await keep(written);
    }
  } finally {
    await keep(written);
  }
}

function lineOf({ position, occurredAt, type, aggregateId, data }: ShukeEvent<string>): string {
  return `${position}  ${occurredAt}  ${type}  ${aggregateId}  ${JSON.stringify(data)}`;
}

async function readCursor(file: string): Promise<number> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0';
    throw error;
  });
  if (!/^\d{1,15}\s*$/.test(text)) throw new Complaint(`${file} holds no cursor. Name another file, or begin with --after.`, EXIT.usage);
  return Number(text);
}

/** In one step, so that a crash leaves the old one or the new one. */
async function writeCursor(file: string, cursor: number): Promise<void> {
  await writeFile(`${file}.next`, `${cursor}\n`);
  await rename(`${file}.next`, file);
}
