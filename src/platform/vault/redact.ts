const MASK = '[redacted]';
const DEEPEST = 8;
const LONGEST_TEXT = 8_192;
const LONGEST_LIST = 100;
const STACK_FRAME = /^ {4}at /;

/** Parts of key names, letters only and lower case: `X-Api-Key`, `apiKeyHash` and `api_keys` all hold `apikey`. */
const TELLING_PARTS = new RegExp(
  [
    'authorization', 'cookie', 'password', 'passwd', 'passphrase', 'token', 'secret', 'apikey', 'privatekey', 'masterkey', 'credential', 'signature',
    'phone', 'mobile', 'email', 'address', 'birth', 'passport', 'idnumber', 'wechat', 'openid', 'unionid',
  ].join('|'),
);
const TELLING_KEYS = /^(?:dek|jwt|otp|pin|tel|fax|mail|body|name|(?:first|last|full|given|family|middle|nick|real|display|customer|contact|person|user)names?)$/;

// One after the other over every string. Each is bounded, so that a long hostile string costs linear time.
const LINE_BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const CREDENTIALS = /\b(bearer|basic|digest|apikey)(?:\s|%20)+[^\s,;"']{1,8192}/gi;
const JWT = /\beyJ[\w-]{5,8192}\.[\w-]{2,8192}(?:\.[\w-]{0,8192})?/g;
const QUERY_VALUES = /([?&][\w.[\]-]{1,64}=)[^&\s#"']{1,8192}/g;
const ASSIGNMENTS = /\b((?:\w{0,32}(?:password|passwd|token|secret|api_?key))["']?\s?[=:]\s?["']?)[^\s,;&"'}]{1,8192}/gi;
const EMAILS = /[^\s@"'<>(),;:=]{1,64}(?:@|%40)[^\s@"'<>(),;:=]{1,255}/g;
/** What looks like digits of a telephone but is a UUID, an instant or a trace id comes first and is kept. */
const PHONES =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?|(?<![0-9a-f])(?=[0-9]{0,31}[a-f])[0-9a-f]{16,64}(?![0-9a-f])|((?:\+|%2b)?\(?\d(?:[ ().-]{0,3}\d){6,17})/gi;

/** A string with e-mail addresses, telephone numbers, credentials and values of query strings masked, on one line, of at most 8,192 characters. */
export function redactText(text: string): string {
  return text
    .slice(0, LONGEST_TEXT)
    .replace(LINE_BREAKS, ' ')
    .replace(CREDENTIALS, `$1 ${MASK}`)
    .replace(JWT, MASK)
    .replace(QUERY_VALUES, `$1${MASK}`)
    .replace(ASSIGNMENTS, `$1${MASK}`)
    .replace(EMAILS, '[email]')
    .replace(PHONES, (found, phone?: string) => (phone === undefined ? found : '[phone]'));
}

/**
 * A copy of anything, fit for a log line: plain data without what stands under telling keys (at any depth, whatever its type) and with every
 * string passed through `redactText`. Names of people and places in running text cannot be told from other words: never log free text.
 */
export function redact(value: unknown): unknown {
  return redactAt(value, 0, new Set());
}

function redactAt(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return redactText(value.toString());
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof URL) return redactText(value.href);
  if (depth === DEEPEST || above.has(value)) return '[cut]';

  above.add(value);
  const copy = copyOf(value, depth + 1, above);
  above.delete(value);
  return copy;
}

function copyOf(value: object, depth: number, above: Set<object>): unknown {
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => redactAt(item, depth, above));
  if (value instanceof Set) return copyOf([...value], depth, above);
  const entries = value instanceof Map ? [...value].map(([key, item]) => [typeof key === 'string' ? key : `[${typeof key}]`, item] as const) : Object.entries(value);
  // Null prototype: a key called __proto__ must stay a key.
  const copy: Record<string, unknown> = Object.create(null);
  // Not `value.name`: like any other property it may have been overwritten, and the head of the stack repeats it.
  if (value instanceof Error) Object.assign(copy, { type: value.constructor.name, message: redactText(value.message), stack: framesOf(value) });
  if (value instanceof Error && value.cause !== undefined) copy['cause'] = redactAt(value.cause, depth, above);
  for (const [key, item] of entries.slice(0, LONGEST_LIST)) {
    copy[redactText(key)] = isTelling(key) && item !== null && item !== undefined ? MASK : redactAt(item, depth, above);
  }
  return copy;
}

function framesOf({ stack = '' }: Error): string {
  return redactText(stack.split('\n').filter((line) => STACK_FRAME.test(line)).join(''));
}

function isTelling(key: string): boolean {
  const letters = key.replace(/[^A-Za-z]/g, '').toLowerCase();
  return TELLING_PARTS.test(letters) || TELLING_KEYS.test(letters);
}
