// One install or build at a time in a checkout.
import fs from 'node:fs';
import path from 'node:path';

const RETRY_MS = 250;
const TOUCH_MS = 5_000;
/** Untouched for so long, its holder is stopped or on another machine, whatever process has its number now. */
const STALE_AFTER_MS = 60_000;

/** Runs `work` alone; waits for another that holds `file`, and takes over from one that died. */
export async function locked(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (!told) console.log('Another start is preparing this folder; waiting for it …');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  const release = () => fs.rmSync(file, { force: true });
  const touch = setInterval(() => fs.utimesSync(file, new Date(), new Date()), TOUCH_MS);
  const interrupted = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    await work();
  } finally {
    clearInterval(touch);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    release();
  }
}

function take(file) {
  if (create(file)) return true;
  if (!isStale(file)) return false;
  setAside(file);
  return create(file);
}

function create(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (failure) {
    if (failure.code === 'EEXIST') return false;
    throw failure;
  }
}

function isStale(file) {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'));
    const untouchedMs = Date.now() - fs.statSync(file).mtimeMs;
    // Just created and not yet written to.
    if (!pid) return untouchedMs > TOUCH_MS;
    return untouchedMs > STALE_AFTER_MS || !isRunning(pid);
  } catch {
    return false;
  }
}

/** By rename, so that of two who find it stale one wins and the other does not remove the winner's new lock. */
function setAside(file) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (!isStale(aside)) fs.linkSync(aside, file);
  } catch {
    // The other one was faster.
  }
  fs.rmSync(aside, { force: true });
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return failure.code === 'EPERM';
  }
}
