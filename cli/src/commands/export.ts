import { Option } from 'commander';
import type { Data } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { filtersOf } from '../export-filters.js';
import { fetchExport } from '../export-file.js';
import { commaList, pairs } from '../options.js';
import type { Session } from '../session.js';

interface ExportOptions {
  readonly format: Data<'getExport'>['format'];
  readonly gzip?: boolean;
  readonly filter?: Readonly<Record<string, string>>;
  readonly columns?: string[];
  readonly timeZone?: string;
  readonly output?: string;
  readonly wait: boolean;
}

export const addExport: AddCommand = (program, run) => {
  program
    .command('export')
    .description('Take records out as a file that can be imported again')
    .argument('<resource>', 'which; shuke exports resources lists them with their columns and filters')
    .addOption(new Option('--format <format>', 'one line a record, or one JSON object a line in ndjson').choices(['csv', 'xlsx', 'ndjson']).default('csv'))
    .option('--gzip', 'pack the file; not for xlsx')
    .option('-f, --filter <name=value>', 'only these, any number of times; several values separated by commas', pairs)
    .option('--columns <names>', 'only these, in this order, separated by commas', commaList)
    .option('--time-zone <zone>', 'in which instants are shown, e.g. Asia/Shanghai (default: UTC)')
    .option('-o, --output <file>', 'where the file goes: a file, a folder, or - for stdout (default: here, under the name the server gives it)')
    .option('--no-wait', 'end as soon as the export has begun; shuke exports download fetches it')
    .addHelpText('after', `
When a connection breaks, it asks for the bytes that are missing. When it is ended in the middle, the export goes on, and
shuke exports download goes on behind the bytes that are here.

Examples:
  shuke export customers -o customers.csv
  shuke export customers --filter tagsAny=vip,gold --filter createdAtGte=2026-01-01T00:00:00Z --columns id,name,phone
  shuke export orders --format xlsx --time-zone Asia/Shanghai
  shuke export orders --format ndjson --gzip -o - | gunzip | wc -l`)
    .action(run(exportRecords));
};

async function exportRecords(session: Session, resource: string, { format, gzip, filter, columns, timeZone, output, wait }: ExportOptions): Promise<void> {
  const shuke = await session.shuke();
  const filters = filter && (await filtersOf(shuke, resource, filter));
  // Without the signal, so that Ctrl-C does not leave it unknown whether it began.
  const { data } = await shuke.call('createExport', { body: { resource, format, compress: gzip, filters, columns, timeZone } });
  session.terminal.say(`Exporting ${resource} as operation ${data.id}.`);
  if (!wait) return session.terminal.give({ operationId: data.id }, () => data.id);
  await fetchExport(session, data.id, output);
}
