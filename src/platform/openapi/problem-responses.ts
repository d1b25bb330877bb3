import { PROBLEMS, type ProblemStatus } from '../http/answers.js';
import { REFUSALS } from '../http/refusals.js';
import { EXAMPLE_ID } from './examples.js';
import type { Found } from './operation.js';
import { SCHEMAS } from './schema.js';
import { codesByStatus, type Refused } from './source-facts.js';

const PROBLEM_TYPE = 'application/problem+json';
/** Any route but the probes may answer these. */
const BUSY: readonly ProblemStatus[] = [429, 503];
/** A name in the query that nobody knows, a text that is none. */
const OF_ALL: readonly ProblemStatus[] = [400];
const WITH_SIGN_IN: readonly ProblemStatus[] = [401, 403];
const WITH_BODY: readonly ProblemStatus[] = [413, 415];
const PROBES = /^\/health\//;

/** Headers that come with whatever is answered, by their component's name. */
export const responseHeaders = {
  XRequestId: {
    description: 'The id of this request, yours if you sent one (8 to 128 letters, digits and `_ . : -`). Name it when you ask for help; the log has it too.',
    schema: { type: 'string', example: EXAMPLE_ID },
  },
  ContentLanguage: { description: 'The language of `title` and `detail`, by Accept-Language.', schema: { type: 'string', enum: ['en', 'zh'], example: 'en' } },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1, example: 1 } },
  WWWAuthenticate: { description: 'How to sign in.', schema: { type: 'string', enum: ['Bearer'], example: 'Bearer' } },
} as const;

const SHOWN = {
  400: ['validation_failed', 'One field is not as this request takes them. See errors, mend each and send it again.'],
  401: ['unauthenticated', 'Sign in first: send an access token or API key as Authorization: Bearer.'],
  403: ['forbidden', 'This needs the permission customer:write, which you do not have. GET /v1/me lists yours; an administrator can give you a role that has it.'],
  404: ['not_found', `There is no customer ${EXAMPLE_ID} that you may see. Check the id.`],
  409: ['idempotency_in_progress', 'A request with this Idempotency-Key is still running. Wait a moment and send it again.'],
  410: ['person_erased', 'The person was erased; nothing that identifies them can be read any more.'],
  412: ['version_conflict', `The customer ${EXAMPLE_ID} was changed by someone else since you read it. Read it again, apply your change to what you find, and send the new ETag in If-Match.`],
  413: ['body_too_large', 'The body is larger than this route takes. GET /v1/limits says how large it may be; bring more by an import.'],
  415: ['unsupported_content_type', 'This route takes application/json in UTF-8, not compressed; got "text/plain".'],
  422: ['idempotency_key_reused', 'This Idempotency-Key was used with another request. Use a new key for a new request.'],
  428: ['if_match_required', "Send If-Match with the ETag of the version you read, so that nobody else's change is overwritten."],
  429: ['sign_in_locked', 'Too many wrong passwords. Wait 15 minutes; the right one is refused until then, too.'],
  503: ['busy', 'This server has more to do than it can answer in time. Nothing was changed. Try again.'],
} as const satisfies Record<ProblemStatus, readonly [code: string, detail: string]>;

/** One problem of each status, as it is answered. */
const PROBLEM_EXAMPLES = Object.fromEntries(
  Object.entries(SHOWN).map(([status, [code, detail]]) => [
    status,
    {
      type: `/docs/problems#${code}`,
      title: Object.values(REFUSALS).find((wording) => wording.status === Number(status))!.en,
      status: Number(status),
      detail,
      code,
      ...(code === 'validation_failed' ? { errors: [{ pointer: '/email', code: 'is_email', detail: 'must be an e-mail address' }] } : {}),
      requestId: EXAMPLE_ID,
    },
  ]),
) as Readonly<Record<ProblemStatus, object>>;

/** The problems of the decorators, of every route of this kind, and of the code behind this one, each by reference. */
export function addProblems({ path, method, operation }: Found, refused: readonly Refused[]): void {
  const codes = codesByStatus(refused);
  const own = Object.entries(operation.responses).filter(([, response]) => PROBLEM_TYPE in ((response['content'] as object | undefined) ?? {}));
  const common = [
    ...OF_ALL,
    ...(operation.security?.length === 0 ? [] : WITH_SIGN_IN),
    ...(operation.requestBody ? WITH_BODY : []),
    ...(PROBES.test(path) ? [] : BUSY),
    // What a read presents was checked when it was written, so no rule is left to break, unless the route says so itself.
    ...[...codes.keys()].filter((status) => method !== 'get' || status !== 422),
  ].filter((status) => !(status in operation.responses));
  for (const status of new Set([...own.map(([status]) => Number(status)), ...common])) {
    operation.responses[status] = { $ref: `#/components/responses/Problem${status}`, ...namedCodes(status, codes.get(status) ?? []) };
  }
}

function namedCodes(status: number, codes: readonly string[]): object {
  if (codes.length === 0) return {};
  return { description: `${PROBLEMS[status as ProblemStatus]} Codes of this route: ${codes.map((code) => `\`${code}\``).join(', ')}.` };
}

/** A component for each status that is referred to. */
export function problemResponses(used: string): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PROBLEMS)
      .filter(([status]) => used.includes(`/Problem${status}"`))
      .map(([status, description]) => [`Problem${status}`, { description, headers: headersOf(Number(status)), content: { [PROBLEM_TYPE]: { schema: { $ref: `${SCHEMAS}Problem` }, example: PROBLEM_EXAMPLES[Number(status) as ProblemStatus] } } }]),
  );
}

function headersOf(status: number): object {
  const names = ['X-Request-Id', 'Content-Language', ...(status === 401 ? ['WWW-Authenticate'] : []), ...(status === 429 || status === 503 ? ['Retry-After'] : [])];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name.replaceAll('-', '')}` }]));
}
