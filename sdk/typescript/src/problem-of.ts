import { retryAfterOf } from './backoff.js';
import { ShukeProblem } from './errors.js';

const LONGEST_FOREIGN_TEXT = 200;

/** The refusal in an answer, also where a proxy answers in its own words. */
export async function problemOf(response: Response): Promise<ShukeProblem> {
  const text = await response.text();
  const retryAfter = retryAfterOf(response.headers.get('Retry-After'), Date.now());
  const found = jsonOf(text) as Partial<ShukeProblem> | undefined;
  if (typeof found?.code === 'string' && typeof found.detail === 'string') {
    return new ShukeProblem({ title: found.code, ...found, status: response.status } as ShukeProblem, retryAfter);
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
