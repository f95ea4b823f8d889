import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HealthRegistry } from '../health/health-registry';
import type { Metrics } from '../metrics/metrics';

type Endpoint = () => Promise<{ status: number; type: string; body: string }>;

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * /healthz, /readyz, /metrics and /openapi.json. Answered before the platform's router: they work the same on both, and no
 * guard, limit or body parser of an app can get in their way.
 */
export class OpsEndpoints {
  readonly #endpoints = new Map<string, Endpoint>();

  /** Without `metrics` there is no /metrics here: it has a port of its own. */
  constructor(health: HealthRegistry, metrics?: Metrics) {
    this.#endpoints.set('/healthz', () => json(200, { status: 'ok' }));
    this.#endpoints.set('/readyz', async () => {
      const readiness = await health.readiness();
      return json(readiness.status === 'ok' ? 200 : 503, readiness);
    });
    if (metrics !== undefined) this.#endpoints.set('/metrics', this.metricsOf(metrics));
  }

  metricsOf({ registry }: Metrics): Endpoint {
    return async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() });
  }

  /** A document that is built when it is first asked for. */
  document(path: string, build: () => object | Promise<object>): void {
    let built: Promise<string> | undefined;
    this.#endpoints.set(path, async () => {
      built ??= Promise.resolve(build()).then((document) => JSON.stringify(document));
      return { status: 200, type: JSON_TYPE, body: await built };
    });
  }

  find(req: IncomingMessage): Endpoint | undefined {
    const url = req.url ?? '';
    const query = url.indexOf('?');
    const endpoint = this.#endpoints.get(query < 0 ? url : url.slice(0, query));
    return endpoint !== undefined && (req.method === 'GET' || req.method === 'HEAD') ? endpoint : undefined;
  }

  async answer(endpoint: Endpoint, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { status, type, body } = await endpoint();
    res.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    });
    res.end(req.method === 'HEAD' ? undefined : body);
  }
}

function json(status: number, body: object) {
  return Promise.resolve({ status, type: JSON_TYPE, body: JSON.stringify(body) });
}
