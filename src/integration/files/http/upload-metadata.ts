import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DomainError } from '../../../kernel/domain-error.js';
import { CreateUploadQuery } from './uploads.dto.js';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;
/** Names that tus clients use, and ours. */
const NAMES: Readonly<Record<string, string>> = { filename: 'name', name: 'name', filetype: 'mediaType', type: 'mediaType', encoding: 'encoding', delimiter: 'delimiter', quote: 'quote', header: 'header', sheet: 'sheet' };

export interface UploadMetadata {
  readonly query: CreateUploadQuery;
  readonly mediaType: string;
}

/**
 * What `Upload-Metadata` says (tus 1.0, creation): pairs of a name and a value in Base64, parted by commas. `filename`,
 * `filetype` and the query parameters of POST /v1/uploads are understood; what other clients add is passed over.
 * @throws DomainError malformed if it is no such list, or a value is not one that POST /v1/uploads takes.
 */
export function readMetadata(header: string | undefined): UploadMetadata {
  const values: Record<string, string> = {};
  for (const pair of (header ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const [key = '', value = '', ...more] = pair.split(' ');
    if (more.length > 0 || !BASE64.test(value)) throw malformed('must be pairs of a name and a value in Base64, such as "filename Y3VzdG9tZXJzLmNzdg==,header ZmFsc2U="');
    const name = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
    if (name !== undefined) values[name] = Buffer.from(value, 'base64').toString('utf8');
  }
  const { mediaType = 'application/octet-stream', ...plain } = values;
  if (!MEDIA_TYPE.test(mediaType)) throw malformed('has a filetype that is no media type');
  const query = plainToInstance(CreateUploadQuery, plain);
  const [failure] = validateSync(query);
  if (failure) throw malformed(`has a value that cannot be: ${Object.values(failure.constraints ?? {}).join('; ')}`);
  return { query, mediaType: mediaType.toLowerCase() };
}

function malformed(what: string): DomainError {
  return new DomainError('malformed', 'invalid_upload_metadata', `Upload-Metadata ${what}.`);
}
