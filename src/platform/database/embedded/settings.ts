import { statfs } from 'node:fs/promises';
import os from 'node:os';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

const MIB = 2 ** 20;
/** Docker gives a container 64 MB of /dev/shm, where one parallel hash join finds no room. */
const ENOUGH_SHARED_MEMORY_BYTES = 512 * MIB;
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'];

/**
 * Server settings by name. Durability is on unless the cluster is a throwaway; `wished` wins otherwise.
 * @throws EmbeddedPostgresError when `wished` lowers durability of a cluster that is kept.
 */
export async function serverSettings(
  port: number,
  mark: string,
  throwaway: boolean,
  wished: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const lowered = DURABLE.find((name) => wished[name] !== undefined && wished[name] !== 'on');
  if (lowered && !throwaway) {
    throw new EmbeddedPostgresError(`The setting ${lowered}=${wished[lowered]} may lose committed data. Remove it; only a throwaway database may run without it.`);
  }
  const megabytes = (share: number, least: number, most: number) =>
    `${Math.round(Math.min(Math.max((memoryBytes() * share) / MIB, least), most))}MB`;
  const durability = throwaway ? 'off' : 'on';

  return {
    ...Object.fromEntries(DURABLE.map((name) => [name, durability])),
    max_connections: '200',
    shared_buffers: throwaway ? '64MB' : megabytes(1 / 8, 64, 1024),
    effective_cache_size: megabytes(1 / 2, 256, 8192),
    work_mem: '8MB',
    maintenance_work_mem: megabytes(1 / 32, 64, 256),
    max_wal_size: '2GB',
    random_page_cost: '1.1',
    // Compiling pays for queries of seconds; ours take milliseconds.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // A failed statement is the application's to log: PostgreSQL would quote values, and values are people's data.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_line_prefix: '%m [%p] ',
    ...((await sharedMemoryIsTight()) ? { dynamic_shared_memory_type: 'mmap' } : {}),
    ...wished,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    logging_collector: 'off',
    cluster_name: mark,
    port: String(port),
  };
}

/** What this process may use: the container's limit where there is one. */
function memoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
}

async function sharedMemoryIsTight(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize < ENOUGH_SHARED_MEMORY_BYTES;
}
