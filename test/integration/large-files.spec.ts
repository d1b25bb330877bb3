import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import ExcelJS from 'exceljs';
import type { LargeFileFigures } from '../support/measure-large-file.js';

const MEASURE = fileURLToPath(new URL('../support/large-file.mjs', import.meta.url));
const MOST_MEGABYTES = 200;
const ROWS = Number(process.env['SHUKE_LARGE_ROWS'] ?? 100_000);

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

async function measured(format: 'csv' | 'xlsx', subject: string): Promise<LargeFileFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', MEASURE, format, subject]);
  const figures = JSON.parse(stdout) as LargeFileFigures;
  process.stderr.write(`${format} of ${figures.lines} lines, ${Math.round(figures.bytes / 1e6)} MB: memory rose by ${figures.risenMegabytes} MB in ${figures.seconds} s\n`);
  return figures;
}

/** Numbers inline, texts shared: each row has two of its own, as customers have. */
async function aWorkbook(rows: number): Promise<string> {
  folder = await mkdtemp(path.join(tmpdir(), 'shuke-'));
  const file = path.join(folder, 'large.xlsx');
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: createWriteStream(file), useSharedStrings: true });
  const sheet = book.addWorksheet('Customers');
  sheet.addRow(['id', 'name', 'mail', 'city', 'amount']).commit();
  for (let n = 0; n < rows; n += 1) sheet.addRow([n, `客户 ${n}`, `customer.${n}@example.com`, '上海', n / 100]).commit();
  await book.commit();
  return file;
}

describe('G42 the memory a large file takes', () => {
  it('G42 a CSV of a million lines stays below 200 MB', async () => {
    const figures = await measured('csv', '1000000');
    expect(figures).toMatchObject({ lines: 1_000_001, read: 1_000_000 });
    expect(figures.risenMegabytes).toBeLessThan(MOST_MEGABYTES);
  }, 170_000);

  it(`G42 a workbook of ${ROWS} rows stays below 200 MB`, async () => {
    const figures = await measured('xlsx', await aWorkbook(ROWS));
    expect(figures).toMatchObject({ lines: ROWS + 1, read: ROWS });
    expect(figures.risenMegabytes).toBeLessThan(MOST_MEGABYTES);
  }, 600_000);
});
