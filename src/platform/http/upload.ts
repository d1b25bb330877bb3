import { Transform, type Readable } from 'node:stream';
import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../kernel/domain-error.js';
import { MAX_UPLOAD_BYTES } from './limits.js';

export const UPLOAD_TYPES = 'shuke:upload-types';

/** A body that is read as it comes and never held whole. */
export interface Upload {
  /** The bytes as sent, still compressed if `encoding` says so. Fails with `too_large` after 50 MB. */
  readonly stream: Readable;
  /** Media type without parameters, lower case, one of those the route takes. */
  readonly type: string;
  /** `gzip` or undefined. */
  readonly encoding: string | undefined;
  /** As the client says; undefined where it does not know. */
  readonly bytes: number | undefined;
}

export interface RequestWithUpload extends FastifyRequest {
  upload?: Upload;
}

/** The route takes a file as its body, in one of these media types, streamed to the handler as `@UploadedBody()`. */
export function TakesUpload(...types: readonly [string, ...string[]]): MethodDecorator {
  return applyDecorators(
    SetMetadata(UPLOAD_TYPES, types),
    ApiConsumes(...types),
    ApiBody({ required: true, schema: { type: 'string', format: 'binary' }, description: `Up to ${MAX_UPLOAD_BYTES / 2 ** 20} MB; Content-Encoding: gzip is taken.` }),
  );
}

/** The streamed body of a route that says `@TakesUpload(…)`. */
export const UploadedBody = createParamDecorator((_: unknown, context: ExecutionContext): Upload => {
  const { upload } = context.switchToHttp().getRequest<RequestWithUpload>();
  if (!upload) throw new DomainError('malformed', 'body_missing', 'Send the file as the body of the request.');
  return upload;
});

/** @throws DomainError unsupported or too_large, before a byte is read. */
export function uploadOf(request: FastifyRequest, body: Readable, types: readonly string[]): Upload {
  const type = mediaType(request);
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || undefined;
  if (!types.includes(type)) {
    throw new DomainError('unsupported', 'unsupported_content_type', `This route takes ${types.join(', ')}; got "${type.slice(0, 60)}".`);
  }
  if (encoding !== undefined && encoding !== 'gzip') {
    throw new DomainError('unsupported', 'unsupported_encoding', `Content-Encoding may be gzip or absent; got "${encoding.slice(0, 60)}".`);
  }
  const length = request.headers['content-length'];
  const bytes = length === undefined ? undefined : Number(length);
  if (bytes !== undefined && bytes > MAX_UPLOAD_BYTES) throw tooLarge();
  return { stream: bounded(body), type, encoding, bytes };
}

export function mediaType(request: FastifyRequest): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

function bounded(source: Readable): Readable {
  let seen = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > MAX_UPLOAD_BYTES) done(tooLarge());
      else done(null, chunk);
    },
  });
  // A client that goes away ends the reading with an error instead of a short file.
  source.once('error', (error) => counter.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) counter.destroy(new DomainError('malformed', 'upload_cut_off', 'The upload ended before its end. Send it again.'));
  });
  // Where the file is refused before its end, the rest is read and dropped: a connection nobody reads from stays open for good.
  counter.once('close', () => source.resume());
  return source.pipe(counter);
}

function tooLarge(): DomainError {
  return new DomainError('too_large', 'body_too_large', `A file may have ${MAX_UPLOAD_BYTES / 2 ** 20} MB. Split it, or compress it and send Content-Encoding: gzip.`);
}
