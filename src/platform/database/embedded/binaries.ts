import { access, chmod, cp, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** Absolute paths of the programs; `home` is the folder that holds `bin`, `lib` and `share` and may be moved as a whole. */
export interface Binaries {
  readonly home: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const EXE = process.platform === 'win32' ? '.exe' : '';

/**
 * The programs as npm installed them, made ready to run, or a copy under `dataDir` when the installed ones cannot be made ready
 * (a read-only node_modules whose install scripts were skipped).
 * @throws EmbeddedPostgresError when the package for this system is missing.
 */
export async function findBinaries(dataDir: string): Promise<Binaries> {
  const home = installedHome();
  const found = binariesIn(home);
  try {
    await hydrate(home);
    return found;
  } catch (failure) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((failure as NodeJS.ErrnoException).code ?? '')) throw failure;
    return copyBinaries(found, dataDir);
  }
}

/** A copy of the programs (60 MB) inside `dataDir`, for an account that cannot reach node_modules. Made once per version. */
export async function copyBinaries(from: Binaries, dataDir: string): Promise<Binaries> {
  const { version } = JSON.parse(await readFile(path.join(from.home, '..', 'package.json'), 'utf8')) as { version: string };
  const home = path.join(dataDir, `postgres-programs-${version}`);
  if (await exists(home)) return binariesIn(home);

  for (const entry of await readdir(dataDir)) {
    if (entry.startsWith('postgres-programs-')) await rm(path.join(dataDir, entry), { recursive: true, force: true });
  }
  const draft = `${home}.${process.pid}`;
  await mkdir(dataDir, { recursive: true });
  await cp(from.home, draft, { recursive: true, verbatimSymlinks: true });
  await hydrate(draft);
  try {
    await rename(draft, home);
  } catch (failure) {
    // Another starter was faster; its copy is as good as ours.
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(home))) throw failure;
  }
  return binariesIn(home);
}

function installedHome(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  try {
    return path.join(path.dirname(here.resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedPostgresError(
      `The PostgreSQL programs for this system are missing (package ${name}). Run \`npm ci\` without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function binariesIn(home: string): Binaries {
  const program = (name: string) => path.join(home, 'bin', name + EXE);
  return { home, initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

/**
 * npm tarballs hold no symlinks, so the package lists them in a file and links them in its install script, which we do not run.
 * Safe when two starters do it at once: whoever comes second finds the link.
 */
async function hydrate(home: string): Promise<void> {
  for (const { source, target } of await listedSymlinks(home)) {
    const link = path.join(home, '..', target.replace(/^native(?=\/)/, path.basename(home)));
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch((failure: NodeJS.ErrnoException) => {
      if (failure.code !== 'EEXIST') throw failure;
    });
  }
  const { initdb, postgres, pgCtl } = binariesIn(home);
  for (const program of [initdb, postgres, pgCtl]) {
    if (!(await exists(program, EXECUTABLE))) await chmod(program, 0o755);
  }
}

const EXECUTABLE = 1;

async function listedSymlinks(home: string): Promise<{ source: string; target: string }[]> {
  const list = path.join(home, 'pg-symlinks.json');
  // The Windows package has no such list.
  return (await exists(list)) ? (JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]) : [];
}

function exists(file: string, mode = 0): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}
