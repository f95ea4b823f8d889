import http from 'node:http';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { drainServer, drainTime } from './drain-server';

describe('a server that is drained', () => {
  it('lets a connection that was just made ask once more, and closes it when it goes on being silent', async () => {
    const server = http.createServer((_, res) => res.end('answered'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = async () => {
      const socket = net.connect(port, '127.0.0.1');
      await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
      return socket;
    };
    const [late, silent] = [await connected(), await connected()];
    const drained = drainServer(server, 5_000, 1_000);
    await expect(once(net.connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    late.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    const [answer] = (await once(late, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
    silent.resume();
    await Promise.all([once(silent, 'end'), drained]);
    late.destroy();
  });

  it('does not wait when nobody is connected', async () => {
    const server = http.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const began = performance.now();
    await drainServer(server, 60_000, 50_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('the time that requests in flight get at shutdown', () => {
  it.each([
    [1_000, 600],
    [3_000, 1_800],
    [10_000, 6_000],
    [25_000, 21_000],
    // An evaluation of vision-service may take 55 s.
    [60_000, 56_000],
  ])('is of %i ms %i', (shutdownMs, drainMs) => {
    expect(drainTime(shutdownMs)).toBe(drainMs);
  });
});
