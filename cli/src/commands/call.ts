import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { OPERATIONS, parametersOf, type OperationId, type OperationRow, type Shuke } from '../../../sdk/typescript/src/index.js';
import type { AddCommand } from '../command.js';
import { Complaint } from '../complaint.js';
import { EXIT } from '../exit-codes.js';
import { pairs } from '../options.js';
import type { Session } from '../session.js';
import { textTable } from '../text-table.js';

interface CallOptions {
  readonly param?: Readonly<Record<string, string>>;
  readonly data?: string;
  readonly list?: boolean;
  readonly file?: boolean;
}

export const addCall: AddCommand = (program, run) => {
  program
    .command('call')
    .description('Any operation of the API by its operationId')
    .argument('[operationId]', 'e.g. recordPayment; --list names them all')
    .option('-p, --param <name=value>', 'a parameter, any number of times; ifMatch, idempotencyKey and waitForEvent too', pairs)
    .option('-d, --data <json>', 'the body: JSON, @file, or @- for stdin')
    .option('--list', 'list the operations with their parameters')
    .option('--file', 'take the answer as a file, as it comes')
    .addHelpText('after', `
The answer goes to stdout; with --json it is {"status", "etag", "eventId", "data"}. Without an idempotencyKey one is made.

Examples:
  shuke call --list
  shuke call getOrder --param id=0192f0c1-2b3c-7def-8abc-1234567890ab
  shuke call createCustomer --data '{"name":"张三丰"}'
  shuke call updateCustomer --param id=… --param 'ifMatch="3"' --data @change.json
  shuke call getMonths --param format=csv --file > months.csv`)
    .action(run(call));
};

async function call(session: Session, id: string | undefined, options: CallOptions): Promise<void> {
  if (options.list) return listOperations(session, id);
  const operation = operationOf(id);
  const input = inputOf(operation, OPERATIONS[operation], options.param ?? {}, options.data === undefined ? undefined : await bodyOf(OPERATIONS[operation], options.data));
  const shuke = await session.shuke();
  if (options.file) return passFile(session, shuke, operation, input);
  const { data, status, etag, eventId } = await shuke.call(operation, input as never, { signal: session.signal });
  if (session.terminal.json) await session.terminal.give({ status, etag, eventId, data });
  else if (typeof data === 'string') await session.terminal.print(data);
  else if (data !== undefined) await session.terminal.give(data);
}

function operationOf(id: string | undefined): OperationId {
  if (id === undefined) throw new Complaint('Which operation? shuke call --list names them all.', EXIT.usage);
  if (Object.hasOwn(OPERATIONS, id)) return id as OperationId;
  const like = Object.keys(OPERATIONS).filter((known) => known.toLowerCase().includes(id.toLowerCase()));
  throw new Complaint(`The API has no operation "${id}". ${like.length > 0 ? `There is ${like.join(', ')}.` : 'shuke call --list names them all.'}`, EXIT.usage);
}

/** @throws Complaint that names what the operation takes */
function inputOf(id: OperationId, row: OperationRow, parameters: Readonly<Record<string, string>>, body: unknown): object {
  const known = parametersOf(row).filter((name) => name !== 'body');
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  const missing = [...row.path.matchAll(/\{(\w+)\}/g)].find(([, name]) => !Object.hasOwn(parameters, name!))?.[1];
  const takes = `It takes ${[...known.map((name) => `--param ${name}=…`), ...(row.body ? ['--data'] : [])].join(', ') || 'nothing'}.`;
  if (unknown !== undefined) throw new Complaint(`${id} has no parameter "${unknown}". ${takes}`, EXIT.usage);
  if (missing !== undefined) throw new Complaint(`${id} needs --param ${missing}=…. ${takes}`, EXIT.usage);
  if (body !== undefined && !row.body) throw new Complaint(`${id} takes no --data. ${takes}`, EXIT.usage);
  return { ...parameters, ...(body === undefined ? {} : { body }) };
}

async function bodyOf(row: OperationRow, data: string): Promise<unknown> {
  const content = data === '@-' ? await text(process.stdin) : data.startsWith('@') ? await readFile(data.slice(1), 'utf8') : data;
  if (row.body && !/[/+]json$/.test(row.body[0]!)) return content;
  try {
    return JSON.parse(content) as unknown;
  } catch (error) {
    throw new Complaint(`--data is not JSON: ${(error as Error).message}`, EXIT.usage);
  }
}

async function passFile({ terminal, signal }: Session, shuke: Shuke, id: OperationId, input: object): Promise<void> {
  const { stream } = await shuke.download(id, input as never, { signal });
  for await (const chunk of stream) await terminal.pass(chunk);
}

async function listOperations({ terminal }: Session, part = ''): Promise<void> {
  const rows = Object.entries(OPERATIONS).filter(([id]) => id.toLowerCase().includes(part.toLowerCase()));
  if (terminal.json) {
    for (const [operationId, row] of rows) await terminal.give({ operationId, method: row.method, path: row.path, summary: row.summary, parameters: parametersOf(row) });
    return;
  }
  await terminal.print(textTable(['OPERATION', 'REQUEST', 'WHAT IT DOES'], rows.map(([id, { method, path, summary }]) => [id, `${method} ${path}`, summary])));
}
