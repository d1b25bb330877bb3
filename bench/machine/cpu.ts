import { readdirSync, readFileSync } from 'node:fs';

/** CPU time since a process began, in microseconds; undefined where the system does not tell (only Linux does). */
export type CpuMicros = number | undefined;

const NANOS_PER_MICRO = 1000;
/** USER_HZ, which Linux fixes at 100 for /proc on every architecture Node runs on. */
const MICROS_PER_TICK = 10_000;

export function less(after: CpuMicros, before: CpuMicros): CpuMicros {
  return after === undefined || before === undefined ? undefined : after - before;
}

/** All threads of a process. */
export function cpuOfProcess(pid: number): CpuMicros {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => sum + ranFor(`/proc/${pid}/task/${thread}`), 0);
  } catch {
    return undefined;
  }
}

/** A PostgreSQL server: its postmaster, every process under it, and those that have ended. */
export function cpuOfPostgres(postmaster: number): CpuMicros {
  try {
    const own = statOf(`/proc/${postmaster}`);
    const ended = (own.endedChildrenUser + own.endedChildrenSystem) * MICROS_PER_TICK;
    return childrenOf(postmaster).reduce((sum, pid) => sum + ranFor(`/proc/${pid}`), ranFor(`/proc/${postmaster}`) + ended);
  } catch {
    return undefined;
  }
}

/** Resident memory in bytes; undefined where the system does not tell. */
export function memoryOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  return pids.filter((pid) => {
    try {
      return statOf(`/proc/${pid}`).parent === parent;
    } catch {
      return false;
    }
  });
}

/** `schedstat` counts in nanoseconds where `stat` counts in hundredths of a second; a process that has just ended ran for 0. */
function ranFor(folder: string): number {
  try {
    return Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]) / NANOS_PER_MICRO;
  } catch {
    return 0;
  }
}

/** proc(5). The name in parentheses may hold anything, so fields are counted behind it. */
function statOf(folder: string) {
  const text = readFileSync(`${folder}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
  return { parent: fields[1]!, endedChildrenUser: fields[13]!, endedChildrenSystem: fields[14]! };
}
