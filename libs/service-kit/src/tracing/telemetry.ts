import type { ServiceName } from '@teleop/contracts';
import { useMessageSpans } from './trace-carrier';
import { useSpansOf } from './trace-context';

/* The SDK costs 40 MB and patches http, pg and ioredis: it is only ever required when there is somewhere to send to. */
/* eslint-disable @typescript-eslint/no-require-imports */

/** Query parameters that must not leave in a span: sockets carry their credentials there. */
const SECRET_PARAMS = ['token', 'key', 'pairing_token', 'resume', 'sig', 'signature', 'rtspUrl'];

let stop: (() => Promise<void>) | undefined;

/**
 * Starts OpenTelemetry when OTEL_EXPORTER_OTLP_ENDPOINT is set; else does nothing. The first call of a main.ts, before the
 * modules that load pg and ioredis are required: what is loaded earlier is not traced.
 */
export function startTelemetry(name: ServiceName, env: NodeJS.ProcessEnv = process.env): boolean {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT'] || stop !== undefined) return stop !== undefined;
  const { NodeSDK } = require('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
  const { HttpInstrumentation } =
    require('@opentelemetry/instrumentation-http') as typeof import('@opentelemetry/instrumentation-http');
  const { PgInstrumentation } =
    require('@opentelemetry/instrumentation-pg') as typeof import('@opentelemetry/instrumentation-pg');
  const { IORedisInstrumentation } =
    require('@opentelemetry/instrumentation-ioredis') as typeof import('@opentelemetry/instrumentation-ioredis');
  const sdk = new NodeSDK({
    serviceName: name,
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (req) => /^\/(healthz|readyz|metrics)/.test(req.url ?? ''),
        redactedQueryParams: SECRET_PARAMS,
        redactedQueryParamsServer: SECRET_PARAMS,
      }),
      new PgInstrumentation({ requireParentSpan: true }),
      new IORedisInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  // Core modules that were loaded before are patched when they are next required.
  require('node:http');
  require('node:https');
  joinSpans();
  stop = () => sdk.shutdown();
  return true;
}

/** Log lines and messages carry the ids of OpenTelemetry's spans. */
function joinSpans(): void {
  const { context, propagation, trace } =
    require('@opentelemetry/api') as typeof import('@opentelemetry/api');
  useSpansOf(() => {
    const span = trace.getActiveSpan()?.spanContext();
    return (
      span && {
        traceId: span.traceId,
        spanId: span.spanId,
        flags: span.traceFlags.toString(16).padStart(2, '0'),
      }
    );
  });
  useMessageSpans((traceparent, work) => {
    const parent = propagation.extract(context.active(), { traceparent });
    const span = trace.getTracer('@teleop/messaging').startSpan('message', {}, parent);
    return context.with(trace.setSpan(parent, span), () => work().finally(() => span.end()));
  });
}

/** Sends what is buffered. For shutdown; errors of a collector that is away must not keep a service from stopping. */
export async function stopTelemetry(): Promise<void> {
  await stop?.();
  stop = undefined;
}
