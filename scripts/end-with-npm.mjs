const LOOK_EVERY_MS = 200;

/**
 * `npm start` runs us through a shell, and a SIGTERM for npm ends that shell, not us (Debian's dash does not pass signals on).
 * So when the parent is gone, this process gets the signal that was meant for it. Only under npm: a program started
 * directly may well outlive its shell.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.ppid === 1) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  watch.unref();
}
