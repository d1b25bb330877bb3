import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sizeOf } from '../../bench/options.js';
import { tableOf, type Report } from '../../bench/report.js';
import { runBench } from '../../bench/run.js';

const SIZE = sizeOf(0.002);
const WORKS = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7', 'W9', 'W10', 'W12'];

let folder: string;
let report: Report;

/** Figures of so small a run mean nothing; that there are any means that nothing was refused and that app and floor agreed. */
describe('the bench, run small', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'shuke-bench-'));
    const options = { works: [], size: SIZE, rounds: 1, seconds: 0.2, connections: 4, processes: 1 as const, fresh: false, folder, nodeArguments: [] };
    report = await runBench(options, () => undefined);
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(WORKS)('S177 measures %s by work that was really done, at both sides', (work) => {
    const findings = report.findings.filter((finding) => finding.work === work);
    expect(findings.length).toBeGreaterThan(0);
    for (const { value, done, floor } of findings) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(done.app).toBeGreaterThan(0);
      if (floor !== undefined) expect(done.floor).toBeGreaterThan(0);
    }
  });

  it('S177 brings the whole shop in, customers and orders', () => {
    const rows = report.findings.filter(({ what }) => what.startsWith('import of')).map(({ done }) => done);
    expect(rows).toEqual([{ app: SIZE.customers, floor: SIZE.customers }, { app: SIZE.orders, floor: SIZE.orders }]);
  });

  it('S177 prints each figure with its bounds, and names what is left out', () => {
    const table = tableOf(report);
    for (const { what } of report.findings) expect(table).toContain(`| ${what} |`);
    expect(table).toMatch(/\| W1 \| one customer by id \|.*[✓✗] ≥ 0\.35 \| [✓✗] ≥ 0\.6 \|/);
    expect(table).toContain('W8 (');
    expect(table).toContain('W11 (');
  });

  it('S177 keeps its data for the next run, and refuses a work it does not know', async () => {
    const options = { works: ['W99'], size: SIZE, rounds: 1, seconds: 0.2, connections: 4, processes: 1 as const, fresh: false, folder, nodeArguments: [] };
    await expect(runBench(options, () => undefined)).rejects.toThrow('There is no W99');
    const again = await runBench({ ...options, works: ['W1'] }, () => undefined);
    expect(again.preparedAt).toBe(report.preparedAt);
  }, 90_000);
});
