import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerProblem, exchangeOf, type Metrics, type ProblemError } from '@teleop/service-kit';
import type { GatewayConfig } from '../config';
import type { Visit } from '../edge/visit';
import { framingOf } from './body-of';
import type { HttpRoute, RouteLimits, UpstreamName } from '../routing/route-table';
import { drainBody } from './drain-body';
import { ProxyExchange, type ExchangeLimits } from './exchange';
import { requestHeaders, responseHeaders } from './forward-headers';
import { notConfigured, problemExtras } from './upstream-problem';
import type { Upstreams } from './upstreams';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Passes requests on to the service that owns their path. */
export class HttpProxy {
  readonly #limits: Record<RouteLimits, ExchangeLimits>;
  readonly #seconds;
  readonly #failures;
  // prom-client hashes labels at every call; services times statuses is a small, bounded set.
  readonly #series = new Map<string, { observe(seconds: number): void }>();

  constructor(
    private readonly upstreams: Upstreams,
    private readonly config: GatewayConfig,
    metrics: Metrics,
  ) {
    const connectTimeoutMs = config.UPSTREAM_CONNECT_TIMEOUT_MS;
    const plain = { timeoutMs: config.UPSTREAM_TIMEOUT_MS, connectTimeoutMs };
    const slow = { timeoutMs: config.UPSTREAM_SLOW_TIMEOUT_MS, connectTimeoutMs };
    this.#limits = {
      plain: { ...plain, maxBodyBytes: config.MAX_BODY_BYTES },
      upload: { ...slow, maxBodyBytes: config.MAX_UPLOAD_BYTES },
      vision: { ...slow, maxBodyBytes: config.MAX_VISION_BODY_BYTES },
    };
    this.#seconds = metrics.histogram('gateway_upstream_seconds', 'Time to pass a request on', SECONDS, [
      'service',
      'status',
    ]);
    this.#failures = metrics.counter('gateway_upstream_failures_total', 'Requests a service did not answer', [
      'service',
      'code',
    ]);
  }

  /** The largest body a route takes, in bytes. */
  maxBodyBytes(route: HttpRoute): number {
    return this.#limits[route.limits ?? 'plain'].maxBodyBytes;
  }

  pass(route: HttpRoute, req: IncomingMessage, res: ServerResponse, visit: Visit): void {
    const kept = exchangeOf(req);
    if (kept !== undefined) kept.route = route.path;
    const upstream = this.upstreams.get(route.to);
    if (upstream === undefined) {
      this.#failures.inc({ service: route.to, code: 'NOT_CONFIGURED' });
      this.#refuse(route.to, req, res, visit, notConfigured(route.to));
      return;
    }
    const started = performance.now();
    const headers = requestHeaders(req, visit.caller, upstream.authority);
    const limits = this.#limits[route.limits ?? 'plain'];
    new ProxyExchange(upstream, req, res, headers, limits, {
      headers: (answer) => responseHeaders(answer, visit.answerHeaders, visit.defaultHeaders),
      refuse: (problem) => this.#refuse(route.to, req, res, visit, problem),
      ended: (status, broken) => {
        this.#observe(route.to, status, (performance.now() - started) / 1_000);
        if (broken === undefined) return;
        if (kept !== undefined && status >= 500) kept.error = broken;
        this.#failures.inc({ service: route.to, code: codeOf(broken) });
      },
    }).start();
  }

  #refuse(
    to: UpstreamName,
    req: IncomingMessage,
    res: ServerResponse,
    visit: Visit,
    problem: ProblemError,
  ): void {
    visit.decorate(res);
    if (framingOf(req).kind !== 'none' && !req.complete) drainBody(req, res, this.config.BODY_DRAIN_MS);
    answerProblem(req, res, problem, problemExtras(to));
  }

  #observe(service: UpstreamName, status: number, seconds: number): void {
    const key = `${service} ${status}`;
    let child = this.#series.get(key);
    if (child === undefined) this.#series.set(key, (child = this.#seconds.labels({ service, status })));
    child.observe(seconds);
  }
}

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? 'BROKEN';
}
