import { createServer, type Server } from 'node:http';
import type { Metrics } from '../metrics/metrics';
import type { OpsEndpoints } from './ops-endpoints';

const REQUEST_TIMEOUT_MS = 10_000;

/**
 * /metrics on a port of its own: what an operator measures is not for whoever reaches the service, and a network policy can
 * only tell ports apart. It answers until the very end, so that the last figures are read.
 */
export async function startMetricsServer(
  ops: OpsEndpoints,
  metrics: Metrics,
  host: string,
  port: number,
): Promise<Server> {
  const endpoint = ops.metricsOf(metrics);
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (req, res) => {
    const path = req.url?.split('?', 1)[0];
    if (path !== '/metrics' || (req.method !== 'GET' && req.method !== 'HEAD')) {
      res.writeHead(404).end();
      return;
    }
    ops.answer(endpoint, req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}
