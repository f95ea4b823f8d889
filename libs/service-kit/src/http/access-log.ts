import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../logging/logger';
import { HttpMetrics } from '../metrics/http-metrics';
import type { Metrics } from '../metrics/metrics';
import { runNowInTrace } from '../tracing/trace-context';
import type { Exchange } from './exchange';

export interface AccessLogOptions {
  readonly LOG_REQUESTS: 'errors' | 'all';
  readonly SLOW_REQUEST_MS: number;
}

/** nginx's number for a caller that went away before the answer; metrics and logs only. */
const CLIENT_CLOSED = 499;

interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

function routeOf(req: ExpressRequest, exchange: Exchange): string {
  if (exchange.route !== undefined) return exchange.route;
  const path = req.route?.path;
  return typeof path === 'string' ? `${req.baseUrl ?? ''}${path}` : 'unmatched';
}

/** Counts every request and writes the lines worth reading: failed, slow, refused (debug); all of them if asked to. */
export class AccessLog {
  readonly #metrics: HttpMetrics;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    private readonly options: AccessLogOptions,
  ) {
    this.#metrics = new HttpMetrics(metrics);
  }

  finished(req: IncomingMessage, res: ServerResponse, exchange: Exchange): void {
    const ms = performance.now() - exchange.startedAt;
    const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED;
    const route = routeOf(req, exchange);
    this.#metrics.observe(req.method ?? '', route, status, ms / 1000);
    const failed = status >= 500 || exchange.error !== undefined;
    const noteworthy = failed || status >= 400 || ms > this.options.SLOW_REQUEST_MS;
    if (noteworthy || this.options.LOG_REQUESTS === 'all') {
      runNowInTrace(exchange.trace, () =>
        this.#write(req, exchange, { route, status, ms: Math.round(ms * 10) / 10 }, failed),
      );
    }
  }

  #write(
    req: ExpressRequest,
    exchange: Exchange,
    outcome: { route: string; status: number; ms: number },
    failed: boolean,
  ): void {
    const fields = { method: req.method, url: req.originalUrl ?? req.url, ...outcome };
    if (failed) this.logger.error({ ...fields, err: exchange.error }, 'request failed');
    else if (outcome.ms > this.options.SLOW_REQUEST_MS) this.logger.warn(fields, 'slow request');
    else if (this.options.LOG_REQUESTS === 'all') this.logger.info(fields, 'request');
    else this.logger.debug(fields, 'request refused');
  }
}
