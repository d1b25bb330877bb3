import { writeFile } from 'node:fs/promises';
import type { Data } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { withReading, type ReadingFlags } from '../import-reading.js';
import { sendFile } from '../import-upload.js';
import { giveList } from '../listing.js';
import { first, wholeNumber } from '../options.js';
import type { Session } from '../session.js';
import { textTable } from '../text-table.js';

interface SuggestOptions extends ReadingFlags {
  readonly resource?: string;
  readonly system?: string;
  readonly output?: string;
}

type Suggestion = Data<'listMappingSuggestions'>['data'][number];

/** What of a file is what of ours: found out, and kept. */
export const addImportMappings: AddCommand = (group, run) => {
  withReading(
    group
      .command('suggest')
      .description('Which columns of a file are probably which of ours')
      .argument('<file>')
      .option('-r, --resource <name>', 'what its lines are; the best fit of all otherwise')
      .option('--system <name>', "what the file's own system is called in externalIds.<system>")
      .option('-o, --output <file>', 'write the best mapping there, for shuke import --mapping'),
  )
    .addHelpText('after', `
The file is looked at and not kept.

Examples:
  shuke imports suggest customers.csv
  shuke imports suggest 订单.csv -r orders --system tmall -o orders.mapping.json
  shuke import 订单.csv -r orders --mapping orders.mapping.json --dry-run`)
    .action(run(suggest));

  group
    .command('profiles')
    .description('Mappings that are kept under a name, for shuke import --mapping-profile')
    .option('-r, --resource <name>', 'only those of one resource')
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .action(run(profiles));
};

async function suggest(session: Session, file: string, { resource, system, output, ...reading }: SuggestOptions): Promise<void> {
  const { terminal, signal } = session;
  const shuke = await session.shuke();
  const { id } = await sendFile(session, shuke, file, reading);
  let found: readonly Suggestion[];
  try {
    const { data } = await shuke.call('listMappingSuggestions', { id, resource, system }, { signal });
    found = data.data;
  } finally {
    await shuke.call('deleteUpload', { id }).catch(() => undefined);
  }
  const [best] = found;
  if (!best) return terminal.say('Nothing of ours that you may import fits this file.');
  if (output !== undefined) {
    await writeFile(output, `${JSON.stringify(best.mapping, null, 2)}\n`);
    terminal.say(`The mapping is in ${output}. To try it: shuke import ${file} -r ${best.resource} --mapping ${output} --dry-run`);
  }
  if (terminal.json) for (const one of found) await terminal.give(one);
  else await terminal.print(described(best, found.slice(1)));
}

function described({ resource, score, columns, missing, unmapped }: Suggestion, others: readonly Suggestion[]): string {
  const rows = columns.map(({ column, suggestedFor, confidence, because }) => [suggestedFor, column, percent(confidence), because]);
  return [
    `${resource}: fits by ${percent(score)}`,
    ...(rows.length === 0 ? [] : [textTable(['OURS', 'OF THE FILE', 'SURE', 'BECAUSE'], rows)]),
    ...(missing.length === 0 ? [] : [`Needed, and not found: ${missing.join(', ')}`]),
    ...(unmapped.length === 0 ? [] : [`Without use: ${unmapped.join(', ')}`]),
    ...(others.length === 0 ? [] : [`Less fitting: ${others.map((other) => `${other.resource} ${percent(other.score)}`).join(', ')}`]),
  ].join('\n');
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

async function profiles(session: Session, { resource, limit }: { readonly resource?: string; readonly limit: number }): Promise<void> {
  const shuke = await session.shuke();
  await giveList(session, first(limit, shuke.each('listImportProfiles', { resource }, { signal: session.signal })), [
    { heading: 'NAME', of: ({ name }) => name },
    { heading: 'RESOURCE', of: (profile) => profile.resource },
    { heading: 'COLUMNS', of: ({ mapping }) => Object.keys(mapping).length },
    { heading: 'CHANGED', of: ({ updatedAt }) => updatedAt },
    { heading: 'ID', of: ({ id }) => id },
  ]);
}
