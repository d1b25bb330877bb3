import { Option } from 'commander';
import path from 'node:path';
import type { Data, Shuke, Upload } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { mappingFor, type MappingOptions } from '../import-mapping.js';
import { saveProblems } from '../import-problems.js';
import { withReading, type ReadingFlags } from '../import-reading.js';
import { sendFile } from '../import-upload.js';
import { pairs } from '../options.js';
import type { Session } from '../session.js';
import { watched } from './operations.js';

interface ImportOptions extends MappingOptions, ReadingFlags {
  readonly dryRun?: boolean;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly onError?: 'skip' | 'stop';
  readonly problems?: string;
  readonly wait: boolean;
}

export const addImport: AddCommand = (program, run) => {
  withReading(
    program
      .command('import')
      .description('Import a file, and say what became of its lines')
      .argument('<file>')
      .option('-r, --resource <name>', 'what its lines are; shuke imports resources lists them')
      .option('--mapping <file>', 'a JSON file: for each of our columns the file\'s column, or a rule')
      .option('-m, --map <ours=theirs>', 'one column of ours and the file\'s, any number of times', pairs)
      .option('--constant <ours=value>', 'one column of ours that is the same for every line', pairs)
      .option('--mapping-profile <name>', 'resource, mapping and options as they are kept under this name')
      .option('--save-profile <name>', 'keep them under this name; shuke imports profiles lists those there are')
      .option('--dry-run', 'try every line and keep nothing')
      .addOption(new Option('--on-error <what>', 'skip a line that is wrong (the default), or stop before its part').choices(['skip', 'stop']))
      .option('--time-zone <zone>', 'of times without an offset, e.g. Asia/Shanghai')
      .option('--currency <code>', 'of amounts without one, e.g. CNY'),
  )
    .option('--problems <file>', 'where the refused lines go (default: <file>.problems.csv, .ndjson for NDJSON)')
    .option('--no-wait', 'end as soon as the import has begun')
    .addHelpText('after', `
Without --mapping, --map, --constant and --mapping-profile, columns that are called as ours are taken for ours;
shuke imports suggest finds out more. (--profile is the sign-in to use, as everywhere.)
A large file goes in chunks, and goes on where a connection broke.
Refused lines come back as the file had them with one more column that says why: mend them there, and import that file.
Ctrl-C ends the waiting; an import that has begun goes on.

Ends with 0 if every line went in, 2 if some were refused, 1 if the import failed.

Examples:
  shuke import customers.csv -r customers --map 'name=full name' --map phone=mobile --map externalIds.shop=uid --dry-run
  shuke import orders.csv -r orders --mapping orders.mapping.json --time-zone Asia/Shanghai --currency CNY --save-profile tmall
  shuke import orders-february.xlsx --sheet Orders --mapping-profile tmall
  shuke import customers.csv.problems.csv -r customers --mapping customers.mapping.json`)
    .action(run(importFile));
};

async function importFile(session: Session, file: string, options: ImportOptions): Promise<ExitCode | void> {
  const { dryRun = false } = options;
  const shuke = await session.shuke();
  const mapping = await mappingFor(shuke, options);
  const upload = await sendFile(session, shuke, file, options);
  const begun = await begin(shuke, upload, mapping, options);
  session.terminal.say(`${dryRun ? 'Trying out' : 'Importing'} ${path.basename(file)} as operation ${begun.id}.`);
  if (!options.wait) return session.terminal.give({ operationId: begun.id }, () => begun.id);

  await watched(session, begun.id, dryRun ? 'Trying out' : 'Importing');
  const { data } = await shuke.call('getImport', { id: begun.id }, { signal: session.signal });
  const problems = data.counts.refused > 0 ? await saveProblems(session, shuke, begun.id, options.problems ?? `${file}.problems.${upload.format === 'ndjson' ? 'ndjson' : 'csv'}`) : undefined;
  await session.terminal.give({ operationId: begun.id, status: data.status, dryRun: data.dryRun, counts: data.counts, problems: problems ?? null }, () => summaryOf(data));
  if (dryRun) session.terminal.say(`Some lines and what they would change: shuke imports changes ${begun.id}`);
  if (problems === undefined) return EXIT.done;
  session.terminal.say(`The refused lines and why: ${problems}`);
  return EXIT.linesLeft;
}

/** Starts the import; Ctrl-C does not leave it unknown whether it began. An upload that cannot be imported is not left behind. */
async function begin(shuke: Shuke, upload: Upload, mapping: Awaited<ReturnType<typeof mappingFor>>, { dryRun, timeZone, currency, onError, saveProfile }: ImportOptions): Promise<Data<'createImport'>> {
  try {
    const by = await mapping(upload);
    if (saveProfile !== undefined && by.mapping) await shuke.call('createImportProfile', { body: { ...by, name: saveProfile, options: { timeZone, currency, onError } } });
    return (await shuke.call('createImport', { body: { uploadId: upload.id, ...by, options: { dryRun, timeZone, currency, onError } } })).data;
  } catch (error) {
    await shuke.call('deleteUpload', { id: upload.id }).catch(() => undefined);
    throw error;
  }
}

function summaryOf({ dryRun, counts: { created, updated, unchanged, skipped, refused } }: Data<'getImport'>): string {
  const lines = [
    ['new', created],
    ['changed', updated],
    ['unchanged', unchanged],
    ['left out', skipped],
    ['refused', refused],
  ].map(([word, count]) => `${String(count!.toLocaleString('en')).padStart(12)}  ${word}`);
  return [dryRun ? 'Nothing was kept. It would be:' : 'Imported:', ...lines].join('\n');
}
