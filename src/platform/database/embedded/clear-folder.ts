import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { holderOf } from './keeper.js';
import { endOrphans, livePostmaster, readPostmaster, removeStalePidFile, type Postmaster } from './leftovers.js';

/** How long leftovers of an earlier run may take to go (QUALITY B28). */
export const CLEAR_WITHIN_MS = 30_000;
/** After this long a process of our folder without a postmaster is no server just starting. */
export const SURELY_LEFT_OVER_MS = 5_000;
/** A starter holds its cluster within milliseconds of the server being ready; look twice before calling it abandoned. */
const LOOK_AGAIN_MS = 300;
/** The run before may still be closing when the next one is started. */
const LEAVES_WITHIN_MS = 5_000;
/** A fast shutdown that takes longer is cut short, as `stop()` itself would; the next start replays the log. */
const STOPS_WITHIN_MS = 20_000;
const POLL_MS = 50;
const NO_ANSWER = '';

/** Returns when no process of an earlier run uses the cluster. @throws EmbeddedPostgresError when a living Shuke does. */
export async function clearFolder(cluster: string, password: string, onProgress: (sentence: string) => void): Promise<void> {
  // The fast path after a clean stop: no pid file, nobody there.
  if (!(await readPostmaster(cluster))) return;
  onProgress('Waiting for what an earlier run left behind to end.');
  const began = Date.now();
  for (;;) {
    const waited = Date.now() - began;
    const postmaster = await livePostmaster(cluster);
    if (!postmaster && (await endOrphans(cluster, { sure: waited > SURELY_LEFT_OVER_MS })) === 0) return removeStalePidFile(cluster);
    if (postmaster?.status === 'ready') await endIfAbandoned(cluster, postmaster, password, waited);
    if (postmaster?.status === 'stopping' && waited > STOPS_WITHIN_MS) signal(postmaster, 'SIGQUIT');
    if (waited > CLEAR_WITHIN_MS) {
      throw new EmbeddedPostgresError(
        `A PostgreSQL server of an earlier run still holds ${cluster}${postmaster ? ` (process ${postmaster.pid})` : ''} and does not end. End it and start again.`,
      );
    }
    await pause(POLL_MS);
  }
}

/** Ended rather than adopted: it may run with other settings, or from programs that an update has replaced since. */
async function endIfAbandoned(cluster: string, postmaster: Postmaster, password: string, waited: number): Promise<void> {
  // No answer: it is on its way down, or in trouble; the caller looks again until its time is up.
  const look = () => holderOf(postmaster.port, password).catch(() => NO_ANSWER);
  const first = await look();
  if (first === undefined) await pause(LOOK_AGAIN_MS);
  const holder = first ?? (await look());
  if (holder && waited > LEAVES_WITHIN_MS) throw inUse(cluster, holder);
  if (holder === undefined) signal(postmaster, 'SIGINT');
}

export function inUse(cluster: string, holder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `Another Shuke (process ${holder}) is already running on the data in ${cluster}. Stop it, or set DATA_DIR to another folder.`,
  );
}

function signal(postmaster: Postmaster, name: NodeJS.Signals): void {
  try {
    process.kill(postmaster.pid, name);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
}
