// What start, dev and test share: the right Node, the packages of the lock file, a build of the present sources.
// Plain Node and old syntax on purpose: this must run, and say its sentence, before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { locked } from './prepare-lock.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const NODE_NEEDED = [20, 19];
const STILL_AT_IT_MS = 10_000;
/** After the reason npm prints its whole manual. */
const NPM_LINES = 12;
const installStamp = path.join(root, 'node_modules', '.shuke-stamp');
const COMPILER_INPUTS = ['tsconfig.json', 'package-lock.json'];

/** What is compiled: into which file, by what, from which files and folders. */
const APP = { main: 'dist/main.js', stamp: 'dist/.shuke-stamp', compiler: nest('build'), files: ['nest-cli.json', ...COMPILER_INPUTS], folders: ['src'] };
const CLI = {
  main: 'cli/dist/cli/src/main.js',
  stamp: 'cli/dist/.shuke-stamp',
  compiler: [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'cli'],
  files: ['cli/tsconfig.json', ...COMPILER_INPUTS],
  folders: ['cli/src', 'sdk/typescript/src'],
};

/** A sentence for the person at the terminal; the scripts print it and exit with 1. */
export class Stop extends Error {}

/** Runs a script's body and turns what went wrong into one sentence and exit code 1. */
export async function runScript(body) {
  try {
    await body();
  } catch (failure) {
    console.error(failure instanceof Stop ? failure.message : sentenceAbout(failure) || failure);
    process.exit(1);
  }
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])) return;
  throw new Stop(`Shuke needs Node ${NODE_NEEDED.join('.')} or newer, and this is Node ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`);
}

/** Installs and builds what is missing. Two scripts at once in one checkout do the work once; with nothing to do it costs milliseconds. */
export async function prepare({ build, cli = false }) {
  checkNode();
  const wanted = [...(build ? [APP] : []), ...(cli ? [CLI] : [])];
  if (isInstalled() && wanted.every(isBuilt)) return;
  await locked(path.join(root, 'dist', '.prepare-lock'), async () => {
    // Looked at again: another start may have done it while this one waited.
    if (!isInstalled()) await install();
    for (const product of wanted) if (!isBuilt(product)) await compile(product);
  });
}

/** A watching compiler writes to dist behind the stamp's back, so the next start has to build. */
export function forgetBuild() {
  fs.rmSync(path.join(root, APP.stamp), { force: true });
}

function isInstalled() {
  const wanted = lockHash();
  if (read(installStamp) === wanted) return true;
  // Installed by hand: npm's own record says whether it is the same.
  if (!matchesLockFile()) return false;
  fs.writeFileSync(installStamp, wanted);
  return true;
}

function matchesLockFile() {
  const hidden = read(path.join(root, 'node_modules', '.package-lock.json'));
  if (!hidden) return false;
  const there = JSON.parse(hidden).packages;
  const wanted = JSON.parse(read(path.join(root, 'package-lock.json'))).packages;
  return Object.entries(wanted).every(([where, { version, optional }]) => {
    const found = there[where];
    return where === '' || (found ? found.version === version : optional === true);
  });
}

async function install() {
  refuseForeignPackages();
  console.log('Installing packages (once, about half a minute) …');
  fs.rmSync(installStamp, { force: true });
  const { command, args } = npm();
  // NODE_ENV=production would leave out the compiler that the next step needs.
  const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  await run(command, [...args, ...options], 'Still installing', { env: { ...process.env, ...cacheWithoutHome() } }).catch((failure) => {
    throw new Stop(`${firstLines(failure.message, NPM_LINES)}\n${sentenceAbout(failure) || 'The packages could not be installed (npm ci failed; its words are above). Check the network and the registry, and start again.'}`);
  });
  fs.writeFileSync(installStamp, lockHash());
}

/** npm ci empties the folder before it fills it: behind a link that would be somebody else's. */
function refuseForeignPackages() {
  const folder = path.join(root, 'node_modules');
  const isLink = fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink();
  if (!isLink) return;
  throw new Stop(`${folder} is a link to ${fs.readlinkSync(folder)}, whose packages do not fit package-lock.json, and installing here would empty that folder. Remove the link and start again, or run "npm ci" where it leads.`);
}

async function compile(product) {
  console.log('Building (once for each change, some seconds) …');
  fs.rmSync(path.join(root, product.stamp), { force: true });
  // Without its outputs the compiler's record of them would make it write nothing.
  if (!fs.existsSync(path.join(root, 'dist', 'main.js'))) fs.rmSync(path.join(root, 'dist', '.tsbuildinfo'), { force: true });
  const hash = sourceHash(product);
  await run(process.execPath, product.compiler, 'Still building').catch((failure) => {
    throw new Stop(`${failure.message}\n${sentenceAbout(failure) || 'The build failed; the compiler says why above.'}`);
  });
  fs.writeFileSync(path.join(root, product.stamp), hash);
}

function isBuilt(product) {
  return fs.existsSync(path.join(root, product.main)) && read(path.join(root, product.stamp)) === sourceHash(product);
}

/** Arguments for Node that run the Nest compiler; not `.bin/nest`, which is a shell script on Windows. */
export function nest(...args) {
  return [path.join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), ...args];
}

/** The npm that runs us, else the one that came with this Node, else whatever PATH has. */
function npm() {
  const beside = path.dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath || '',
    path.join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const cli = candidates.find((file) => path.basename(file) === 'npm-cli.js' && fs.existsSync(file));
  return cli ? { command: process.execPath, args: [cli] } : { command: 'npm', args: [] };
}

/** npm keeps its cache and logs in the home folder; without one it would try to write to `/.npm`. */
function cacheWithoutHome() {
  try {
    fs.accessSync(os.homedir() || '/nowhere', fs.constants.W_OK);
    return {};
  } catch {
    const user = process.getuid ? process.getuid() : 'user';
    return { npm_config_cache: path.join(os.tmpdir(), `shuke-npm-cache-${user}`) };
  }
}

/** Runs quietly; rejects with everything it printed. */
function run(command, args, still, options = {}) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const said = [];
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const end = () => child.kill();
    process.once('exit', end);
    const tick = setInterval(() => console.log(`${still} (${Math.round((Date.now() - began) / 1000)} s) …`), STILL_AT_IT_MS);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    child.once('error', (failure) => {
      clearInterval(tick);
      reject(new Stop(failure.code === 'ENOENT' ? `There is no ${command} on this machine's PATH. Install Node with npm from https://nodejs.org and start again.` : failure.message));
    });
    child.once('close', (code) => {
      clearInterval(tick);
      process.off('exit', end);
      if (code === 0) resolve();
      else reject(new Error(Buffer.concat(said).toString('utf8').trim()));
    });
  });
}

function firstLines(text, count) {
  return text.split('\n').slice(0, count).join('\n');
}

function sentenceAbout(failure) {
  const said = `${failure.code || ''} ${failure.message || ''}`;
  if (/ENOSPC|EDQUOT|no space left/i.test(said)) return `The disk that holds ${root} is full. Free about 1 GB and start again.`;
  if (/EACCES|EPERM|EROFS|permission denied/i.test(said)) return `This account may not write in ${root}. Give it the folder, or start as the account that owns it.`;
  return failure instanceof Stop ? failure.message : undefined;
}

/** Another system has other binaries, though the lock file is the same (a checkout shared with a container). */
function lockHash() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  return hash.update(fs.readFileSync(path.join(root, 'package-lock.json'))).digest('hex');
}

function sourceHash({ files, folders }) {
  const hash = createHash('sha256');
  const named = files.map((name) => path.join(root, name));
  for (const file of [...named, ...folders.flatMap((folder) => sources(path.join(root, folder)))]) {
    hash.update(`${path.relative(root, file)}\0`).update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function sources(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return entry.name.endsWith('.spec.ts') ? [] : [file];
  });
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
