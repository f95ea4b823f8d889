import { waitFor } from '@teleop/testing';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway } from '../testing/gateway.spec-support';
import { answerOf, Opened, send } from '../testing/http.spec-support';
import { fakeUpstream, readAll } from '../testing/upstream.spec-support';

const opened = new Opened();
afterEach(() => opened.closeAll());
const setup = opened.proxied.bind(opened);

describe('a service that does not answer', () => {
  it('is named with 503 while it has no URL', async () => {
    const { gateway } = await setup();
    const answer = await send(gateway, '/pair/code');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBeDefined();
    expect(answer.json()).toMatchObject({
      type: 'urn:teleop:problem:SERVICE_UNAVAILABLE',
      code: 'SERVICE_UNAVAILABLE',
      service: 'pairing-service',
      detail: 'pairing-service is not available here',
    });
  });

  it('is named at once to a caller that reads until the connection closes', async () => {
    const { gateway } = await setup();
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.write('GET /pair/code HTTP/1.0\r\n\r\n');
    const answer = (await readAll(socket)).toString();
    expect(answer).toContain('503 Service Unavailable');
    expect(answer).toContain('pairing-service');
  });

  it('is named with 503 when nothing listens there, and works once something does', async () => {
    const { gateway, upstream } = await setup();
    await upstream.close();
    const answer = await send(gateway, '/queue/join', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({
      service: 'queue-service',
      success: false,
      error: 'queue-service is not reachable',
    });
    opened.add(await fakeUpstream(undefined, upstream.port));
    expect((await send(gateway, '/queue/join', { method: 'POST', body: '{}' })).status).toBe(200);
  });

  it('is named with 502 when it breaks off', async () => {
    const { gateway } = await setup((req) => void req.socket.destroy());
    const answer = await send(gateway, '/queue/join', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(502);
    expect(answer.json()).toMatchObject({ code: 'BAD_GATEWAY', service: 'queue-service' });
  });

  it('is named with 502 when it does not speak HTTP', async () => {
    const server = net.createServer((socket) => socket.end('hello\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const gateway = await startGateway({ QUEUE_SERVICE_URL: `http://127.0.0.1:${port}` });
    opened.add(gateway);
    expect((await send(gateway, '/queue/arm1')).status).toBe(502);
    server.close();
  });

  it('is named with 504 when it takes too long', async () => {
    const { gateway, upstream } = await setup(() => undefined, { UPSTREAM_TIMEOUT_MS: '150' });
    const answer = await send(gateway, '/queue/arm1');
    expect(answer.status).toBe(504);
    expect(answer.json()).toMatchObject({ code: 'GATEWAY_TIMEOUT', service: 'queue-service' });
    await waitFor('the connection to go', () => upstream.sockets.size === 0);
  });

  it('has more time where the route needs it', async () => {
    const { gateway } = await setup((_req, res) => void setTimeout(() => res.end('late'), 300), {
      UPSTREAM_TIMEOUT_MS: '100',
      UPSTREAM_SLOW_TIMEOUT_MS: '2000',
    });
    expect((await send(gateway, '/vision/dolls_compare', { method: 'POST' })).text).toBe('late');
  });

  it('is not taken for slow while a large body is on its way', async () => {
    const timeoutMs = 1_000;
    const { gateway } = await setup(undefined, { UPSTREAM_TIMEOUT_MS: String(timeoutMs) });
    const req = http.request(`${gateway.url}/queue/join`, { method: 'POST', agent: false });
    const answer = answerOf(req);
    let sent = '';
    for (const began = performance.now(); performance.now() - began < 1.5 * timeoutMs; await sleep(20)) {
      req.write('x');
      sent += 'x';
    }
    req.end();
    expect((await answer).json()).toMatchObject({ body: sent });
  });

  it('is not blamed for a caller whose body stops coming', async () => {
    const { gateway } = await setup(undefined, { UPSTREAM_TIMEOUT_MS: '150' });
    const req = http.request(`${gateway.url}/queue/join`, { method: 'POST', agent: false });
    req.on('error', () => undefined);
    req.write('x');
    const answer = await answerOf(req);
    expect(answer.status).toBe(408);
    expect(answer.json()).toMatchObject({ code: 'REQUEST_TIMEOUT' });
    req.destroy();
  });

  it('that breaks in the middle of an answer never looks like a whole answer', async () => {
    const { gateway } = await setup((_req, res) => {
      res.writeHead(200, { 'content-type': 'text/plain' });
      res.write('half');
      setTimeout(() => res.socket?.destroy(), 30);
    });
    await expect(send(gateway, '/queue/arm1')).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  });

  it('is not asked twice for what changes something', async () => {
    let posts = 0;
    const { gateway } = await setup((req, res) => {
      if (req.method !== 'POST') return void res.end();
      posts += 1;
      req.socket.destroy();
    });
    await send(gateway, '/queue/arm1');
    expect((await send(gateway, '/queue/join', { method: 'POST', body: '{}' })).status).toBe(502);
    expect(posts).toBe(1);
  });
});
