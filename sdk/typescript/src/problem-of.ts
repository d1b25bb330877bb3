import { retryAfterOf } from './backoff.js';
import { EventsForgotten, ShukeProblem } from './errors.js';
import type { ProblemDetails } from './operation-types.js';

const LONGEST_FOREIGN_TEXT = 200;

/** The refusal in an answer, also where a proxy answers in its own words. */
export async function problemOf(response: Response): Promise<ShukeProblem> {
  const text = await response.text();
  const retryAfter = retryAfterOf(response.headers.get('Retry-After'), Date.now());
  const found = jsonOf(text) as Partial<ProblemDetails> | undefined;
  if (typeof found?.code === 'string' && typeof found.detail === 'string') {
    const { type: _, title = found.code, status: __, detail, code, errors, requestId, ...facts } = found;
    const Problem = code === 'events_forgotten' ? EventsForgotten : ShukeProblem;
    return new Problem({ title, status: response.status, detail, code, errors, requestId }, retryAfter, facts);
  }
  const said = text.replaceAll(/<[^>]*>|\s+/g, ' ').trim().slice(0, LONGEST_FOREIGN_TEXT);
  return new ShukeProblem(
    {
      status: response.status,
      code: 'unexpected_answer',
      title: 'This was not answered by the API',
      detail: `The answer with status ${response.status} is not one of the API's. Check the address, and what stands between. It says: ${said || 'nothing'}`,
      requestId: response.headers.get('X-Request-Id') ?? undefined,
    },
    retryAfter,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
