import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { get, killAll, startProcess } from '../service/small-process.spec-support';

/** Takes OTLP over HTTP and keeps what it got. */
async function startCollector(): Promise<{ server: Server; url: string; traces: Buffer[] }> {
  const traces: Buffer[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      if (req.url === '/v1/traces') traces.push(Buffer.concat(parts));
      res.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, traces, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('telemetry', () => {
  jest.setTimeout(30_000);
  afterEach(killAll);

  it('sends spans of requests, with the trace id that the caller gave and the log shows', async () => {
    const collector = await startCollector();
    const service = startProcess({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    });
    const url = await service.ready();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    const answered = (await (await fetch(`${url}/boom`, { headers: { traceparent } })).json()) as {
      traceId: string;
    };
    const fresh = (await (await fetch(`${url}/boom`)).json()) as { traceId: string };
    await get(`${url}/slow`);
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    collector.server.close();
    const sent = Buffer.concat(collector.traces);
    expect(sent.includes('queue-service')).toBe(true);
    expect(answered.traceId).toBe(traceId);
    for (const id of [traceId, fresh.traceId]) {
      expect(sent.includes(Buffer.from(id, 'hex'))).toBe(true);
      expect(
        service.lines.filter((line) => line['traceId'] === id && line['level'] === 'error'),
      ).toHaveLength(1);
    }
  });

  it('does not keep a service from starting or stopping when the collector is away', async () => {
    const service = startProcess({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    await get(`${await service.ready()}/slow`);
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
  });
});
