import type { Id } from '../../../kernel/id.js';

/** 32 random bytes in base64url. */
const SECRET = '[A-Za-z0-9_-]{43}';
const FORM = new RegExp(`^shuke_live_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_(${SECRET})$`);

export interface ApiKeyParts {
  readonly id: Id;
  readonly secret: string;
}

/** The part that may be shown and logged: enough to tell which key it is, nothing to sign in with. */
export function apiKeyPrefix(id: Id): string {
  return `shuke_live_${id.replaceAll('-', '')}`;
}

/** What the holder sends. The fixed start lets secret scanners find a key that leaked into a repository. */
export function writeApiKey({ id, secret }: ApiKeyParts): string {
  return `${apiKeyPrefix(id)}_${secret}`;
}

/** @returns undefined for anything that is not of the form `shuke_live_<id>_<secret>`. */
export function readApiKey(text: string): ApiKeyParts | undefined {
  const found = FORM.exec(text);
  if (!found) return undefined;
  const [, a, b, c, d, e, secret = ''] = found;
  return { id: `${a}-${b}-${c}-${d}-${e}`, secret };
}
