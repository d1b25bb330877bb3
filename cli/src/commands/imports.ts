import type { Data } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { saveProblems } from '../import-problems.js';
import { giveList } from '../listing.js';
import { first, wholeNumber } from '../options.js';
import type { Session } from '../session.js';
import { textTable } from '../text-table.js';
import { addImportMappings } from './import-mappings.js';
import { addImportOutcome } from './import-outcome.js';

type Resource = Data<'listImportResources'>['data'][number];

interface ProblemsOptions {
  readonly limit: number;
  readonly output?: string;
}

export const addImports: AddCommand = (program, run) => {
  const group = program.command('imports').description('What can be imported, how, and what became of it');

  group.command('resources').description('What can be imported, with its columns').argument('[resource]', 'only this one').action(run(resources));
  addImportMappings(group, run);

  group.command('get').description('One import with its counts').argument('<id>').action(run(async (session, id: string) => {
    const { data } = await (await session.shuke()).call('getImport', { id }, { signal: session.signal });
    await session.terminal.give(data);
  }));

  group
    .command('problems')
    .description('Refused lines with the reason')
    .argument('<id>')
    .option('-o, --output <file>', 'write all of them there, as the file had them, with one more column that says why')
    .option('--limit <count>', 'show at most so many', wholeNumber, 100)
    .addHelpText('after', `
Examples:
  shuke imports problems 0192f0c1-2b3c-7def-8abc-1234567890ab
  shuke imports problems 0192f0c1-2b3c-7def-8abc-1234567890ab --output to-mend.csv`)
    .action(run(problems));

  addImportOutcome(group, run);
};

async function resources(session: Session, wanted: string | undefined): Promise<void> {
  const { data } = await (await session.shuke()).call('listImportResources', {}, { signal: session.signal });
  for (const one of data.data.filter(({ resource }) => wanted === undefined || resource === wanted)) await session.terminal.give(one, () => described(one));
}

function described({ resource, title, columns }: Resource): string {
  const rows = columns.map(({ name, type, required, description }) => [name, type, required ? 'yes' : '', description]);
  return `${resource}: ${title}\n${textTable(['COLUMN', 'TYPE', 'NEEDED', 'WHAT IT IS'], rows)}\n`;
}

async function problems(session: Session, id: string, { limit, output }: ProblemsOptions): Promise<void> {
  const shuke = await session.shuke();
  if (output !== undefined) {
    const file = await saveProblems(session, shuke, id, output);
    return session.terminal.give({ problems: file }, () => file);
  }
  await giveList(session, first(limit, shuke.each('listImportProblems', { id }, { signal: session.signal })), [
    { heading: 'LINE', of: ({ line }) => line },
    { heading: 'COLUMN', of: ({ column }) => column },
    { heading: 'CODE', of: ({ code }) => code },
    { heading: 'WHY', of: ({ detail }) => detail },
  ]);
}
