import { PROBLEMS } from './answers.js';
import type { ProblemsInChinese } from './problems-in-chinese.js';
import { REFUSALS } from './refusals.js';

/** Where the `type` of a problem leads: what each status means, and every code. */
export function problemsPage(chinese: ProblemsInChinese): string {
  const statuses = Object.entries(PROBLEMS).map(([status, meaning]) => `<tr><td>${status}</td><td>${meaning}</td><td lang="zh">${titleInChinese(Number(status))}</td></tr>`);
  const codes = chinese.all().map(([code, detail]) => `<tr id="${code}"><td><code>${code}</code></td><td lang="zh">${detail}</td></tr>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Problems of the Shuke API</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}td{padding:.3rem .6rem;vertical-align:top;border-top:1px solid #ccc}:target{background:#ffc}</style>
<h1>Problems</h1><p>Every error is <code>application/problem+json</code> (RFC 9457). Programs decide by <code>code</code>; people read <code>detail</code>, which says what was refused and how to mend it.</p>
<h2>Statuses</h2><table>${statuses.join('')}</table><h2>Codes</h2><table>${codes.join('')}</table></html>`;
}

function titleInChinese(status: number): string {
  return Object.values(REFUSALS).find((wording) => wording.status === status)?.zh ?? '';
}
