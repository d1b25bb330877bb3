import type { Item, Shuke } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { Complaint } from '../complaint.js';
import { EXIT } from '../exit-codes.js';
import { giveList, type Column } from '../listing.js';
import { first, pairs, wholeNumber } from '../options.js';
import type { Session } from '../session.js';

interface ListOptions {
  readonly filter?: Readonly<Record<string, string>>;
  readonly limit: number;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const COLUMNS: readonly Column<Item<'listCustomers'>>[] = [
  { heading: 'ID', of: ({ id }) => id },
  { heading: 'NAME', of: ({ name }) => name },
  { heading: 'CONTACT', of: ({ contactPoints }) => contactPoints?.[0]?.value },
  { heading: 'TAGS', of: ({ tags }) => tags?.join(', ') },
  { heading: 'ORDERS', of: ({ purchases }) => purchases?.orderCount },
  { heading: 'SPENT', of: ({ purchases }) => purchases && `${purchases.totalSpent.amount} ${purchases.totalSpent.currency}` },
];

export const addCustomers: AddCommand = (program, run) => {
  const group = program.command('customers').description('Customers');

  group
    .command('get')
    .description('One customer, by our id or by another system\'s')
    .argument('<id>', 'our id, or system:id as in shop:u-1001')
    .action(run(async (session, id: string) => session.terminal.give(await found(session, await session.shuke(), id))));

  group
    .command('list')
    .description('Customers, the newest first')
    .option('-f, --filter <name=value>', 'a parameter of GET /v1/customers, any number of times', pairs)
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .addHelpText('after', `
Examples:
  shuke customers list --filter tagsAny=vip --filter spentGte=1000.00
  shuke customers list --filter sort=-spent --limit 10
  shuke customers list --limit 100000 --json > customers.ndjson`)
    .action(run((session, options: ListOptions) => list(session, options)));

  group
    .command('search')
    .description('Customers by a part of a name, in any script, or of a phone number')
    .argument('<text>')
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .action(run((session, text: string, { limit }: ListOptions) => list(session, { filter: { q: text }, limit })));
};

async function list(session: Session, { filter, limit }: ListOptions): Promise<void> {
  const shuke = await session.shuke();
  await giveList(session, first(limit, shuke.each('listCustomers', { limit: Math.min(200, Math.max(1, limit)), ...filter }, { signal: session.signal })), COLUMNS);
}

async function found({ signal }: Session, shuke: Shuke, id: string): Promise<unknown> {
  if (UUID.test(id)) return (await shuke.call('getCustomer', { id }, { signal })).data;
  const [, externalSystem, externalId] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  if (!externalSystem) throw new Complaint(`"${id}" is neither an id of ours (a UUID) nor system:id.`, EXIT.usage);
  const { data } = await shuke.call('listCustomers', { externalSystem, externalId, fields: ['id'] }, { signal });
  if (!data.data[0]) throw new Complaint(`There is no customer whom ${externalSystem} knows as ${externalId ?? ''}.`, EXIT.failed);
  return (await shuke.call('getCustomer', { id: data.data[0].id }, { signal })).data;
}
