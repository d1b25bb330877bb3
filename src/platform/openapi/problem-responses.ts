import type { ProblemStatus } from '../http/answers.js';
import { REFUSALS } from '../http/refusals.js';
import { EXAMPLE_ID } from './examples.js';

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
export const PROBLEM_EXAMPLES = Object.fromEntries(
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
