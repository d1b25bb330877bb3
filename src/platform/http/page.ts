/** One page of a list, as API.md has it. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly page: { readonly nextCursor: string | null; readonly hasMore: boolean };
}

/** @param found up to one row more than `limit`, which tells whether there is a next page. */
export function pageOf<T>(found: readonly T[], limit: number, cursorAfter: (last: T) => string): Page<T> {
  const data = found.slice(0, limit);
  const last = data.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { data, page: { nextCursor: hasMore ? cursorAfter(last) : null, hasMore } };
}
