// The payload classes of the events as JSON schemas: their types, comments and `@example`s. Ids and instants are told by their names (docs: API conventions).
import ts from 'typescript';

/** @returns {Record<string, object>} the classes of `file` (a contract/events.ts) by name */
export function payloadSchemas(file, checker) {
  const classes = file.statements.filter((statement) => ts.isClassDeclaration(statement) && statement.name);
  return Object.fromEntries(classes.map((one) => [one.name.text, schemaOfClass(one, checker)]));
}

function schemaOfClass(node, checker) {
  const members = node.members.filter(ts.isPropertyDeclaration);
  const description = textOf(node);
  return {
    type: 'object',
    ...(description === '' ? {} : { description }),
    properties: Object.fromEntries(members.map((member) => [member.name.getText(), schemaOfMember(member, checker)])),
    required: members.filter(({ questionToken }) => !questionToken).map(({ name }) => name.getText()),
  };
}

function schemaOfMember(member, checker) {
  const schema = schemaOfType(checker.getTypeAtLocation(member), member, checker);
  // Beside a reference nothing is said: not every reader of contracts looks there.
  if ('$ref' in schema) return schema;
  const description = textOf(member);
  const example = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'example');
  return {
    ...schema,
    ...formatOf(member.name.getText(), schema),
    ...(description === '' ? {} : { description }),
    ...(example ? { example: JSON.parse(ts.getTextOfJSDocComment(example.comment)) } : {}),
  };
}

function schemaOfType(type, place, checker) {
  const parts = type.isUnion() ? type.types : [type];
  const known = parts.filter((part) => !(part.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)));
  const schema = schemaOfParts(known, place, checker);
  if (!parts.some((part) => part.flags & ts.TypeFlags.Null)) return schema;
  return '$ref' in schema ? { anyOf: [schema, { type: 'null' }] } : { ...schema, type: [schema.type, 'null'], ...(schema.enum ? { enum: [...schema.enum, null] } : {}) };
}

function schemaOfParts(parts, place, checker) {
  const [first] = parts;
  if (parts.every((part) => part.isStringLiteral())) return { type: 'string', enum: parts.map(({ value }) => value) };
  if (parts.every((part) => part.flags & ts.TypeFlags.BooleanLike)) return { type: 'boolean' };
  if (parts.length === 1 && first.flags & ts.TypeFlags.String) return { type: 'string' };
  // Counts, versions and minor units; an event has no fractions.
  if (parts.length === 1 && first.flags & ts.TypeFlags.Number) return { type: 'integer' };
  if (parts.length === 1 && checker.isArrayType(first)) return { type: 'array', items: schemaOfType(checker.getTypeArguments(first)[0], place, checker) };
  if (parts.length === 1 && first.isClass()) return { $ref: `#/components/schemas/${first.symbol.name}` };
  throw new Error(`${place.getSourceFile().fileName}: "${place.getText()}" is no fact an event may carry. Use a string, a number, a boolean, a class of this file, or a list of such.`);
}

function formatOf(name, { type }) {
  if (![type].flat().includes('string')) return {};
  if (name.endsWith('Id')) return { format: 'uuid' };
  return name.endsWith('At') ? { format: 'date-time' } : {};
}

/** The comment of a declaration, on one line. */
export function textOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
}
