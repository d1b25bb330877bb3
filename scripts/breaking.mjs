// npm run openapi:breaking: does openapi.yaml still do what the last release promised (contract/released.yaml)? Two files may be named instead.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { root, runScript, Stop } from './prepare.mjs';

const REDOCLY = path.join(root, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js');
const RULES = path.join(root, 'contract', 'diff.redocly.yaml');
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head'];

await runScript(() => {
  const [base = path.join(root, 'contract', 'released.yaml'), revision = path.join(root, 'openapi.yaml')] = process.argv.slice(2);
  const breaks = breakingChanges(read(base), read(revision));
  if (breaks.length === 0) return console.log('Nothing that clients rely on has changed.');
  throw new Stop(`${breaks.map((one) => `- ${one}`).join('\n')}\n${breaks.length} changes break clients of the last release. Keep what was there and add the new beside it (docs: deprecation), or wait for the next major version.`);
});

function read(file) {
  return parse(fs.readFileSync(file, 'utf8'));
}

/**
 * A schema that is both sent and answered is looked at by the differ where it meets it first, though what may change differs:
 * so the two directions are compared each for itself.
 */
function breakingChanges(base, revision) {
  const found = [onlySent, onlyAnswered].flatMap((part) => differences(part(base), part(revision)).flatMap((change) => breaksOf(change)));
  return [...new Set(found)].sort((one, other) => one.localeCompare(other));
}

function breaksOf({ path: where, kind, property, verdicts, base, revision }) {
  const place = decodeURIComponent(where.replace(/^#\//, '').replaceAll('~1', '/').replaceAll('~0', '~'));
  // The differ thinks nothing of it, but whoever left the value out now gets something else.
  if (property === 'default' && kind === 'modified') return [`${place}: the default changed from ${JSON.stringify(base.value)} to ${JSON.stringify(revision.value)}.`];
  return verdicts.filter((verdict) => verdict.impact === 'major' && !isPromisedToGrow(verdict, where)).map(({ message }) => `${place}: ${message}`);
}

/** API conventions: values of an answer may join, and a problem that is not answered any more harms nobody. */
function isPromisedToGrow({ ruleId }, where) {
  return (ruleId === 'enum-values-added' && where.includes('/responses/')) || (ruleId === 'response-removed' && /\/responses\/[45]\d\d$/.test(where));
}

/** What clients send: parameters and bodies. Of the answers only that there are such. */
function onlySent(document) {
  const { webhooks: _answered, ...rest } = document;
  return eachOperation(rest, ({ responses, ...operation }) => ({
    ...operation,
    responses: Object.fromEntries(Object.keys(responses).map((status) => [status, { description: status }])),
  }));
}

/** What clients are given: answers, and what webhooks bring, as if they had asked for it. */
function onlyAnswered(document) {
  const { webhooks = {}, ...rest } = document;
  const { paths, ...answered } = eachOperation(rest, ({ parameters: _parameters, requestBody: _requestBody, ...operation }) => operation);
  const told = Object.entries(webhooks).map(([type, { post }]) => [
    `/webhooks/${type}`,
    { get: { operationId: post.operationId, responses: { 200: { description: type, content: post.requestBody.content } } } },
  ]);
  return { ...answered, paths: { ...withoutParameters(paths), ...Object.fromEntries(told) } };
}

function withoutParameters(paths) {
  return Object.fromEntries(Object.entries(paths).map(([name, item]) => [name, Object.fromEntries(Object.entries(item).filter(([key]) => METHODS.includes(key)))]));
}

function eachOperation(document, change) {
  const paths = Object.entries(document.paths).map(([name, item]) => [
    name,
    Object.fromEntries(Object.entries(item).map(([key, value]) => [key, METHODS.includes(key) ? change(value) : value])),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Every change with what Redocly's differ makes of it. */
function differences(base, revision) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shuke-breaking-'));
  try {
    const [before, after, report] = ['before.yaml', 'after.yaml', 'report.json'].map((name) => path.join(folder, name));
    fs.writeFileSync(before, stringify(base, { aliasDuplicateObjects: false }));
    fs.writeFileSync(after, stringify(revision, { aliasDuplicateObjects: false }));
    execFileSync(process.execPath, [REDOCLY, 'diff', before, after, '--config', RULES, '--format', 'json', '--fail-on', 'none', '--output', report], { cwd: root, stdio: 'pipe' });
    return JSON.parse(fs.readFileSync(report, 'utf8')).changes;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
