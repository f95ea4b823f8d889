import http from 'node:http';
import { startSmall } from './service.spec-support';

describe.each(['fastify', 'express'] as const)('a service on %s', (platform) => {
  it('tells that it is alive, ready, what it measures and what it offers', async () => {
    const service = await startSmall(platform);
    try {
      const get = (path: string) => fetch(service.url + path);
      expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
      expect(await (await get('/readyz?x=1')).json()).toEqual({ status: 'ok', checks: {} });
      await (await get('/notes/17')).text();
      await (await get('/no/such/thing')).text();
      await new Promise((resolve) => setTimeout(resolve, 10));
      const metrics = await (await get('/metrics')).text();
      expect(metrics).toMatch(
        /http_request_duration_seconds_count\{.*method="GET",route="\/notes\/:id",status="200"\} 1/,
      );
      expect(metrics).toMatch(/http_request_duration_seconds_count\{.*route="unmatched",status="404"\} 1/);
      expect(metrics).toMatch(/nodejs_eventloop_lag_seconds\{/);
      expect((await get('/openapi.json')).status).toBe(200);
      expect((await fetch(`${service.url}/healthz`, { method: 'HEAD' })).status).toBe(200);
    } finally {
      await service.close();
    }
  });

  it('measures on a port of its own when it has one, and nowhere else', async () => {
    const service = await startSmall(platform, { env: { METRICS_PORT: '0' } });
    try {
      expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
      expect(service.metricsUrl).not.toBe(service.url);
      expect(await (await fetch(`${service.metricsUrl}/metrics`)).text()).toMatch(
        /nodejs_eventloop_lag_seconds\{/,
      );
      expect((await fetch(`${service.metricsUrl}/notes/17`)).status).toBe(404);
      expect((await fetch(`${service.metricsUrl}/metrics`, { method: 'POST' })).status).toBe(404);
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    } finally {
      await service.close();
    }
    await expect(fetch(`${service.metricsUrl}/metrics`)).rejects.toThrow('fetch failed');
  });

  it('adds what its family adds to every problem, also to those no controller saw', async () => {
    const service = await startSmall(platform, {
      problemExtras: (p) => ({ success: false, error: p.detail }),
    });
    try {
      for (const path of ['/nope', '/refused', '/boom', '/notes/%ff', '/notes/1?limit=x']) {
        const problem = (await (await fetch(service.url + path)).json()) as { detail: string };
        expect(problem).toMatchObject({ success: false, error: problem.detail });
      }
    } finally {
      await service.close();
    }
  });

  it('logs slow and refused requests, good ones only when asked to', async () => {
    const quiet = await startSmall(platform, { env: { SLOW_REQUEST_MS: '100' } });
    const loud = await startSmall(platform, { env: { LOG_REQUESTS: 'all' } });
    try {
      for (const service of [quiet, loud]) {
        for (const path of ['/notes/1?token=S3CRET', '/slow', '/refused'])
          await (await fetch(service.url + path)).text();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      const requests = (service: typeof quiet) => service.lines.filter((line) => line['method'] === 'GET');
      expect(requests(quiet).map((line) => [line.level, line.msg, line['url']])).toEqual([
        ['warn', 'slow request', '/slow'],
        ['debug', 'request refused', '/refused'],
      ]);
      expect(requests(loud)).toHaveLength(3);
      expect(JSON.stringify(loud.lines)).not.toContain('S3CRET');
    } finally {
      await Promise.all([quiet.close(), loud.close()]);
    }
  });

  it('finishes what is in flight when it stops, and takes nothing new', async () => {
    const service = await startSmall(platform);
    const slow = fetch(`${service.url}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = service.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
    const response = await slow;
    expect(await response.json()).toEqual({ done: true });
    await closed;
    await service.close();
  });

  it('goes on serving for SHUTDOWN_DELAY_MS, not ready, and asks callers to connect elsewhere', async () => {
    const service = await startSmall(platform, { env: { SHUTDOWN_DELAY_MS: '300' } });
    const { port } = new URL(service.url);
    const agent = new http.Agent({ keepAlive: true });
    const get = (path: string) =>
      new Promise<http.IncomingMessage>((resolve, reject) => {
        const asked = http.get({ port, path, agent }, (answer) => {
          answer.resume();
          answer.once('end', () => resolve(answer));
        });
        asked.once('error', reject);
      });
    expect((await get('/healthz')).headers.connection).toBe('keep-alive');
    const underWay = get('/slow');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = service.close();
    expect((await underWay).headers.connection).toBe('close');
    const [ready, note] = [await get('/readyz'), await get('/healthz')];
    expect([ready.statusCode, ready.headers.connection]).toEqual([503, 'close']);
    expect([note.statusCode, note.headers.connection]).toEqual([200, 'close']);
    await closed;
    await expect(get('/healthz')).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  it('cuts off what does not finish within its share of SHUTDOWN_TIMEOUT_MS', async () => {
    const service = await startSmall(platform, { env: { SHUTDOWN_TIMEOUT_MS: '100' } });
    const slow = fetch(`${service.url}/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    await service.close();
    expect(await slow).toBe('cut off');
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('says which port is taken', async () => {
    const first = await startSmall(platform);
    const { port } = new URL(first.url);
    try {
      await expect(startSmall(platform, { env: { PORT: port } })).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
    } finally {
      await first.close();
    }
  });
});
