import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { readConfig, type AppConfig } from './platform/config/config.js';
import { createLogger } from './platform/observability/create-logger.js';
import type { Telemetry } from './platform/observability/telemetry.js';
import { startUpSentence } from './start-up-sentence.js';
import type { Shuke } from './start.js';

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);
const complain = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** What a `.env` in the working folder says, under what the environment says. */
export function environmentWithFile(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/**
 * How much the heap may grow between two collections, in per cent. V8 lets it grow fourfold where there is memory, which an import of any
 * size would make use of: 60,000 customers raised the process by 280 MB, of which three quarters were garbage.
 */
const HEAP_GROWTH = 50;

/** One process from its first line to its exit: starts, waits for a signal or a dead database, stops. */
export async function runProcess(environment: NodeJS.ProcessEnv): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  const asked = askedToStop();
  let config: AppConfig | undefined;
  try {
    config = readConfig(environment);
    logStrayWords(config);
    const telemetry = await trace(config);
    // Loaded only now, so that tracing meets every library before its first use, and a wrong setting is told at once.
    const { start } = await import('./start.js');
    const shuke = await start(config, say);
    const reason = await Promise.race([asked, shuke.died]);
    await stop(shuke, reason);
    await telemetry?.end();
    process.exit(reason === undefined ? 0 : 1);
  } catch (error) {
    complain(startUpSentence(error, config));
    if (config?.logLevel === 'debug' || config?.logLevel === 'trace') complain(String((error as Error).stack));
    process.exit(1);
  }
}

/**
 * What Node would print by itself becomes lines of the log, and one forgotten promise must not end everybody's requests,
 * nor come back as a crash loop (QUALITY B25).
 */
function logStrayWords(config: AppConfig): void {
  const logger = createLogger(config.logLevel);
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a promise failed and nobody looked'));
  process.removeAllListeners('warning');
  process.on('warning', (warning) => logger[warning.name === 'DeprecationWarning' ? 'debug' : 'warn']({ err: warning }, warning.message));
}

/** @param reason why it cannot go on, or undefined where somebody asked for it. */
async function stop(shuke: Shuke, reason: string | undefined): Promise<void> {
  if (reason === undefined) say('Stopping: finishing what is under way.');
  else complain(reason);
  await shuke.stop();
}

async function trace(config: AppConfig): Promise<Telemetry | undefined> {
  if (config.otlpEndpoint === undefined) return undefined;
  const { startTelemetry } = await import('./platform/observability/telemetry.js');
  return startTelemetry();
}

/** The first signal asks to stop; a second one does not wait any longer. */
function askedToStop(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        resolve(undefined);
        process.once(name, () => process.exit(1));
      });
    }
  });
}
