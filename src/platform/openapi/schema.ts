/** A JSON Schema as the document holds it. */
export type Schema = Readonly<Record<string, unknown>>;

export const SCHEMAS = '#/components/schemas/';

/** The schemas of the document by name. */
export type Schemas = Readonly<Record<string, Schema>>;

/** The schema itself, or the one it refers to. */
export function resolved(schema: Schema, schemas: Schemas): Schema {
  const { $ref } = schema;
  return typeof $ref === 'string' && $ref.startsWith(SCHEMAS) ? (schemas[$ref.slice(SCHEMAS.length)] ?? {}) : schema;
}
