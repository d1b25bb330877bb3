import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { redact } from '../vault/redact.js';

/** What an error may say in the log. A driver's `detail`, `parameters` and `query` quote rows, and rows are people's data. */
const TELLING = ['code', 'errno', 'syscall', 'severity', 'schema', 'table', 'constraint', 'routine', 'refusal', 'statusCode'] as const;
const DEEPEST_CAUSE = 3;

/**
 * JSON lines on standard output, each passed through redaction whatever it holds.
 * @param level of `LOG_LEVEL`
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: stdTimeFunctions.isoTime,
    // The formatter below has described it already; pino's own would take the description for an error and shorten it.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (line: Record<string, unknown>) => redact('err' in line ? { ...line, err: described(line['err']) } : line) as Record<string, unknown>,
    },
  };
  return pino(options, destination ?? destinationOf());
}

/** Gathered and written five times a second, as a write for each request costs as much as the request; also at exit. */
function destinationOf(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 200 });
}

function described(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const known = error as Error & Record<string, unknown>;
  const cause = error.cause ?? known['driverError'];
  return {
    type: error.name,
    message: error.message,
    ...Object.fromEntries(TELLING.filter((key) => known[key] !== undefined).map((key) => [key, known[key]])),
    stack: error.stack,
    ...(cause !== undefined && depth < DEEPEST_CAUSE ? { cause: described(cause, depth + 1) } : {}),
  };
}
