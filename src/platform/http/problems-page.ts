import { PROBLEMS } from './answers.js';
import { escaped, operationsOf, page } from './docs-pages.js';
import type { ProblemsInChinese } from './problems-in-chinese.js';
import type { ContractDocument } from './read-contract.js';
import { REFUSALS } from './refusals.js';

/** Where the `type` of a problem leads: what each status means, and of every code what it says, how to mend it, and which routes answer it. */
export function problemsPage(chinese: ProblemsInChinese, contract: ContractDocument): string {
  const statuses = Object.entries(PROBLEMS).map(([status, meaning]) => `<tr><td>${status}</td><td>${meaning}</td><td lang="zh">${titleInChinese(Number(status))}</td></tr>`);
  const routes = routesByCode(contract);
  const told = contract['x-problem-codes'] ?? {};
  const codes = chinese.all().map(([code, detail]) => {
    const { statuses: answered = [], details = [] } = told[code] ?? {};
    return `<tr id="${code}"><td><code>${code}</code></td><td>${answered.join(', ')}</td><td>${details.map(escaped).join('<br>')}</td><td lang="zh">${detail}</td><td>${(routes.get(code) ?? []).join(', ')}</td></tr>`;
  });
  return page(
    'Problems of the Shuke API',
    `<p>Every error is <code>application/problem+json</code> (RFC 9457). Programs decide by <code>code</code>; people read <code>detail</code>, which says what was refused and how to mend it, with the values that stand as … below.</p>
<h2>Statuses</h2><table>${statuses.join('')}</table>
<h2>Codes</h2><table><tr><th>code</th><th>status</th><th>what it says</th><th>in Chinese</th><th>operations that answer it</th></tr>${codes.join('')}</table>`,
  );
}

/** Codes that the contract names for a route; those that any route may answer it names for none. */
function routesByCode(contract: ContractDocument): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { operationId, responses } of operationsOf(contract)) {
    for (const { description = '' } of Object.values(responses)) {
      const [, list = ''] = /Codes of this route: (.*)$/.exec(description) ?? [];
      for (const [, code = ''] of list.matchAll(/`(\w+)`/g)) found.set(code, [...(found.get(code) ?? []), operationId]);
    }
  }
  return found;
}

function titleInChinese(status: number): string {
  return Object.values(REFUSALS).find((wording) => wording.status === status)?.zh ?? '';
}
