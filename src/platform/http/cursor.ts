import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../kernel/domain-error.js';
import { MasterKeys } from '../vault/master-key.js';

const SIGNATURE_BYTES = 12;

export type CursorValue = string | number | null;

/** Opaque, signed positions in a list: the sort key and id of the last row seen, and the list they belong to. */
@Injectable()
export class Cursors {
  private readonly key: Buffer;

  constructor(keys: MasterKeys) {
    this.key = keys.derive('list cursors', 32);
  }

  /** `list` names the list with its sort, so that a cursor of one cannot be used on another. */
  encode(list: string, values: readonly CursorValue[]): string {
    const body = Buffer.from(JSON.stringify([list, ...values]));
    return Buffer.concat([this.sign(body), body]).toString('base64url');
  }

  /** @throws DomainError malformed for anything this product did not hand out for this list. */
  decode(list: string, cursor: string): CursorValue[] {
    const bytes = Buffer.from(cursor, 'base64url');
    const body = bytes.subarray(SIGNATURE_BYTES);
    const genuine = bytes.length > SIGNATURE_BYTES && timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), this.sign(body));
    const values = genuine ? (JSON.parse(body.toString('utf8')) as CursorValue[]) : [];
    if (values[0] !== list) {
      throw new DomainError('malformed', 'invalid_cursor', 'The cursor is not one this list gave for this sort order. Take page.nextCursor as it came, or leave cursor out to start over.', {
        errors: [{ pointer: '?cursor', code: 'invalid_cursor', detail: 'not a cursor of this list' }],
      });
    }
    return values.slice(1);
  }

  private sign(body: Buffer): Buffer {
    return createHmac('sha256', this.key).update(body).digest().subarray(0, SIGNATURE_BYTES);
  }
}
