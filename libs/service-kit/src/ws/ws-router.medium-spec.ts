import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { ProblemError } from '../errors/problem-error';
import { startSmall, type SmallService } from '../service/service.spec-support';
import type { UpgradeRequest } from './upgrade-request';
import { WsRouter } from './ws-router';

const within = <T>(ms: number, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms).unref()),
  ]);

const opened = (ws: WebSocket) =>
  within(
    2_000,
    new Promise<WebSocket>((resolve, reject) => ws.once('open', () => resolve(ws)).once('error', reject)),
  );
const closed = (ws: WebSocket) => within(2_000, new Promise<number>((resolve) => ws.once('close', resolve)));
const message = (ws: WebSocket) =>
  within(
    2_000,
    new Promise<string>((resolve) => ws.once('message', (data) => resolve((data as Buffer).toString()))),
  );

/** The HTTP answer to a handshake that is refused. */
const refusal = (url: string, headers: Record<string, string> = {}) =>
  within(
    2_000,
    new Promise<{ status: number; body: Record<string, unknown> }>((resolve, reject) => {
      const ws = new WebSocket(url, { headers });
      ws.once('open', () => reject(new Error('was accepted')));
      ws.once('error', reject);
      ws.once('unexpected-response', (_req, res) => {
        let text = '';
        res.on('data', (part: Buffer) => (text += part.toString()));
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
        );
      });
    }),
  );

describe.each(['fastify', 'express'] as const)('WsRouter on %s', (platform) => {
  let service: SmallService;
  const seen: UpgradeRequest[] = [];
  let url: string;

  async function start(env: Record<string, string> = {}): Promise<void> {
    service = await startSmall(platform, {
      env: { WS_PING_INTERVAL_MS: '40', WS_AUTH_TIMEOUT_MS: '150', ...env },
      setup: (app) => {
        app
          .get(WsRouter)
          .route<string>(
            '/ws/echo/:robotId',
            {
              async authorize(req) {
                seen.push(req);
                await new Promise((resolve) => setImmediate(resolve));
                const token = req.query.get('token');
                if (token === null)
                  throw new ProblemError(401, 'UNAUTHORIZED', 'A token is needed', {
                    headers: { 'www-authenticate': 'Bearer' },
                  });
                if (token === 'bug') throw new Error('postgres://u:hunter2@db');
                if (token === 'hang') await new Promise(() => undefined);
                return token;
              },
              connected(ws, token, req) {
                if (token === 'throws') throw new Error('handler bug');
                ws.send(`${token} on ${req.params['robotId']}`);
                ws.on('message', (data) => ws.send((data as Buffer).toString()));
              },
            },
            { maxPayload: 1_000 },
          )
          .raw('/ws/held', (_req, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
          .raw('/ws/raw', (_req, socket) => {
            socket.end('HTTP/1.1 418 Teapot\r\ncontent-length: 2\r\n\r\n{}');
          });
      },
    });
    url = service.url.replace('http', 'ws');
  }

  beforeEach(() => start());
  afterEach(() => service.close());

  it('opens what is authorized and hands its context over', async () => {
    const ws = new WebSocket(`${url}/ws/echo/arm1?token=ann&x=%20y`);
    expect(await message(ws)).toBe('ann on arm1');
    ws.send('hello');
    expect(await message(ws)).toBe('hello');
    expect(seen.at(-1)).toMatchObject({
      path: '/ws/echo/arm1',
      params: { robotId: 'arm1' },
      ip: '127.0.0.1',
    });
    expect(seen.at(-1)?.query.get('x')).toBe(' y');
    ws.close();
    await closed(ws);
  });

  it('answers a refusal with its HTTP status and problem, before the handshake', async () => {
    expect(await refusal(`${url}/ws/echo/arm1`)).toEqual({
      status: 401,
      body: expect.objectContaining({
        code: 'UNAUTHORIZED',
        instance: '/ws/echo/arm1',
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      }) as object,
    });
  });

  it('answers 500 without details to a bug, and logs it without secrets', async () => {
    const { status, body } = await refusal(`${url}/ws/echo/arm1?token=bug`);
    expect([status, body['code']]).toEqual([500, 'INTERNAL_ERROR']);
    expect(service.lines.filter((line) => line.level === 'error')).toHaveLength(1);
    expect(JSON.stringify([body, service.lines])).not.toContain('hunter2');
  });

  it('does not wait for ever for an answer who is calling', async () => {
    expect((await refusal(`${url}/ws/echo/arm1?token=hang`)).status).toBe(503);
  });

  it.each([
    '/ws/echo',
    '/ws/echo/',
    '/ws/echo/a/b',
    '/ws/nope',
    '/',
    '/ws/echo/%ff?token=a',
    '/socket.io/?EIO=4',
  ])('answers 404 for %s', async (path) => {
    expect((await refusal(url + path)).status).toBe(404);
  });

  it('leaves the upgrades of others alone', async () => {
    service.server.on('upgrade', (req, socket) => {
      if (req.url?.startsWith('/socket.io/'))
        socket.end('HTTP/1.1 418 Teapot\r\ncontent-length: 2\r\n\r\n{}');
    });
    expect((await refusal(`${url}/socket.io/?EIO=4`)).status).toBe(418);
    expect((await refusal(`${url}/ws/nope`)).status).toBe(404);
  });

  it('hands raw sockets over', async () => {
    expect((await refusal(`${url}/ws/raw`)).status).toBe(418);
  });

  it('closes a socket that sends too much with 1009, and one whose handler fails with 1011', async () => {
    const ws = await opened(new WebSocket(`${url}/ws/echo/arm1?token=a`));
    ws.send('x'.repeat(1_001));
    expect(await closed(ws)).toBe(1009);
    expect(await closed(new WebSocket(`${url}/ws/echo/arm1?token=throws`))).toBe(1011);
  });

  it('cuts off a socket that answers no ping, and keeps one that does', async () => {
    const deaf = await opened(new WebSocket(`${url}/ws/echo/arm1?token=deaf`, { autoPong: false }));
    const alive = await opened(new WebSocket(`${url}/ws/echo/arm1?token=alive`));
    expect(await closed(deaf)).toBe(1006);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(alive.readyState).toBe(WebSocket.OPEN);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const lines = metrics.split('\n').filter((line) => line.startsWith('websocket_'));
    expect(lines).toContain('websocket_half_open_total{service="queue-service"} 1');
    expect(lines).toContain('websocket_connections{route="/ws/echo/:robotId",service="queue-service"} 1');
    const answered = lines.find((line) => line.startsWith('websocket_round_trip_seconds_count'));
    expect(answered).toContain('route="/ws/echo/:robotId"');
    expect(Number(answered!.split(' ').at(-1))).toBeGreaterThan(0);
    alive.close();
    await closed(alive);
  });

  it('survives peers that reset during the handshake or send rubbish', async () => {
    const { hostname, port } = new URL(service.url);
    const handshake = (path: string) =>
      `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(port), hostname, () => {
        socket.write(handshake('/ws/echo/arm1?token=a') + (i % 2 ? 'rubbish'.repeat(50) : ''));
        setImmediate(() => socket.resetAndDestroy());
      });
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('close', resolve));
    }
    const badKey = connect(Number(port), hostname, () =>
      badKey.write(handshake('/ws/echo/arm1?token=a').replace('dGhl', '')),
    );
    expect(String(await new Promise((resolve) => badKey.once('data', resolve)))).toContain('400 Bad Request');
    badKey.destroy();
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  });

  it('closes every socket with 1001 when the service stops, also those that do not answer', async () => {
    await service.close();
    await start({ SHUTDOWN_TIMEOUT_MS: '300', WS_PING_INTERVAL_MS: '10000' });
    const polite = await opened(new WebSocket(`${url}/ws/echo/arm1?token=a`));
    const stuck = await opened(new WebSocket(`${url}/ws/echo/arm1?token=b`));
    stuck.pause();
    const { hostname, port } = new URL(service.url);
    const held = connect(Number(port), hostname, () =>
      held.write('GET /ws/held HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    await new Promise((resolve) => held.once('data', resolve));
    const code = closed(polite);
    const began = performance.now();
    await service.close();
    expect(await code).toBe(1001);
    expect(performance.now() - began).toBeLessThan(1_000);
    stuck.terminate();
  });

  it('refuses the same route twice', () => {
    expect(() => service.app.get(WsRouter).raw('/ws/raw', () => undefined)).toThrow('twice');
  });
});
