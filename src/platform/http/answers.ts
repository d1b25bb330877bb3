import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { PageDto } from './list.dto.js';
import { ProblemDto } from './problem.dto.js';

/** When each status is answered; the contract's words for it. */
export const PROBLEMS = {
  400: 'The request cannot be understood: malformed JSON, an unknown name, a value of the wrong shape. `errors` points at each field.',
  401: 'No valid credentials. Sign in, or send another token or API key.',
  403: 'The caller is known but may not do this.',
  404: 'It does not exist, or not for this caller.',
  409: 'It does not fit the present state. Read again, then decide.',
  410: 'It was there and is gone: the person was erased and nothing that identifies them can be read any more, or the time it is kept for is over.',
  412: 'Somebody else changed it first. Read it again and send the new ETag in If-Match.',
  413: 'The body is larger, deeper or longer than allowed; GET /v1/limits says how large it may be.',
  415: 'The content type is not one this route takes.',
  422: 'Well-formed, but a rule of the trade forbids it. `errors` points at each field where there is one.',
  428: 'If-Match is missing. Send the ETag of the version you read.',
  429: 'Too many requests. Wait for `Retry-After` seconds.',
  503: 'It cannot be answered now: too busy, stopping, or a part is away. Try again after `Retry-After` seconds.',
} as const;

export type ProblemStatus = keyof typeof PROBLEMS;

type Decorator = MethodDecorator & ClassDecorator;

interface Answer {
  readonly description?: string;
}

const ETAG = { ETag: { description: 'The version of the resource; send it back in If-Match or If-None-Match.', schema: { type: 'string', example: '"3"' } } } as const;
const LOCATION = { Location: { description: 'Where it is found.', schema: { type: 'string', format: 'uri-reference' } } } as const;
export const NEXT = { Link: { description: 'The next page as `<…>; rel="next"`, if there is one.', schema: { type: 'string' } } } as const;
const WRITTEN = {
  'Event-Id': {
    description: 'The last event this change published. Send it back as Wait-For-Event to read what follows from it.',
    schema: { type: 'string', format: 'uuid' },
  },
  'Idempotent-Replayed': {
    description: '`true` if this is the stored answer to an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', enum: ['true'] },
  },
} as const;

interface GivesOptions extends Answer {
  /** The type is a list envelope of the context's own. */
  readonly list?: boolean;
  /** The answer has no version and comes from no change: an analysis, a state of the server. */
  readonly plain?: boolean;
}

/** Answers 200 with the resource as it is, or as it now is after the change. */
export function Gives(type: Type, { list = false, plain = false, description = 'As asked for.' }: GivesOptions = {}): Decorator {
  const headers = list ? NEXT : { ...ETAG, ...WRITTEN };
  return success(200, description, plain ? {} : headers, type);
}

/** Answers 200 with one page `{ data, page }` of items, as the schema `<Item>List`. */
export function GivesMany(item: Type, answer: Answer = {}): Decorator {
  return Gives(listOf(item), { ...answer, list: true });
}

/** Answers 201 with what was created, its place and version. */
export function Creates(type: Type, { description = 'Created.' }: Answer = {}): Decorator {
  return success(201, description, { ...LOCATION, ...ETAG, ...WRITTEN }, type);
}

/** Answers 202 with the operation that does the work, and where to watch it. */
export function Accepts(type: Type, { description = 'Accepted; follow Location.' }: Answer = {}): Decorator {
  return success(202, description, { ...LOCATION, ...WRITTEN }, type);
}

/** Answers 207 with one outcome for each item of a batch. */
export function GivesEach(type: Type, { description = 'One outcome for each item, in order.' }: Answer = {}): Decorator {
  return success(207, description, WRITTEN, type);
}

/** Answers 204 without a body. */
export function GivesNothing({ description = 'Done.' }: Answer = {}): Decorator {
  return success(204, description, WRITTEN);
}

/** Answers 200 with a body that is no JSON, e.g. `text/csv`, in one of these media types. @param example by media type; one without is no text */
export function GivesFile(contentTypes: string | readonly string[], { description = 'The file.', example }: Answer & { readonly example: string | Readonly<Record<string, string>> }): Decorator {
  const types = [contentTypes].flat();
  const content = types.map((type) => {
    const shown = typeof example === 'string' ? example : example[type];
    return [type, shown === undefined ? { schema: { type: 'string', format: 'binary' } } : { schema: { type: 'string' }, example: shown }];
  });
  return applyDecorators(
    HttpCode(200),
    ApiResponse({ status: 200, description, content: Object.fromEntries(content) }),
  );
}

/** The problems of this route's own. Those that any route may answer (400, 401, 403, 413, 415, 429, 503) are added to every operation. */
export function Problems(...statuses: readonly ProblemStatus[]): Decorator {
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: PROBLEMS[status],
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
}

/** Documents the Idempotency-Key. `@CurrentCall()` brings it along, so a route that runs a command need not say it. */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'A key of your own (a UUID is best) under which the answer is kept for 24 hours with the effect: the same request again gets the same answer and has no second effect; another request under the key is refused with 422.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      example: '0192f0c1-2b3c-7def-8abc-1234567890ab',
    }),
    Problems(409, 422),
  );
}

/** Documents If-Match. `@IfMatch()` brings it along. */
export function NeedsIfMatch(): MethodDecorator {
  return applyDecorators(ifMatchHeader(true), Problems(412, 428));
}

/** Documents an If-Match that may be left out. `@IfMatchIfSent()` brings it along. */
export function MayHaveIfMatch(): MethodDecorator {
  return applyDecorators(ifMatchHeader(false), Problems(412));
}

function ifMatchHeader(required: boolean): MethodDecorator {
  return ApiHeader({ name: 'If-Match', required, description: 'The ETag of the version you read.', schema: { type: 'string', pattern: '^"\\d{1,9}"$' }, example: '"3"' });
}

const lists = new WeakMap<Type, Type>();

function listOf(item: Type): Type {
  const known = lists.get(item);
  if (known) return known;
  class List {
    data: unknown[];
    page: PageDto;
  }
  ApiProperty({ type: [item] })(List.prototype, 'data');
  ApiProperty({ type: PageDto })(List.prototype, 'page');
  Object.defineProperty(List, 'name', { value: `${item.name.replace(/Dto$/, '')}ListDto` });
  lists.set(item, List);
  return List;
}

type Headers = Record<string, { readonly description: string; readonly schema: object }>;

function success(status: number, description: string, headers: Headers, type?: Type): Decorator {
  return applyDecorators(HttpCode(status), ApiResponse({ status, description, headers: { ...headers }, ...(type ? { type } : {}) }));
}
