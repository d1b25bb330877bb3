import { isProblem, type Shuke } from '@shuke/client';

/** Tags everybody who spent at least so much, page by page, without undoing what colleagues change meanwhile. @returns how many have the tag now */
export async function tagBigSpenders(shuke: Shuke, amount: string): Promise<number> {
  let tagged = 0;
  for await (const { id } of shuke.each('listCustomers', { spentGte: amount, fields: ['id'] })) {
    try {
      await shuke.update('Customer', id, ({ tags }) => (tags.includes('big-spender') ? undefined : { tags: [...tags, 'big-spender'] }));
      tagged += 1;
    } catch (error) {
      // Erased since the list was read.
      if (!isProblem(error, 'person_erased')) throw error;
    }
  }
  return tagged;
}
