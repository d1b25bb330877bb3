import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMINISTRATOR, startApp, type TestApp } from '../support/app.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const REDOCLY = path.join(ROOT, 'node_modules/@redocly/cli/bin/cli.js');
const flows = readdirSync(path.join(ROOT, 'arazzo')).filter((name) => name.endsWith('.arazzo.yaml'));

interface Result {
  readonly code: number;
  /** Ids of the steps in the order they ran. */
  readonly steps: readonly string[];
  readonly said: string;
}

let app: TestApp;
let folder: string;
let token: string;
let runs = 0;

beforeAll(async () => {
  app = await startApp({ workers: true });
  folder = await mkdtemp(path.join(tmpdir(), 'shuke-arazzo-'));
  const admin = await app.asAdmin();
  await admin.post('/v1/customers').send({ name: 'The first event' }).expect(201);
  const { body } = await app.http.post('/v1/sessions').send({ email: ADMINISTRATOR.email, password: ADMINISTRATOR.password }).expect(201);
  token = (body as { accessToken: string }).accessToken;
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** @returns the exit code and all that was printed */
function redocly(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<{ code: number; said: string }> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1', ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [REDOCLY, ...args], { cwd: ROOT, env, maxBuffer: 1 << 25 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr });
    });
  });
}

/** Runs a flow for real, under ids that no other run used. */
async function respect(file: string): Promise<Result> {
  runs += 1;
  const report = path.join(folder, `report-${runs}.json`);
  const input = { token, system: 'arazzo', firstId: `first-${runs}`, secondId: `second-${runs}`, customerId: `customer-${runs}`, orderId: `order-${runs}`, cursor: 0 };
  const { code, said } = await redocly(['respect', file, '--server', `shuke=${app.url}`, '--json-output', report], { REDOCLY_CLI_RESPECT_INPUT: JSON.stringify(input) });
  const { files } = JSON.parse(await readFile(report, 'utf8').catch(() => '{"files":{}}')) as { files: Record<string, { executedWorkflows: { executedSteps: { stepId: string }[] }[] }> };
  return { code, said, steps: Object.values(files).flatMap(({ executedWorkflows }) => executedWorkflows.flatMap(({ executedSteps }) => executedSteps.map(({ stepId }) => stepId))) };
}

/** The same flow with one word changed, beside nothing else. */
async function altered(flow: string, from: string, to: string): Promise<string> {
  const text = readFileSync(path.join(ROOT, 'arazzo', flow), 'utf8');
  expect(text.split(from).length).toBe(2);
  const file = path.join(folder, flow);
  await writeFile(file, text.replace(from, to).replace('../openapi.yaml', path.join(ROOT, 'openapi.yaml')));
  return file;
}

describe('the flows of the three commonest integrations', () => {
  it('S174 are three, and valid Arazzo 1.0 without a warning', async () => {
    expect(flows).toEqual(['follow-the-feed.arazzo.yaml', 'sync-customers.arazzo.yaml', 'sync-orders.arazzo.yaml']);
    const { code, said } = await redocly(['lint', ...flows.map((flow) => path.join('arazzo', flow))]);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('Your API descriptions are valid') });
    expect(said).not.toMatch(/\d+ (warning|error)/);
  });

  it.each(flows)('S174 %s runs for real, every check of every step passed', async (flow) => {
    const { code, steps, said } = await respect(path.join('arazzo', flow));
    const wanted = [...readFileSync(path.join(ROOT, 'arazzo', flow), 'utf8').matchAll(/- stepId: (\w+)/g)].map(([, id]) => id);
    expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
    // A step that is tried again is listed again.
    expect([...new Set(steps)]).toEqual(wanted);
  });

  it.each([
    ['sync-orders.arazzo.yaml', 'length(@.payments) == 1', 'length(@.payments) == 2'],
    ['sync-orders.arazzo.yaml', "Idempotent-Replayed == 'true'", "Idempotent-Replayed == 'false'"],
    ['sync-customers.arazzo.yaml', 'version == 1', 'version == 7'],
    ['follow-the-feed.arazzo.yaml', 'hasMore == false', 'hasMore == true'],
  ])('%s fails where the answer is not as it says: %s', async (flow, from, to) => {
    const { code, said } = await respect(await altered(flow, from, to));
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('✗ success criteria check') });
  });
});
