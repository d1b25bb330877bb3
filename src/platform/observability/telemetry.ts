import { IncomingMessage } from 'node:http';
import { register } from 'node:module';
import type { Span } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { routeOf } from './route-of.js';

const PROBES = /^\/(?:health|metrics)(?:[/?]|$)/;

export interface Telemetry {
  /** Sends what is still held back. */
  end(): Promise<void>;
}

/**
 * Traces of requests and statements by OTLP, as the standard OTEL_* variables say (endpoint, service name, sampler). Must
 * run before http and pg are loaded. Statement texts are constants of ours; their values are never recorded.
 */
export function startTelemetry(): Telemetry {
  process.env['OTEL_SERVICE_NAME'] ??= 'shuke';
  // Modules imported as ESM pass by the patched require(); this hook lets the instrumentations see them too.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const sdk = new NodeSDK({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => PROBES.test(url),
        applyCustomAttributesOnSpan: (span, request) => {
          if (request instanceof IncomingMessage) nameByRoute(span, request);
        },
      }),
      new PgInstrumentation({ requireParentSpan: true, enhancedDatabaseReporting: false }),
    ],
  });
  sdk.start();
  return { end: () => sdk.shutdown() };
}

/** The pattern says what happened; the address as sent may hold whom somebody looked for. */
function nameByRoute(span: Span, request: IncomingMessage): void {
  const route = routeOf(request);
  span.updateName(`${request.method} ${route}`);
  span.setAttributes({ 'http.route': route, 'url.path': route, 'url.query': '' });
}
