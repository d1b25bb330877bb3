import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(resolve(root, folder, file), 'utf8') }));
}

/** Template literals that read like SQL and have something spliced in (QUALITY B1). */
function splicedSql(text: string): string[] {
  const templates = text.match(/`(?:\\.|[^`\\])*`/gs) ?? [];
  return templates.filter((template) => /\$\{/.test(template) && SQL_WORD_AT_START.test(template));
}

const SQL_WORD_AT_START = /^`\s*(select|insert|update|delete|with|create|alter|drop|grant|copy|do|truncate|listen|notify)\s+(?=.*\b(from|into|set|table|role|as|where|to|\$\$))/is;

/** Comments may say what code may not. */
function codeLines(text: string): string[] {
  return text.split('\n').filter((line) => !/^\s*(\/?\*|\/\/)/.test(line));
}

/** Compared without constant time, a secret can be guessed byte by byte (QUALITY G46). */
const COMPARED_SECRET = /\b\w*(?:secret|tokenHash|passwordHash|signature|digest)\b\s*[!=]==?\s*(?!null|undefined|'')/i;

describe('source rules', () => {
  it('no SQL text has anything spliced into it (B1)', () => {
    const allowed = new Set(['src/platform/database/app-role.ts']);
    const found = sources('src').filter(({ file, text }) => !allowed.has(file) && splicedSql(text).length > 0);
    expect(found.map(({ file }) => file)).toEqual([]);
  });

  it('the rule on spliced SQL catches what it is for', () => {
    expect(splicedSql('q(`select * from customer where id = ${id}`)')).toHaveLength(1);
    expect(splicedSql('sql(`select 1 from x where id = $1`)')).toHaveLength(0);
    expect(splicedSql('detail(`There is no ${what} from here`)')).toHaveLength(0);
  });

  it('no secret is compared with ===', () => {
    const found = sources('src').flatMap(({ file, text }) => text.split('\n').filter((line) => COMPARED_SECRET.test(line)).map((line) => `${file}: ${line.trim()}`));
    expect(found).toEqual([]);
    expect(COMPARED_SECRET.test('if (row.tokenHash === given)')).toBe(true);
  });

  it('no source holds a forced type, a switched-off rule or a printed line', () => {
    const found = sources('src').flatMap(({ file, text }) =>
      codeLines(text).filter((line) => /@ts-(ignore|nocheck|expect-error)|oxlint-disable|eslint-disable|\bas any\b|console\.(log|error)/.test(line)).map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });
});
