import type { Data } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { giveList } from '../listing.js';
import { first, wholeNumber } from '../options.js';
import type { Session } from '../session.js';
import { textTable } from '../text-table.js';
import { watched } from './operations.js';

interface LimitOption {
  readonly limit: number;
}

/** What an import changed, whether it is all there, and taking it back. */
export const addImportOutcome: AddCommand = (group, run) => {
  group
    .command('changes')
    .description('What some lines of an import changed, or would change after --dry-run')
    .argument('<id>')
    .option('--limit <count>', 'at most so many', wholeNumber, 100)
    .addHelpText('after', `
Up to 100 lines, picked from the whole file; those that change something first.

Example:
  shuke imports changes 0192f0c1-2b3c-7def-8abc-1234567890ab`)
    .action(run(changes));

  group
    .command('proof')
    .description('The file and the database added up side by side, by month and currency')
    .argument('<id>')
    .addHelpText('after', `
Ends with 0 if every row matches, and with 1 if one does not.

Example:
  shuke imports proof 0192f0c1-2b3c-7def-8abc-1234567890ab --json`)
    .action(run(proof));

  group
    .command('revert')
    .description('Take back what an import made and nobody has changed since')
    .argument('<id>')
    .option('--no-wait', 'end as soon as it has begun')
    .addHelpText('after', `
Ends with 0 if all of it was taken back, and with 2 if some records stay; shuke imports kept says which and why.

Example:
  shuke imports revert 0192f0c1-2b3c-7def-8abc-1234567890ab`)
    .action(run(revert));

  group
    .command('kept')
    .description('What stayed when an import was taken back, and why')
    .argument('<id>')
    .option('--limit <count>', 'at most so many', wholeNumber, 100)
    .action(run(kept));
};

async function changes(session: Session, id: string, { limit }: LimitOption): Promise<void> {
  const shuke = await session.shuke();
  await giveList(session, first(limit, shuke.each('listImportChanges', { id }, { signal: session.signal })), [
    { heading: 'LINE', of: ({ line }) => line },
    { heading: 'DEED', of: ({ deed }) => deed },
    { heading: 'ID', of: (change) => change.id },
    { heading: 'WHAT', of: ({ fields }) => fields.map(({ column, before, after }) => `${column}: ${before ?? '(none)'} → ${after ?? '(none)'}`).join('; ') },
  ]);
}

async function proof(session: Session, id: string): Promise<ExitCode> {
  const { terminal, signal } = session;
  const { data } = await (await session.shuke()).call('getImportProof', { id }, { signal });
  await terminal.give(data, () => sideBySide(data));
  if (data.matches) return EXIT.done;
  terminal.say('The file and the database do not match everywhere.');
  return EXIT.failed;
}

function sideBySide({ lines, rows }: Data<'getImportProof'>): string {
  const cells = rows.map(({ month, currency, file, database, refused, matches }) =>
    [month, currency, file.records, file.amount, database.records, database.amount, refused.lines, refused.amount, matches ? 'yes' : 'NO']);
  return [
    textTable(['MONTH', 'CURRENCY', 'FILE', 'AMOUNT', 'DATABASE', 'AMOUNT', 'REFUSED', 'AMOUNT', 'MATCHES'], cells),
    `Of ${lines.read.toLocaleString('en')} lines ${lines.accepted.toLocaleString('en')} went in, ${lines.skipped.toLocaleString('en')} were left out, ${lines.refused.toLocaleString('en')} were refused, and ${lines.repeated.toLocaleString('en')} spoke of a record that another line speaks of too.`,
  ].join('\n');
}

async function revert(session: Session, id: string, { wait }: { readonly wait: boolean }): Promise<ExitCode> {
  const { terminal } = session;
  // Without the signal, so that Ctrl-C does not leave it unknown whether it began.
  const { data: begun } = await (await session.shuke()).call('revertImport', { id });
  terminal.say(`Taking the import back as operation ${begun.id}.`);
  if (!wait) {
    await terminal.give({ operationId: begun.id }, () => begun.id);
    return EXIT.done;
  }
  const { result } = await watched(session, begun.id, 'Taking back');
  const { reverted, kept: stays } = result as { readonly reverted: number; readonly kept: number };
  await terminal.give({ operationId: begun.id, importId: id, reverted, kept: stays }, () => `${reverted.toLocaleString('en')} records taken back, ${stays.toLocaleString('en')} stay.`);
  if (stays === 0) return EXIT.done;
  terminal.say(`What stays and why: shuke imports kept ${id}`);
  return EXIT.linesLeft;
}

async function kept(session: Session, id: string, { limit }: LimitOption): Promise<void> {
  const shuke = await session.shuke();
  await giveList(session, first(limit, shuke.each('listKeptRecords', { id }, { signal: session.signal })), [
    { heading: 'LINE', of: ({ line }) => line },
    { heading: 'ID', of: (record) => record.id },
    { heading: 'PART', of: ({ part }) => part },
    { heading: 'WHY', of: ({ reason }) => reason },
  ]);
}
