/**
 * What `source` gives, the next being read while the last is worked on. It holds one item more, and no more.
 * @throws what `source` throws, once everything before it was taken
 */
export async function* readAhead<Item>(source: AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
  let next = source.next();
  try {
    for (let item = await next; !item.done; item = await next) {
      next = source.next();
      // A failure is met when its turn comes; until then it must not end the process as one nobody looks at.
      next.catch(() => undefined);
      yield item.value;
    }
  } finally {
    await source.return();
  }
}
