import { waitFor, waitForQuiet } from '@teleop/testing';
import http, { type IncomingMessage } from 'node:http';
import net from 'node:net';
import { Opened, send } from '../testing/http.spec-support';

const opened = new Opened();
afterEach(() => opened.closeAll());
const setup = opened.proxied.bind(opened);

describe('a request that is passed on', () => {
  it('arrives with its method, path, query and body as they were', async () => {
    const { gateway } = await setup();
    const body = JSON.stringify({ userId: 'ü', robotId: 'arm1' });
    const answer = await send(gateway, '/queue/join?a=%2F&b', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
    });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ method: 'POST', url: '/queue/join?a=%2F&b', body });
    expect(answer.json<{ headers: object }>().headers).toMatchObject({
      authorization: 'Bearer x',
      'content-length': String(Buffer.byteLength(body)),
    });
  });

  it('says nothing of the hop before, and who called', async () => {
    const { gateway, upstream } = await setup();
    const answer = await send(gateway, '/queue/arm1', {
      headers: {
        connection: 'close, x-secret',
        'x-secret': '1',
        'keep-alive': 'timeout=1',
        te: 'trailers',
        'proxy-authorization': 'Basic x',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.example',
        'x-real-ip': '6.6.6.6',
        forwarded: 'for=6.6.6.6',
        'x-kept': 'yes',
      },
    });
    const { headers } = answer.json<{ headers: Record<string, string> }>();
    expect(headers).toMatchObject({
      host: `127.0.0.1:${upstream.port}`,
      'x-forwarded-for': '127.0.0.1',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': gateway.authority,
      'x-kept': 'yes',
    });
    for (const name of ['x-secret', 'te', 'proxy-authorization', 'forwarded', 'keep-alive']) {
      expect(headers).not.toHaveProperty(name);
    }
  });

  it('is appended to the chain of a proxy that is believed', async () => {
    const { gateway } = await setup(undefined, { TRUST_PROXY: 'loopback' });
    const answer = await send(gateway, '/queue/arm1', {
      headers: {
        'x-forwarded-for': '10.1.1.1, 9.9.9.9',
        'x-real-ip': '6.6.6.6',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'a.example',
      },
    });
    expect(answer.json<{ headers: object }>().headers).toMatchObject({
      'x-forwarded-for': '10.1.1.1, 9.9.9.9, 127.0.0.1',
      // Whom the believed proxy saw, not what stands first in the chain or what the caller says of itself.
      'x-real-ip': '9.9.9.9',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'a.example',
    });
  });

  it.each([
    ['with a length', { 'content-length': '17' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('of a robot arrives with its key, its name and its body %s', async (_, framing) => {
    const { gateway } = await setup();
    const answer = await send(gateway, '/table/state', {
      method: 'POST',
      body: '{"driveMode":"x"}',
      headers: {
        'content-type': 'application/json',
        'X-Api-Key': 'secret-robot-key',
        'X-Robot-Id': 'table2',
        ...framing,
      },
    });
    expect(answer.json()).toMatchObject({
      method: 'POST',
      url: '/table/state',
      body: '{"driveMode":"x"}',
      headers: {
        'x-api-key': 'secret-robot-key',
        'x-robot-id': 'table2',
        'content-type': 'application/json',
      },
    });
  });

  it('carries a request id and a trace, given or made', async () => {
    const { gateway } = await setup();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const given = await send(gateway, '/queue/arm1', {
      headers: { 'x-request-id': 'abc-1', traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    expect(given.headers['x-request-id']).toBe('abc-1');
    const seen = given.json<{ headers: Record<string, string> }>().headers;
    expect(seen['x-request-id']).toBe('abc-1');
    expect(seen['traceparent']).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    expect(seen['traceparent']).not.toContain('00f067aa0ba902b7');

    const made = await send(gateway, '/queue/arm1', {
      headers: { 'x-request-id': 'bad id\u0000'.slice(0, 6) },
    });
    const { headers } = made.json<{ headers: Record<string, string> }>();
    expect(headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(made.headers['x-request-id']).toBe(headers['x-request-id']);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('brings back status, repeated headers and body, without what is ours to say', async () => {
    const { gateway } = await setup((_req, res) => {
      res.writeHead(418, 'Short And Stout', [
        'set-cookie', 'a=1', 'set-cookie', 'b=2',
        'access-control-allow-origin', '*',
        'x-powered-by', 'magic',
        'content-security-policy', "default-src 'self'",
      ]); // prettier-ignore
      res.end('teapot');
    });
    const answer = await send(gateway, '/queue/arm1');
    expect(answer.status).toBe(418);
    expect(answer.text).toBe('teapot');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers['content-security-policy']).toBe("default-src 'self'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });

  it('is streamed in both directions, not collected first', async () => {
    const { gateway } = await setup((req, res) => {
      res.writeHead(200, { 'content-type': 'text/plain' });
      req.on('data', (chunk: Buffer) => res.write(`got ${chunk.toString()};`));
      req.on('end', () => res.end('end'));
    });
    const req = http.request(`${gateway.url}/queue/stream`, { method: 'POST', agent: false });
    req.write('one');
    const res = await new Promise<IncomingMessage>((resolve) => req.once('response', resolve));
    const parts: string[] = [];
    res.on('data', (chunk: Buffer) => parts.push(chunk.toString()));
    await waitFor('the first part', () => parts.join('') === 'got one;');
    req.end('two');
    await new Promise((resolve) => res.once('end', resolve));
    expect(parts.join('')).toBe('got one;got two;end');
  });

  it('does not pile up in memory when the caller takes nothing', async () => {
    let written = 0;
    const { gateway } = await setup((_req, res) => {
      const chunk = Buffer.alloc(64 * 1024);
      const pump = () => {
        while (written < 256 * 1024 * 1024) {
          written += chunk.length;
          if (!res.write(chunk)) return;
        }
      };
      res.on('drain', pump);
      pump();
    });
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
    socket.pause();
    socket.write('GET /queue/flood HTTP/1.1\r\nhost: x\r\n\r\n');
    await waitFor('the flood', () => written > 0);
    expect(await waitForQuiet('the sender', () => written)).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
  });

  it('reuses connections to the service', async () => {
    const { gateway, upstream } = await setup();
    for (let i = 0; i < 5; i += 1) await send(gateway, '/queue/arm1');
    expect(upstream.sockets.size).toBe(1);
  });

  it('is asked again on a new connection when the kept one turns out to be closed', async () => {
    const used = new WeakSet<object>();
    const { gateway, upstream } = await setup((req, res) => {
      if (used.has(req.socket)) return void req.socket.destroy();
      used.add(req.socket);
      res.end('ok');
    });
    for (let i = 0; i < 5; i += 1) expect((await send(gateway, '/queue/arm1')).text).toBe('ok');
    expect(upstream.requests.length).toBeGreaterThan(5);
  });

  it('is given up when its caller goes away', async () => {
    const aborted = jest.fn();
    const { gateway, upstream } = await setup((req) => void req.once('close', aborted));
    const req = http.get(`${gateway.url}/queue/slow`, { agent: false });
    req.on('error', () => undefined);
    await waitFor('the request', () => upstream.requests.length > 0);
    req.destroy();
    await waitFor('the service to hear it', () => aborted.mock.calls.length > 0);
  });

  it('is answered 404 as a problem when nobody owns its path', async () => {
    const { gateway } = await setup();
    const answer = await send(gateway, '/nobody/here');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', instance: '/nobody/here' });
  });
});

describe('stopping', () => {
  it('finishes what is in flight and takes nothing new', async () => {
    let finish = (): void => undefined;
    const { gateway, upstream } = await setup((_req, res) => void (finish = () => res.end('done')));
    const inFlight = send(gateway, '/queue/slow');
    await waitFor('the request', () => upstream.requests.length > 0);
    const stopped = gateway.close();
    await waitFor('new ones to be refused', () =>
      send(gateway, '/queue/arm1').then(
        () => false,
        (error: Error) => error.message.includes('ECONNREFUSED'),
      ),
    );
    finish();
    expect((await inFlight).text).toBe('done');
    await stopped;
  });
});
