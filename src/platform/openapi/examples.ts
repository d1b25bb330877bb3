import { resolved, type Schema, type Schemas } from './schema.js';

export const EXAMPLE_ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';
const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: EXAMPLE_ID,
  'date-time': '2026-01-15T08:00:00.000Z',
  date: '2026-01-15',
};
/** Deeper than any body of ours; ends what refers to itself. */
const DEEPEST = 12;

/**
 * A whole body made of what each of its parts shows as its example. What may be left out and shows nothing is left out.
 * @returns undefined if a part that must be there shows nothing.
 */
export function exampleOf(schema: Schema, schemas: Schemas, depth = 0): unknown {
  if ('example' in schema) return schema['example'];
  if (depth > DEEPEST) return undefined;
  if ('$ref' in schema) return exampleOf(resolved(schema, schemas), schemas, depth + 1);
  if (Array.isArray(schema['allOf'])) return ofAll(schema['allOf'] as Schema[], schemas, depth);
  const choices = (schema['oneOf'] ?? schema['anyOf']) as readonly Schema[] | undefined;
  if (choices) return choices.map((choice) => exampleOf(choice, schemas, depth + 1)).find((value) => value !== undefined);
  for (const keyword of ['const', 'default']) if (keyword in schema) return schema[keyword];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  return ofType(schema, schemas, depth);
}

function ofType(schema: Schema, schemas: Schemas, depth: number): unknown {
  const types = [schema['type']].flat();
  if (types.includes('object')) return ofObject(schema, schemas, depth);
  if (types.includes('array')) return ofList(schema, schemas, depth);
  if (types.includes('boolean')) return true;
  if (types.includes('integer') || types.includes('number')) return schema['minimum'] ?? 1;
  const format = BY_FORMAT[String(schema['format'])];
  if (format !== undefined) return format;
  return types.includes('null') ? null : undefined;
}

function ofObject(schema: Schema, schemas: Schemas, depth: number): unknown {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const required = (schema['required'] ?? []) as readonly string[];
  const members = properties.map(([name, property]) => [name, exampleOf(property, schemas, depth + 1)] as const);
  if (members.some(([name, value]) => value === undefined && required.includes(name))) return undefined;
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function ofList(schema: Schema, schemas: Schemas, depth: number): unknown {
  const item = exampleOf((schema['items'] ?? {}) as Schema, schemas, depth + 1);
  if (item !== undefined) return [item];
  return schema['minItems'] ? undefined : [];
}

function ofAll(parts: readonly Schema[], schemas: Schemas, depth: number): unknown {
  const values = parts.map((part) => exampleOf(part, schemas, depth + 1));
  if (values.length === 1) return values[0];
  return values.includes(undefined) ? undefined : Object.assign({}, ...values);
}
