import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Data, Shuke, Upload } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { Complaint } from '../complaint.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { mappingByName, mappingGiven, type Mapping, type MappingOptions } from '../import-mapping.js';
import { saveProblems } from '../import-problems.js';
import { pairs } from '../options.js';
import { megabytes, ProgressBar } from '../progress-bar.js';
import type { Session } from '../session.js';
import { watched } from './operations.js';

interface ImportOptions extends MappingOptions {
  readonly resource: string;
  readonly dryRun?: boolean;
  readonly timeZone?: string;
  readonly currency?: string;
  readonly problems?: string;
  readonly wait: boolean;
}

export const addImport: AddCommand = (program, run) => {
  program
    .command('import')
    .description('Import a file, and say what became of its lines')
    .argument('<file>')
    .requiredOption('-r, --resource <name>', 'what its lines are; shuke imports resources lists them')
    .option('--mapping <file>', 'a JSON file: for each of our columns the file\'s column, or a rule')
    .option('-m, --map <ours=theirs>', 'one column of ours and the file\'s, any number of times', pairs)
    .option('--constant <ours=value>', 'one column of ours that is the same for every line', pairs)
    .option('--dry-run', 'try every line and keep nothing')
    .option('--time-zone <zone>', 'of times without an offset, e.g. Asia/Shanghai')
    .option('--currency <code>', 'of amounts without one, e.g. CNY')
    .option('--problems <file>', 'where the refused lines go (default: <file>.problems.csv)')
    .option('--no-wait', 'end as soon as the import has begun')
    .addHelpText('after', `
Without --mapping, --map and --constant, columns that are called as ours are taken for ours.
Refused lines come back as the file had them with one more column that says why: mend them there, and import that file.
Ctrl-C ends the waiting; an import that has begun goes on.

Ends with 0 if every line went in, 2 if some were refused, 1 if the import failed.

Examples:
  shuke import customers.csv -r customers --map 'name=full name' --map phone=mobile --map externalIds.shop=uid --dry-run
  shuke import orders.csv -r orders --mapping orders.mapping.json --time-zone Asia/Shanghai --currency CNY
  shuke import customers.csv.problems.csv -r customers --mapping customers.mapping.json`)
    .action(run(importFile));
};

async function importFile(session: Session, file: string, options: ImportOptions): Promise<ExitCode | void> {
  const given = await mappingGiven(options);
  const shuke = await session.shuke();
  const upload = await send(session, shuke, file);
  const { resource, dryRun, timeZone, currency } = options;
  const begun = await begin(shuke, upload, resource, given, { dryRun, timeZone, currency });
  session.terminal.say(`${dryRun ? 'Trying out' : 'Importing'} ${path.basename(file)} as operation ${begun.id}.`);
  if (!options.wait) return session.terminal.give({ operationId: begun.id }, () => begun.id);

  await watched(session, begun.id, dryRun ? 'Trying out' : 'Importing');
  const { data } = await shuke.call('getImport', { id: begun.id }, { signal: session.signal });
  const problems = data.counts.refused > 0 ? await saveProblems(session, shuke, begun.id, options.problems ?? `${file}.problems.csv`) : undefined;
  await session.terminal.give({ operationId: begun.id, status: data.status, dryRun: data.dryRun, counts: data.counts, problems: problems ?? null }, () => summaryOf(data));
  if (problems === undefined) return EXIT.done;
  session.terminal.say(`The refused lines and why: ${problems}`);
  return EXIT.linesRefused;
}

async function send({ terminal, signal }: Session, shuke: Shuke, file: string): Promise<Upload> {
  if (!(await stat(file)).isFile()) throw new Complaint(`${file} is not a file.`, EXIT.failed);
  const bar = new ProgressBar(terminal, 'Uploading', megabytes);
  try {
    const blob = await openAsBlob(file);
    const { data } = await shuke.upload(blob, { name: path.basename(file), signal, onProgress: ({ sentBytes, totalBytes }) => bar.show(sentBytes, totalBytes) });
    return data;
  } finally {
    bar.end();
  }
}

/** Starts the import; Ctrl-C does not leave it unknown whether it began. An upload that cannot be imported is not left behind. */
async function begin(shuke: Shuke, upload: Upload, resource: string, given: Mapping | undefined, options: object): Promise<Data<'createImport'>> {
  try {
    const mapping = given ?? (await mappingByName(shuke, upload, resource));
    return (await shuke.call('createImport', { body: { uploadId: upload.id, resource, mapping, options } })).data;
  } catch (error) {
    await shuke.call('deleteUpload', { id: upload.id }).catch(() => undefined);
    throw error;
  }
}

function summaryOf({ dryRun, counts: { created, updated, unchanged, refused } }: Data<'getImport'>): string {
  const lines = [
    ['new', created],
    ['changed', updated],
    ['unchanged', unchanged],
    ['refused', refused],
  ].map(([word, count]) => `${String(count!.toLocaleString('en')).padStart(12)}  ${word}`);
  return [dryRun ? 'Nothing was kept. It would be:' : 'Imported:', ...lines].join('\n');
}
