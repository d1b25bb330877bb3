import { DomainError } from '../../../kernel/domain-error.js';
import { ENCODINGS, encodingNamed } from '../domain/encoding.js';
import type { Delimiter, Quote } from '../domain/dialect.js';
import type { IncomingFile } from '../use-cases/receive-upload.js';
import type { CreateUploadQuery } from './uploads.dto.js';

/** @throws DomainError malformed for an encoding that is not read. */
export function readingSettings({ encoding: name, delimiter, quote, header, sheet }: CreateUploadQuery): IncomingFile['settings'] {
  const encoding = name === undefined ? undefined : encodingNamed(name);
  if (name !== undefined && encoding === undefined) {
    throw new DomainError('malformed', 'unknown_encoding', `"${name}" is no encoding that is read here. Name one of ${ENCODINGS.join(', ')}, or save the file as UTF-8.`);
  }
  return {
    encoding,
    delimiter: delimiter as Delimiter | undefined,
    quote: quote as Quote | undefined,
    header: header === undefined ? undefined : header === 'true',
    sheet,
  };
}
