import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Client, Pool, type QueryConfig } from 'pg';
import type { Line, Person } from '../shop/shop.js';
import { Fanout } from './fanout.js';
import { customerRow, floorId, gramsOfFragment } from './rows.js';
import { CREATE, CUSTOMER, OVERVIEW, PAGE, PLACE, RFM, SEARCH } from './statements.js';

/**
 * The least that could answer: one process, Node's own HTTP server, prepared statements pipelined over few connections, JSON
 * made by PostgreSQL and passed on. No sign-in, no validation, no audit, no encryption. Argument: URL of the floor's database.
 */
const PIPELINES = 4;
/** Commits share a flush of the log only if they come on different connections. */
const WRITERS = 16;

const url = process.argv[2]!;
const readers = await Promise.all(
  Array.from({ length: PIPELINES }, async () => {
    const client = new Client({ connectionString: url, pipeline: true });
    await client.connect();
    return client;
  }),
);
const writers = new Pool({ connectionString: url, max: WRITERS });
const fanout = new Fanout(url);
let turn = 0;

type Row = { readonly json: string };

async function read(statement: QueryConfig, values: unknown[]): Promise<string> {
  const { rows } = await readers[turn++ % PIPELINES]!.query<Row>({ ...statement, values });
  return rows[0]!.json;
}

async function write(statement: QueryConfig, values: unknown[]): Promise<string> {
  const { rows } = await writers.query<Row>({ ...statement, values });
  return rows[0]!.json;
}

const GET: Readonly<Record<string, (asked: URLSearchParams) => Promise<string>>> = {
  '/customer': (asked) => read(CUSTOMER, [asked.get('id')]),
  '/customers': (asked) => read(PAGE, [asked.get('gender'), asked.get('before') ?? 'infinity', asked.get('id') ?? floorId('person', 0)]),
  '/search': (asked) => read(SEARCH, [gramsOfFragment(asked.get('q')!), `%${asked.get('q')!.toLowerCase()}%`]),
  '/overview': (asked) => read(OVERVIEW, [asked.get('id')]),
  '/rfm': () => read(RFM, []),
};

type Body = { person: Person; order: { n: number; customer: number; channel: string; lines: Line[] }; readers: number };

const POST: Readonly<Record<string, (body: Body) => Promise<string>>> = {
  '/customers': ({ person }) => {
    const [id, name, gender, phone, email, country, province, city, tags, , grams] = customerRow(person);
    return write(CREATE, [id, name, gender, phone, email, country, province, city, tags, grams]);
  },
  '/orders': ({ order: { n, customer, channel, lines } }) => write(PLACE, [floorId('purchase', n), floorId('person', customer), channel, JSON.stringify(lines)]),
  '/fanout': async ({ readers: count }) => JSON.stringify({ seconds: await fanout.run(count) }),
};

async function answer(request: IncomingMessage): Promise<string> {
  const { pathname, searchParams } = new URL(request.url!, 'http://floor');
  if (request.method === 'GET') return GET[pathname]!(searchParams);
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return POST[pathname]!(JSON.parse(Buffer.concat(pieces).toString('utf8')) as Body);
}

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }).end(text);
}

const server = createServer((request, response) => {
  answer(request).then(
    (text) => respond(response, 200, text),
    (error: unknown) => respond(response, 500, JSON.stringify(String(error))),
  );
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send!((server.address() as { port: number }).port));
process.once('SIGTERM', () => process.exit(0));
// The bench has ended, however it did.
process.once('disconnect', () => process.exit(0));
