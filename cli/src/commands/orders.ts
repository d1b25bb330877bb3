import type { Item } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { giveList, type Column } from '../listing.js';
import { first, pairs, wholeNumber } from '../options.js';
import type { Session } from '../session.js';

interface ListOptions {
  readonly filter?: Readonly<Record<string, string>>;
  readonly limit: number;
}

const COLUMNS: readonly Column<Item<'listOrders'>>[] = [
  { heading: 'ID', of: ({ id }) => id },
  { heading: 'PLACED', of: ({ placedAt }) => placedAt },
  { heading: 'STATUS', of: ({ status }) => status },
  { heading: 'TOTAL', of: ({ total }) => `${total.amount} ${total.currency}` },
  { heading: 'CUSTOMER', of: ({ customerId }) => customerId },
];

export const addOrders: AddCommand = (program, run) => {
  const group = program.command('orders').description('Orders');

  group
    .command('get')
    .description('One order, by our id or by another system\'s')
    .argument('<id>', 'our id, or system:id as in shop:o-1')
    .action(run(get));

  group
    .command('list')
    .description('Orders, the latest first')
    .option('-f, --filter <name=value>', 'a parameter of GET /v1/orders, any number of times', pairs)
    .option('--limit <count>', 'at most so many', wholeNumber, 50)
    .addHelpText('after', `
Examples:
  shuke orders list --filter status=placed --filter placedAtGte=2026-01-01T00:00:00Z
  shuke orders list --filter customerId=0192f0c1-2b3c-7def-8abc-1234567890ab --json`)
    .action(run(list));
};

async function get(session: Session, id: string): Promise<void> {
  const shuke = await session.shuke();
  const { signal } = session;
  const [, system, externalId] = /^([^:]+):(.+)$/s.exec(id) ?? [];
  const { data } =
    system === undefined || externalId === undefined
      ? await shuke.call('getOrder', { id }, { signal })
      : await shuke.call('getOrderByExternalId', { system, externalId }, { signal });
  await session.terminal.give(data);
}

async function list(session: Session, { filter, limit }: ListOptions): Promise<void> {
  const shuke = await session.shuke();
  await giveList(session, first(limit, shuke.each('listOrders', { limit: Math.min(200, Math.max(1, limit)), ...filter }, { signal: session.signal })), COLUMNS);
}
