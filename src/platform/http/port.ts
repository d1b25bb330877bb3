import { createServer } from 'node:net';

/**
 * Tells a taken port before anything slow or lasting is done. Another program may still take it before we listen; then
 * listening fails in the same way.
 * @throws the system's error, whose `syscall` is `listen`
 */
export function assertPortFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', (error) => reject(Object.assign(error, { syscall: 'listen' })));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
