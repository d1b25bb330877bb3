import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { sql } from '../../platform/database/statement.js';
import { Cursors } from '../../platform/http/cursor.js';

export interface TagCount {
  readonly tag: string;
  /** Active customers who have it. */
  readonly customers: number;
}

const PAGE = sql<TagCount>('customer.tags', `
  select tag, sum(customers) as customers
    from customer.tag_count
   where tag collate "C" > $1
   group by tag having sum(customers) > 0
   order by tag collate "C" limit $2`);

const LIST = 'customer tags';

/** Which tags are in use, in the order of their letters' codes. */
@Injectable()
export class TagsView {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
  ) {}

  async read(limit: number, cursor?: string) {
    const [after] = cursor === undefined ? [''] : this.cursors.decode(LIST, cursor);
    const found = await this.database.query(PAGE, [after, limit + 1]);
    const data = found.slice(0, limit);
    const hasMore = found.length > limit;
    return { data, page: { nextCursor: hasMore ? this.cursors.encode(LIST, [data.at(-1)!.tag]) : null, hasMore } };
  }
}
