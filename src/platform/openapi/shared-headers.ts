import type { Operation, Parameter, Response } from './operation.js';

/** Headers are the same wherever they stand, so each is described once. */
export interface Shared {
  readonly parameters: Record<string, Parameter & { readonly in: 'header' }>;
  readonly headers: Record<string, object>;
}

export function inOrder(operation: Operation, shared: Shared): Operation {
  const { operationId, tags, summary, description, deprecated, security, parameters = [], requestBody, responses, ...rest } = operation;
  // The compiler plugin adds an answer by the method's usual status; every answer of ours says what it is.
  const declared = Object.entries(responses).filter(([, answer]) => answer['description'] !== '');
  return {
    operationId,
    tags,
    summary,
    description,
    deprecated,
    security,
    ...(parameters.length > 0 ? { parameters: parameters.map((parameter) => (isHeader(parameter) ? shareParameter(parameter, shared) : parameter)) } : {}),
    requestBody,
    ...rest,
    responses: Object.fromEntries(declared.map(([status, answer]) => [status, shareHeaders(answer, shared)])),
  };
}

function isHeader(parameter: Parameter): parameter is Parameter & { readonly in: 'header' } {
  return parameter.in === 'header';
}

function shareParameter(parameter: Parameter & { readonly in: 'header' }, shared: Shared): Parameter {
  const key = parameter.name.replaceAll('-', '');
  shared.parameters[key] = parameter;
  return { $ref: `#/components/parameters/${key}` } as unknown as Parameter;
}

function shareHeaders({ headers, ...answer }: Response, shared: Shared): Response {
  if ('$ref' in answer) return answer;
  const entries = Object.entries((headers as Record<string, object> | undefined) ?? {});
  for (const [name, header] of entries) shared.headers[name.replaceAll('-', '')] = header;
  const names = [...entries.map(([name]) => name), 'X-Request-Id'];
  return { ...answer, headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name.replaceAll('-', '')}` }])) };
}
