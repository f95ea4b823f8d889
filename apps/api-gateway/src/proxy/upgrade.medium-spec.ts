import { waitFor, waitForQuiet } from '@teleop/testing';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { Opened } from '../testing/http.spec-support';
import { startGateway } from '../testing/gateway.spec-support';
import { fakeUpstream } from '../testing/upstream.spec-support';

const opened = new Opened();
const clients: WebSocket[] = [];
afterEach(async () => {
  clients.splice(0).forEach((client) => client.terminate());
  await opened.closeAll();
});

/** A gateway before a service that takes WebSockets; `accept` says what the service does with one. */
async function setup(
  accept: (ws: WebSocket) => void = (ws) => ws.on('message', (data, binary) => ws.send(data, { binary })),
  env: Record<string, string> = {},
) {
  const upstream = await fakeUpstream();
  const server = new WebSocketServer({ server: upstream.server, perMessageDeflate: false });
  server.on('connection', accept);
  const gateway = await startGateway({ ROBOT_GATEWAY_URL: upstream.url, ...env });
  opened.add(gateway, upstream);
  const connect = (path: string, options: object = {}) => {
    const client = new WebSocket(`ws://${gateway.authority}${path}`, {
      perMessageDeflate: false,
      ...options,
    });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const connected = async (path = '/ws/drive/session?robotId=arm1&token=x') => {
    const client = connect(path);
    await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
    return client;
  };
  return { upstream, server, gateway, connect, connected };
}

/** The HTTP answer to a handshake that was refused. */
function refusal(client: WebSocket): Promise<{ status: number; body: string }> {
  return new Promise((resolve) =>
    client.once('unexpected-response', (_req, res: http.IncomingMessage) => {
      let body = '';
      res.on('data', (chunk: Buffer) => (body += chunk.toString()));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body }));
    }),
  );
}

const closing = (client: WebSocket) =>
  new Promise<{ code: number; reason: string }>((resolve) =>
    client.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );

describe('a WebSocket that is passed through', () => {
  it('carries text, binary and large messages both ways unchanged', async () => {
    const { connected } = await setup();
    const client = await connected();
    const heard: { data: Buffer; binary: boolean }[] = [];
    client.on('message', (data: Buffer, binary) => heard.push({ data, binary }));
    const large = Buffer.alloc(1_000_000, 7);
    client.send('text ü');
    client.send(Buffer.from([1, 2, 3]));
    client.send(large);
    await waitFor('three answers', () => heard.length === 3);
    expect(heard[0]).toEqual({ data: Buffer.from('text ü'), binary: false });
    expect(heard[1]).toEqual({ data: Buffer.from([1, 2, 3]), binary: true });
    expect(heard[2]?.data.equals(large)).toBe(true);
  });

  it('reaches the service with its path, query and caller', async () => {
    const { connected, upstream, gateway } = await setup();
    await connected('/ws/robot/control?robotId=arm1&key=k');
    const [req] = upstream.requests;
    expect(req?.url).toBe('/ws/robot/control?robotId=arm1&key=k');
    expect(req?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': gateway.authority,
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
    expect(req?.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(req?.headers['traceparent']).toContain(req?.headers['x-request-id']);
  });

  it('keeps bytes that come right behind the handshake', async () => {
    const { gateway } = await setup((ws) =>
      ws.on('message', (data: Buffer) => ws.send(`got ${data.toString()}`)),
    );
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const head = [
      'GET /ws/drive/session HTTP/1.1', 'host: x', 'connection: Upgrade', 'upgrade: websocket',
      'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==', '', '',
    ]; // prettier-ignore
    const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    socket.write(Buffer.concat([Buffer.from(head.join('\r\n')), frame]));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    await waitFor('the answer', () => answer.endsWith('got hi'));
    socket.destroy();
  });

  it('ends with the code and reason that either side gave', async () => {
    const codes: number[] = [];
    const { connected } = await setup((ws) => {
      ws.on('close', (code) => codes.push(code));
      ws.on('message', () => ws.close(4001, 'SESSION_ENDED'));
    });
    const ended = await connected();
    ended.send('x');
    expect(await closing(ended)).toEqual({ code: 4001, reason: 'SESSION_ENDED' });
    const leaving = await connected();
    leaving.close(4123, 'bye');
    await waitFor('both codes', () => codes.length === 2);
    expect(codes).toEqual([4001, 4123]);
  });

  it('is gone on both sides when either is cut off', async () => {
    const { connected, server, upstream } = await setup();
    const client = await connected();
    client.terminate();
    await waitFor('the service to notice', () => server.clients.size === 0);
    const second = await connected();
    const closed = closing(second);
    for (const socket of upstream.sockets) socket.destroy();
    expect((await closed).code).toBe(1006);
  });

  it('holds back a sender while the receiver takes nothing', async () => {
    let sent = 0;
    const { connected } = await setup((ws) => {
      const chunk = Buffer.alloc(64 * 1024);
      const timer = setInterval(() => {
        for (let i = 0; i < 50 && ws.bufferedAmount < 1_000_000; i += 1) {
          ws.send(chunk);
          sent += chunk.length;
        }
      }, 5);
      ws.on('close', () => clearInterval(timer));
    });
    const client = await connected();
    client.pause();
    await waitFor('the flood', () => sent > 0);
    expect(await waitForQuiet('the sender', () => sent)).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('a WebSocket handshake', () => {
  it('that the service refuses is refused in its words', async () => {
    const { connect, upstream, server } = await setup();
    server.options.verifyClient = (_info: unknown, done: (ok: boolean, code: number, text: string) => void) =>
      done(false, 401, 'no turn');
    const { status, body } = await refusal(connect('/ws/drive/session?robotId=arm1&token=wrong'));
    expect({ status, body }).toEqual({ status: 401, body: 'no turn' });
    await waitFor('the connection to go', () => upstream.sockets.size === 0);
  });

  it.each([
    ['/ws/nobody', 404, undefined],
    ['/other', 404, undefined],
    ['/queue/join', 404, undefined],
    ['/ws/app', 503, 'pairing-service'],
    ['/ws/device/d1', 503, 'pairing-service'],
  ])('for %s is answered %i', async (path, status, service) => {
    const { connect } = await setup();
    const answer = await refusal(connect(path));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, ...(service && { service }) });
  });

  it('is answered 503 while the service is down', async () => {
    const { connect, upstream } = await setup();
    await upstream.close();
    const { status, body } = await refusal(connect('/ws/drive/session'));
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', service: 'robot-gateway' });
  });

  it('is answered 502 when the service hangs up', async () => {
    const { connect, upstream } = await setup();
    upstream.server.removeAllListeners('upgrade');
    upstream.server.on('upgrade', (_req, socket) => socket.destroy());
    expect((await refusal(connect('/ws/drive/session'))).status).toBe(502);
  });

  it('counts against the limit of its caller', async () => {
    const { connect, connected } = await setup(undefined, {
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_SOCKET_BURST: '1',
      RATE_LIMIT_SOCKET_PER_SECOND: '1',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    await connected();
    expect((await refusal(connect('/ws/drive/session'))).status).toBe(429);
  });
});

describe('a gateway that stops', () => {
  it('waits with its goodbye for the end of a frame that is half through', async () => {
    const message = Buffer.alloc(1_000, 0x61);
    const frame = Buffer.concat([Buffer.from([0x81, 126, 1_000 >> 8, 1_000 & 255]), message]);
    let raw: net.Socket | undefined;
    const { connected, gateway } = await setup((ws) => {
      raw = (ws as unknown as { _socket: net.Socket })._socket;
      raw.write(frame.subarray(0, 300));
    });
    const client = await connected();
    const heard: string[] = [];
    client.on('message', (data: Buffer) => heard.push(data.toString()));
    const { _socket: arrived } = client as unknown as { _socket: net.Socket };
    await waitFor('the first part', () => arrived.bytesRead >= 300);
    const closed = closing(client);
    const stopped = gateway.close();
    await sleep(100);
    expect(client.readyState).toBe(WebSocket.OPEN);
    raw?.write(frame.subarray(300));
    expect((await closed).code).toBe(1012);
    expect(heard).toEqual([message.toString()]);
    await stopped;
  });

  it('tells the callers between two frames, and the service hears their answer', async () => {
    const codes: number[] = [];
    const { connected, gateway } = await setup((ws) => {
      const timer = setInterval(() => ws.send(Buffer.alloc(5_000)), 1);
      ws.on('close', (code) => {
        clearInterval(timer);
        codes.push(code);
      });
    });
    const client = await connected();
    const faults: Error[] = [];
    client.on('error', (error) => faults.push(error));
    await new Promise((resolve) => client.once('message', resolve));
    const closed = closing(client);
    await gateway.close();
    expect((await closed).code).toBe(1012);
    expect(faults).toEqual([]);
    await waitFor('the service to hear it', () => codes.length === 1);
    expect(codes).toEqual([1012]);
  });
});
