import type { ContractDocument, ContractOperation } from './read-contract.js';
import type { DocsVersion } from './docs-version.js';

/** A page of the documentation beside the one to try requests on. `body` is HTML of our own. */
export function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px/1.5 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}td,th{padding:.3rem .6rem;vertical-align:top;text-align:left;border-top:1px solid #ccc}:target{background:#ffc}</style>
<h1>${title}</h1>${body}</html>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Every operation with its method and path. */
export function operationsOf({ paths }: ContractDocument): (ContractOperation & { readonly where: string })[] {
  return Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ ...operation, where: `${method.toUpperCase()} ${path}` })));
}

/** Which versions of the contract this server has documentation for; the first is its own. */
export function versionsPage([own, ...others]: readonly DocsVersion[]): string {
  const line = ({ name }: DocsVersion, note: string) => `<tr><td><a href="./${name}/">${name}</a></td><td>${note}</td><td><a href="./${name}/openapi.yaml">openapi.yaml</a></td><td><a href="./${name}/openapi.json">openapi.json</a></td></tr>`;
  const lines = [line(own!, 'What this server speaks.'), ...others.map((one) => line(one, 'The last release; everything in it still holds.'))];
  return page('Versions of the Shuke API', `<p>Within <code>/v1</code> changes only ever add. <a href="./deprecations">What will go</a> is announced twelve months ahead.</p><table>${lines.join('')}</table>`);
}

/** What is on its way out, and what to use instead. */
export function deprecationsPage(document: ContractDocument): string {
  const leaving = operationsOf(document).filter(({ deprecated }) => deprecated === true);
  const lines = leaving.map(({ where, operationId, description = '' }) => `<tr><td><code>${escaped(where)}</code></td><td>${escaped(operationId)}</td><td>${escaped(description)}</td></tr>`);
  const list = lines.length === 0 ? '<p>Nothing is deprecated.</p>' : `<table>${lines.join('')}</table>`;
  return page('Deprecations of the Shuke API', `<p>What is deprecated works for twelve months at least; its answers say since when (<code>Deprecation</code>) and until when (<code>Sunset</code>).</p>${list}`);
}
