import type { Data } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { fetchExport } from '../export-file.js';
import type { Session } from '../session.js';
import { textTable } from '../text-table.js';

type Resource = Data<'listExportResources'>['data'][number];

export const addExports: AddCommand = (program, run) => {
  const group = program.command('exports').description('What can be exported, and what became of it');

  group.command('resources').description('What can be exported, with its columns and filters').argument('[resource]', 'only this one').action(run(resources));

  group.command('get').description('One export, and how far it is').argument('<id>').action(run(async (session, id: string) => {
    const { data } = await (await session.shuke()).call('getExport', { id }, { signal: session.signal });
    await session.terminal.give(data);
  }));

  group
    .command('download')
    .description('Wait for an export, and fetch its file; goes on behind the bytes that are here')
    .argument('<id>')
    .option('-o, --output <file>', 'a file, a folder, or - for stdout (default: here, under the name the server gives it)')
    .addHelpText('after', `
Examples:
  shuke exports download 0192f0c1-2b3c-7def-8abc-1234567890ab -o customers.csv`)
    .action(run((session, id: string, { output }: { readonly output?: string }) => fetchExport(session, id, output)));
};

async function resources(session: Session, wanted: string | undefined): Promise<void> {
  const { data } = await (await session.shuke()).call('listExportResources', {}, { signal: session.signal });
  for (const one of data.data.filter(({ resource }) => wanted === undefined || resource === wanted)) await session.terminal.give(one, () => described(one));
}

function described({ resource, title, columns, filters }: Resource): string {
  const tables = [
    textTable(['COLUMN', 'TYPE', 'DERIVED', 'WHAT IT IS'], columns.map(({ name, type, derived, description }) => [name, type, derived ? 'yes' : '', description])),
    ...(filters.length === 0 ? [] : [textTable(['FILTER', 'TYPE', 'SEVERAL', 'WHAT IT DOES'], filters.map(({ name, type, many, description }) => [name, type, many ? 'yes' : '', description]))]),
  ];
  return `${resource}: ${title}\n${tables.join('\n\n')}\n`;
}
