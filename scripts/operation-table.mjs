import { parse } from 'yaml';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
/** What the client calls the headers that an operation may take. */
const HEADERS = {
  'Idempotency-Key': 'idempotencyKey', 'If-Match': 'ifMatch', 'Wait-For-Event': 'waitForEvent', 'Last-Event-ID': 'lastEventId', Range: 'range',
  'Upload-Length': 'uploadLength', 'Upload-Metadata': 'uploadMetadata', 'Upload-Offset': 'uploadOffset',
};
/** Named beside the parameters in one object, so no parameter may be called so. */
const RESERVED = ['body', ...Object.values(HEADERS)];

/**
 * What a client has to know of each operation when it runs, which types cannot tell: address, where each parameter goes,
 * which body it takes, and whether the server keeps its answer under an Idempotency-Key.
 * @param {string} contract the text of openapi.yaml
 * @returns {string} a TypeScript module
 */
export function operationTable(contract) {
  const { paths, components } = parse(contract);
  const rows = Object.entries(paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => rowOf(path, method, item[method], components)));
  rows.sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    '// Generated from openapi.yaml by "npm run sdk". Do not edit.',
    "import type { OperationRow } from './operation-row.js';",
    "import type { OperationId } from './operation-types.js';",
    '',
    'export const OPERATIONS: { readonly [Id in OperationId]: OperationRow } = {',
    ...rows.map(([id, row]) => `  ${id}: ${JSON.stringify(row)},`),
    '};',
    '',
  ].join('\n');
}

function rowOf(path, method, operation, components) {
  const parameters = (operation.parameters ?? []).map((parameter) => (parameter.$ref ? components.parameters[parameter.$ref.split('/').pop()] : parameter));
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const sent = parameters.filter((parameter) => parameter.in === 'header');
  const headers = sent.flatMap(({ name }) => HEADERS[name] ?? []);
  const fixed = sent.filter(isFixed).map(({ name, schema }) => [name, schema.enum[0]]);
  const unknown = sent.find((parameter) => parameter.required && !HEADERS[parameter.name] && !isFixed(parameter));
  if (unknown) throw new Error(`${operation.operationId} needs the header "${unknown.name}", which has no name in the clients yet. Give it one in scripts/operation-table.mjs and in operation-row.ts.`);
  const clash = parameters.find(({ name }) => RESERVED.includes(name));
  if (clash) throw new Error(`${operation.operationId} has a parameter called "${clash.name}", which the clients need for themselves. Give it another name.`);
  const body = Object.keys(operation.requestBody?.content ?? {});
  return [
    operation.operationId,
    {
      method: method.toUpperCase(),
      path,
      summary: operation.summary,
      ...(query.length > 0 ? { query } : {}),
      ...(headers.length > 0 ? { headers } : {}),
      ...(fixed.length > 0 ? { fixed: Object.fromEntries(fixed) } : {}),
      ...(body.length > 0 ? { body } : {}),
    },
  ];
}

/** A header that can only be one thing is sent without being asked for. */
function isFixed({ required, schema }) {
  return required === true && schema?.enum?.length === 1;
}
