import type { Operation } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { giveList } from '../listing.js';
import { first, wholeNumber } from '../options.js';
import { ProgressBar } from '../progress-bar.js';
import type { Session } from '../session.js';

interface ListOptions {
  readonly kind?: string;
  readonly status?: Operation['status'];
  readonly limit: number;
}

export const addOperations: AddCommand = (program, run) => {
  const group = program.command('operations').description('Long work: imports, exports and the like');

  group
    .command('list')
    .description('The latest operations')
    .option('--kind <kind>', 'only these, e.g. integration.import')
    .option('--status <status>', 'only queued, running, succeeded, failed or cancelled ones')
    .option('--limit <count>', 'at most so many', wholeNumber, 20)
    .action(run(list));

  group.command('get').description('One operation').argument('<id>').action(run(async (session, id: string) => {
    const { data } = await (await session.shuke()).call('getOperation', { id }, { signal: session.signal });
    await session.terminal.give(data);
  }));

  group
    .command('watch')
    .description('Follow an operation until it has ended')
    .argument('<id>')
    .addHelpText('after', `
Ends with 0 if it succeeds and with 1 if it fails or is cancelled. Ctrl-C ends the watching, not the operation.

Example:
  shuke operations watch 0192f0c1-2b3c-7def-8abc-1234567890ab`)
    .action(run(async (session, id: string) => session.terminal.give(await watched(session, id))));

  group.command('cancel').description('Stop an operation after its step under way; what was done stays').argument('<id>').action(run(async (session, id: string) => {
    const { data } = await (await session.shuke()).call('cancelOperation', { id }, { signal: session.signal });
    await session.terminal.give(data);
  }));

  group.command('resume').description('Go on with one that failed or was cancelled, behind its last step').argument('<id>').action(run(async (session, id: string) => {
    const { data } = await (await session.shuke()).call('resumeOperation', { id }, { signal: session.signal });
    await session.terminal.give(data);
  }));
};

async function list(session: Session, { kind, status, limit }: ListOptions): Promise<void> {
  const shuke = await session.shuke();
  await giveList(session, first(limit, shuke.each('listOperations', { kind, status }, { signal: session.signal })), [
    { heading: 'ID', of: ({ id }) => id },
    { heading: 'KIND', of: ({ kind }) => kind },
    { heading: 'STATUS', of: ({ status }) => status },
    { heading: 'DONE', of: ({ progress: { done, total } }) => (total === null ? done : `${done} of ${total}`) },
    { heading: 'BEGAN', of: ({ createdAt }) => createdAt },
  ]);
}

/** The operation when it has succeeded, its progress shown meanwhile. Ctrl-C says by which command to come back to it. */
export async function watched(session: Session, id: string, label = 'Working', comeBack = `shuke operations watch ${id}`): Promise<Operation> {
  const { terminal, signal } = session;
  const bar = new ProgressBar(terminal, label);
  try {
    const shuke = await session.shuke();
    return await shuke.waitFor(id, { signal, onProgress: ({ progress }) => bar.show(progress.done, progress.total) });
  } catch (error) {
    if (signal.aborted) terminal.say(`\nThe operation goes on. To come back to it: ${comeBack}`);
    throw error;
  } finally {
    bar.end();
  }
}
