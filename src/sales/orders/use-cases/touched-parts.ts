import type { Id } from '../../../kernel/id.js';
import type { LineChange, Told, Touched } from '../../../platform/transfer/import-definition.js';
import type { NamedOrder } from './named-orders.js';

/** The payments, refunds or parcels that the lines of a chunk are about, each with what the lines told of it. */
export class TouchedParts {
  private readonly revisions: ReadonlyMap<Id, number>;
  private readonly touched = new Map<Id, Touched>();

  /** @param stored those known before the chunk */
  constructor(stored: readonly { readonly id: Id; readonly revision: number }[]) {
    this.revisions = new Map(stored.map(({ id, revision }) => [id, revision]));
  }

  get all(): readonly Touched[] {
    return [...this.touched.values()];
  }

  /** A part that a line changes gets the version its order has after the chunk. What a later line leaves out, an earlier one has told. */
  note(id: Id, { cells, order }: NamedOrder, deed: LineChange['deed'], { at, currency, minor }: Told): void {
    const earlier = this.touched.get(id);
    const before = this.revisions.get(id) ?? 0;
    const version = deed === 'unchanged' ? (earlier?.version ?? before) : order.version + 1;
    this.touched.set(id, { id, part: 0, line: cells.line, before, version, told: { at: at ?? earlier?.told.at, currency, minor: minor ?? earlier?.told.minor } });
  }
}
