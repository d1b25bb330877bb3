import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../kernel/actor.js';
import type { Id } from '../../../kernel/id.js';
import { Cursors } from '../../../platform/http/cursor.js';
import { pageOf, type Page } from '../../../platform/http/page.js';
import type { LineChange } from '../../../platform/transfer/import-definition.js';
import { ImportChangeRepository } from '../persistence/import-change.repository.js';
import { OpenedImports } from './opened-imports.js';

const CURSOR = 'import-changes:line';

/** What some lines of an import changed, or what they would change. */
@Injectable()
export class ImportChangesView {
  constructor(
    private readonly opened: OpenedImports,
    private readonly changes: ImportChangeRepository,
    private readonly cursors: Cursors,
  ) {}

  /** @throws DomainError missing, forbidden, or gone once the upload has expired. */
  async list(actor: Actor, operationId: Id, cursor: string | undefined, limit: number): Promise<Page<LineChange>> {
    const { order, upload } = await this.opened.open(actor, operationId, 'change');
    const [line = 0] = cursor === undefined ? [] : this.cursors.decode(CURSOR, cursor).map(Number);
    const found = await this.changes.page(operationId, upload, line, limit + 1);
    const shown = order.dryRun ? found.map((change) => (change.deed === 'created' ? { ...change, id: undefined } : change)) : found;
    return pageOf(shown, limit, (last) => this.cursors.encode(CURSOR, [last.line]));
  }
}
