import http from 'node:http';
import net from 'node:net';
import { answerOf, Opened, send } from '../testing/http.spec-support';

const opened = new Opened();
afterEach(() => opened.closeAll());
const setup = opened.proxied.bind(opened);

describe('a body that is too large', () => {
  const small = { MAX_BODY_BYTES: '1000', MAX_VISION_BODY_BYTES: '5000' };

  it('is refused by its declared length, before the service hears of it', async () => {
    const { gateway, upstream } = await setup(undefined, small);
    const answer = await send(gateway, '/queue/join', { method: 'POST', body: Buffer.alloc(1_001) });
    expect(answer.status).toBe(413);
    expect(answer.json()).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      service: 'queue-service',
      success: false,
    });
    expect(upstream.requests).toHaveLength(0);
  });

  it('is refused while it streams, when it declared no length', async () => {
    const { gateway } = await setup(undefined, small);
    const req = http.request(`${gateway.url}/queue/join`, { method: 'POST', agent: false });
    req.on('error', () => undefined);
    const answer = answerOf(req);
    for (let i = 0; i < 5; i += 1) req.write(Buffer.alloc(500));
    expect((await answer).status).toBe(413);
    req.destroy();
  });

  it('is let through where the route takes more', async () => {
    const { gateway } = await setup(undefined, small);
    const answer = await send(gateway, '/vision/dolls_compare', {
      method: 'POST',
      body: Buffer.alloc(4_000),
    });
    expect(answer.status).toBe(200);
  });

  it('is refused before it is sent, when the caller asks first', async () => {
    const { gateway } = await setup(undefined, small);
    const req = http.request(`${gateway.url}/queue/join`, {
      method: 'POST',
      agent: false,
      headers: { expect: '100-continue', 'content-length': 2_000 },
    });
    const goOn = jest.fn();
    req.on('continue', goOn);
    req.flushHeaders();
    expect((await answerOf(req)).status).toBe(413);
    expect(goOn).not.toHaveBeenCalled();
    req.destroy();
  });

  it('gets the answer even to a caller that goes on sending, who is then cut off', async () => {
    const { gateway } = await setup(undefined, { ...small, BODY_DRAIN_MS: '300' });
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const started = performance.now();
    const cut = new Promise((resolve) => socket.once('close', resolve));
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(
      'POST /queue/join HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 99999999\r\n\r\n',
    );
    const timer = setInterval(() => socket.write(Buffer.alloc(10_000)), 10);
    await cut;
    clearInterval(timer);
    expect(answer).toContain('HTTP/1.1 413');
    expect(answer).toContain('PAYLOAD_TOO_LARGE');
    expect(performance.now() - started).toBeGreaterThan(250);
  });

  it('is read to its end before a caller that wants no keep-alive is left', async () => {
    const { gateway } = await setup(undefined, { ...small, BODY_DRAIN_MS: '60000' });
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const ended = new Promise((resolve) => socket.once('end', resolve));
    socket.write(
      'POST /queue/join HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 500000\r\n\r\n',
    );
    socket.write(Buffer.alloc(500_000));
    const started = performance.now();
    await ended;
    expect(answer).toContain('HTTP/1.1 413');
    expect(performance.now() - started).toBeLessThan(10_000);
    socket.destroy();
  });

  it('asks and is let go on when it fits', async () => {
    const { gateway } = await setup(undefined, small);
    const req = http.request(`${gateway.url}/queue/join`, {
      method: 'POST',
      agent: false,
      headers: { expect: '100-continue', 'content-length': 4 },
    });
    req.on('continue', () => req.end('1234'));
    req.flushHeaders();
    expect((await answerOf(req)).json()).toMatchObject({ body: '1234' });
  });
});
