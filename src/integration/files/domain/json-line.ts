/** Paths deeper than this are not offered as columns; a mapping may still name them. */
const DEEPEST_COLUMN = 8;

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const INDEX = /^\d+$/;

/**
 * One line of NDJSON, its numbers as the text the file has: order ids above 2^53 and amounts such as `128.10` would not
 * survive as floating point. Undefined if the line is no JSON object.
 */
export function parseJsonLine(line: string): object | undefined {
  const quoted = line.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`));
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The text at a path such as `billing_address.lines.0.city`; undefined where there is nothing (or null), lists of plain
 * values joined by `|` as one cell holds them (`\\` before a `|` or `\\` of their own), and the object itself where the path
 * stops short of a value.
 */
export function textAt(root: object, path: string): string | object | undefined {
  let value: unknown = root;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && !INDEX.test(step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value) && value.every(isPlain)) return value.map((item) => String(item).replace(/[\\|]/g, '\\$&')).join('|');
  return isPlain(value) ? String(value) : (value as object);
}

/** Every path of the object that leads to a value, in the order of the file. */
export function pathsOf(root: object): string[] {
  const paths: string[] = [];
  const walk = (value: unknown, prefix: string, depth: number): void => {
    for (const [name, inner] of Object.entries(value as object)) {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      if (typeof inner !== 'object' || inner === null || (Array.isArray(inner) && inner.every(isPlain))) paths.push(path);
      else if (depth < DEEPEST_COLUMN) walk(inner, path, depth + 1);
    }
  };
  walk(root, '', 1);
  return paths;
}

function isPlain(value: unknown): value is string | boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}
