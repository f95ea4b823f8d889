import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '../config';
import { RobotHttp, RobotUnreachable } from './robot-http';

describe('a robot’s own HTTP server', () => {
  const elsewhere: string[] = [];
  const servers: Server[] = [];
  let robot = '';
  let metadata = '';

  async function listen(answer: RequestListener): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  beforeAll(async () => {
    metadata = await listen((req, res) => {
      elsewhere.push(req.url ?? '');
      res.end('{"secret":"of the cloud"}');
    });
    robot = await listen((req, res) => {
      if (req.url === '/nodes') res.writeHead(302, { location: `${metadata}/latest/meta-data` }).end();
      else if (req.url === '/huge') res.end('x'.repeat(4_096));
      else res.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
  });
  afterAll(() => servers.forEach((server) => void server.close().closeAllConnections()));

  const caller = (timeoutMs: number) =>
    new RobotHttp(readConfig({ ROBOT_HTTP_TIMEOUT_MS: String(timeoutMs), ROBOT_HTTP_MAX_BYTES: '1024' }));
  const http = caller(5_000);

  it('sends us nowhere else: a redirect is an answer, not an order', async () => {
    await expect(http.json(robot, '/nodes')).rejects.toThrow(new RobotUnreachable('it answered 302'));
    expect(await http.status(robot, '/nodes')).toBe(302);
    expect(elsewhere).toEqual([]);
  });

  it('is asked over HTTP alone', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://127.0.0.1', 'gopher://127.0.0.1:6379', 'no url']) {
      await expect(http.json(url, '/nodes')).rejects.toThrow('its address is no http(s) URL');
    }
  });

  it('is given up when it says too much or takes too long', async () => {
    await expect(http.json(robot, '/huge')).rejects.toThrow('its answer is too large');
    await expect(caller(200).json(robot, '/slow')).rejects.toThrow('no answer within 200 ms');
  });
});
