import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const client = path.join(root, 'sdk/typescript');

const TSC = path.join(root, 'node_modules/typescript/bin/tsc');

/** A folder of somebody who installed the package. */
let place: string;
let installed: string;
let dist: string;

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'shuke-client-'));
  installed = path.join(place, 'node_modules/@shuke/client');
  dist = path.join(installed, 'dist');
  await run(process.execPath, [TSC, '-p', client, '--outDir', dist]);
  await copyFile(path.join(client, 'package.json'), path.join(installed, 'package.json'));
  await writeFile(path.join(place, 'package.json'), '{"type":"module"}');
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** Runs a module of theirs. */
async function theirs(module: string): Promise<string> {
  await writeFile(path.join(place, 'theirs.js'), module);
  return (await run(process.execPath, [path.join(place, 'theirs.js')], { cwd: place })).stdout;
}

/** Type-checks a module of theirs. @returns what the compiler says */
async function checked(module: string): Promise<string> {
  await writeFile(path.join(place, 'theirs.ts'), module);
  const compilerOptions = { noEmit: true, strict: true, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'], module: 'nodenext', types: [] };
  await writeFile(path.join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['theirs.ts'] }));
  return run(process.execPath, [TSC, '-p', place], { cwd: place }).then(({ stdout }) => stdout, ({ stdout }: { stdout: string }) => stdout);
}

/** All but the part that is for Node. */
async function compiled(ending: string): Promise<string> {
  const files = (await readdir(dist)).filter((file) => file.endsWith(ending) && file !== `node${ending}`);
  return (await Promise.all(files.map((file) => readFile(path.join(dist, file), 'utf8')))).join('\n');
}

/** Modules named by import and export statements, which begin their line, and by import(). */
function importedBy(text: string): string[] {
  return [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(([, from, bare, dynamic]) => (from ?? bare ?? dynamic)!);
}

describe('S152 the client as it is published', () => {
  it('needs no package and nothing of Node, so that a browser can load it', async () => {
    const imported = importedBy(await compiled('.js'));
    expect(imported.length).toBeGreaterThan(10);
    expect(imported.filter((name) => !name.startsWith('./'))).toEqual([]);
    expect(await compiled('.js')).not.toMatch(/\b(process|Buffer|require)\b\s*[.(]/);
  });

  it('has its types beside it, which name no package either', async () => {
    const types = await compiled('.d.ts');
    expect(types).toContain('interface operations');
    expect(importedBy(types).filter((name) => !name.startsWith('./'))).toEqual([]);
  });

  it('exports what its package.json says, and ships what it names', async () => {
    const { exports, types, files, dependencies = {} } = JSON.parse(await readFile(path.join(client, 'package.json'), 'utf8')) as {
      exports: Record<string, { types: string; default: string }>; types: string; files: string[]; dependencies?: object;
    };
    const built = (await readdir(dist)).map((file) => `./dist/${file}`);
    const entries = [exports['.']!, exports['./node']!].flatMap((entry) => [entry.types, entry.default]);
    expect(built).toEqual(expect.arrayContaining([...entries, types]));
    expect(dependencies).toEqual({});
    expect(await readdir(client)).toEqual(expect.arrayContaining(files.filter((file) => file !== 'dist')));
  });

  it('is loaded by plain Node from its build, with the part that is for Node', async () => {
    const module = `
      import { createShuke } from '@shuke/client';
      import { fileAt } from '@shuke/client/node';
      const file = await fileAt('package.json');
      console.log(typeof createShuke({ baseUrl: 'http://localhost:3000' }).call, file.name, await file.text());`;
    expect(await theirs(module)).toBe('function package.json {"type":"module"}\n');
  });

  it('S154 types an event by its type', async () => {
    const said = await checked(`
      import { createShuke, type ShukeEvent } from '@shuke/client';
      import { fileAt } from '@shuke/client/node';
      const shuke = createShuke({ baseUrl: 'http://localhost:3000' });
      export function totalOf(event: ShukeEvent): string | undefined {
        if (event.type === 'sales.order_placed.v1') return event.data.order.orderId;
        if (event.type === 'customer.registered.v1') return event.data.registeredAt;
        // @ts-expect-error no event is called so
        if (event.type === 'sales.order_sneezed.v1') return undefined;
        // @ts-expect-error which one is not known yet
        return event.data.registeredAt;
      }
      for await (const event of shuke.events({ types: ['customer.registered.v1', 'customer.changed.v1'] })) {
        const id: string = event.data.customerId;
        // @ts-expect-error only one of both has it
        const source: string = event.data.source;
        if (event.type === 'customer.changed.v1') console.log(id, source, event.data.fields.length);
        // @ts-expect-error it was not asked for
        if (event.type === 'customer.deleted.v1') break;
      }
      for await (const { data } of shuke.events({ types: ['of.a_newer_server.v9'] })) {
        const word: unknown = data['word'];
        console.log(word);
      }
      await shuke.upload(await fileAt('orders.xlsx'), { sheet: 'Orders' });
      const { stream } = await shuke.export({ resource: 'orders', format: 'xlsx' });
      await shuke.call('appendToResumableUpload', { id: '', uploadOffset: 5, body: new Uint8Array(3) });
      // @ts-expect-error an offset is a number
      await shuke.call('appendToResumableUpload', { id: '', uploadOffset: '5', body: stream });`);
    expect(said).toBe('');
  });

  it('S156 uploads 512 MB of a stream and of a file without holding them', async () => {
    const server = await sink();
    try {
      const module = `
        import { openSync, ftruncateSync } from 'node:fs';
        import { createShuke } from '@shuke/client';
        import { fileAt } from '@shuke/client/node';
        const shuke = createShuke({ baseUrl: '${server.url}', apiKey: 'key' });
        const size = 512 * 2 ** 20;
        let left = size;
        const stream = new ReadableStream({ pull(controller) {
          if (left === 0) return controller.close();
          controller.enqueue(new Uint8Array(2 ** 20));
          left -= 2 ** 20;
        } });
        await shuke.upload(stream, { size });
        ftruncateSync(openSync('large.csv', 'w'), size);
        await shuke.upload(await fileAt('large.csv'));
        console.log(Math.round(process.resourceUsage().maxRSS / 1024));`;
      const megabytes = Number(await theirs(module));
      expect(server.received()).toBe(2 * 512 * 2 ** 20);
      process.stderr.write(`client: 2 x 512 MB uploaded in ${megabytes} MB\n`);
      expect(megabytes).toBeLessThan(400);
    } finally {
      await server.close();
    }
  });
});

/** Takes files in chunks and keeps nothing. */
async function sink(): Promise<{ readonly url: string; readonly received: () => number; readonly close: () => Promise<void> }> {
  let received = 0;
  let ofThis = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, json: object) => void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      ofThis += chunk.length;
    });
    request.once('end', () => {
      if (request.method === 'PATCH') return void response.writeHead(204).end();
      if (request.method === 'POST') ofThis = 0;
      if (request.url!.endsWith('/events')) return answer(404, {});
      answer(request.method === 'POST' ? 201 : 200, { id: 'u-1', receivedBytes: ofThis, operationId: 'o-1', status: 'succeeded', finishedAt: '2026-01-15T08:00:00.000Z' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
