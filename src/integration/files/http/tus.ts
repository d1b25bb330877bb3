import { applyDecorators, createParamDecorator, Header, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../../kernel/domain-error.js';

/** https://tus.io/protocols/resumable-upload */
const VERSION = '1.0.0';
const WHOLE_NUMBER = /^\d{1,15}$/;

/** The route speaks tus 1.0: says so in every answer, and documents the header that clients send with each request. */
export function SpeaksTus(): MethodDecorator {
  return applyDecorators(
    Header('Tus-Resumable', VERSION),
    Header('Tus-Version', VERSION),
    Header('Tus-Extension', 'creation,termination,expiration'),
    ApiHeader({ name: 'Tus-Resumable', required: true, description: 'The version of the tus protocol that the client speaks.', schema: { type: 'string', enum: [VERSION] }, example: VERSION }),
  );
}

/** What a tus request says in its headers. Refuses another version (412). */
export const TusRequest = createParamDecorator((_: unknown, context: ExecutionContext): TusHeaders => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  if (headers['tus-resumable'] !== VERSION) {
    throw new DomainError('stale', 'tus_version', `Send Tus-Resumable: ${VERSION}, the version of the protocol that is spoken here.`);
  }
  return new TusHeaders(headers);
});

export class TusHeaders {
  constructor(private readonly headers: Readonly<Record<string, string | string[] | undefined>>) {}

  /** Bytes of the whole file. */
  get length(): number {
    return this.number('Upload-Length', 'how many bytes the whole file has');
  }

  /** Where in the file the chunk begins. */
  get offset(): number {
    return this.number('Upload-Offset', 'at which byte of the file the chunk begins');
  }

  get metadata(): string | undefined {
    return [this.headers['upload-metadata']].flat()[0];
  }

  private number(name: string, meaning: string): number {
    const text = [this.headers[name.toLowerCase()]].flat()[0] ?? '';
    if (!WHOLE_NUMBER.test(text)) throw new DomainError('malformed', 'invalid_upload_header', `${name} must say ${meaning}, as a whole number.`);
    return Number(text);
  }
}
