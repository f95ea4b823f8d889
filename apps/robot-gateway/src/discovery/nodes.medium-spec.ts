import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { waitFor } from '@teleop/testing';
import { json, type RobotServer } from '../testing/robot-server.spec-support';
import { admin, NODES, setupDiscovery, viewer, type DiscoverySetup } from './discovery.spec-support';
import { DiscoverySocket } from './discovery.socket';
import { RobotNodes } from './robot-nodes';

const TIMEOUT_MS = 200;

describe('what is asked of robots’ own servers', () => {
  const other = createSocket('udp4');
  let s: DiscoverySetup;
  beforeAll(async () => {
    other.bind(0, '0.0.0.0');
    await once(other, 'listening');
    s = await setupDiscovery({
      ROBOT_HTTP_TIMEOUT_MS: String(TIMEOUT_MS),
      ROBOT_HTTP_MAX_BYTES: '1024',
      ROBOT_DISCOVERY_PORT: String(other.address().port),
    });
  });
  afterAll(async () => {
    other.close();
    await s.close();
  });
  const nodes = (robotId: string) => s.api.get(`/nodes?robotId=${robotId}`, viewer);
  const check = async (query: string) => {
    const { status, body } = await s.api.get(`/robot/check${query}`, viewer);
    expect(status).toBe(200);
    return body as unknown;
  };

  it('works without the discovery, whose port is taken', () => {
    expect(s.app.get(DiscoverySocket).port).toBeUndefined();
  });

  it('nodes: once for all who ask, and kept', async () => {
    const { robotId, server } = await s.robotWithServer();
    const known = () => s.app.get(RobotNodes).known(robotId);
    const answers = await Promise.all([1, 2, 3, 4].map(() => nodes(robotId)));
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([200, { nodes: NODES }]);
    expect(server.asked).toEqual(['/nodes']);
    await server.close();
    expect((await nodes(robotId)).body).toEqual({ nodes: NODES });
    expect(known()).toEqual(NODES);
    await s.api.delete(`/api/v1/robots/${robotId}`, admin);
    expect(known()).toEqual([]);
  });

  it('nodes: 503 and nothing else while the robot does not answer as it should, then again', async () => {
    const { robotId, server } = await s.robotWithServer(json({}, 500));
    await waitFor('it to be asked in the background', () => server.asked.length > 0);
    const bad: Record<string, RobotServer['answers'][string]> = {
      'another status': json({ nodes: NODES }, 500),
      'a redirect': (_req, res) => void res.writeHead(302, { location: '/elsewhere' }).end(),
      'no JSON': (_req, res) => void res.end('<html>'),
      'another shape': json({ nodes: [1] }),
      'no list': json(NODES),
      'too much': json({ nodes: ['x'.repeat(2_000)] }),
      'too much without end': (_req, res) => {
        const timer = setInterval(() => res.write('x'.repeat(500)), 1);
        res.on('close', () => clearInterval(timer));
      },
      nothing: () => undefined,
      'half an answer': (_req, res) => void res.write('{"nodes":['),
      'a closed connection': (req) => req.socket.destroy(),
    };
    server.answers['/elsewhere'] = json({ nodes: NODES });
    for (const [what, answer] of Object.entries(bad)) {
      server.answers['/nodes'] = answer!;
      const { status, body, headers } = await nodes(robotId);
      expect([what, status, body]).toEqual([what, 503, { nodes: [] }]);
      expect(headers.get('content-type')).toMatch(/^application\/json/);
    }
    expect(server.asked).not.toContain('/elsewhere');
    server.answers['/nodes'] = json({ nodes: NODES, more: 1 });
    expect((await nodes(robotId)).body).toEqual({ nodes: NODES });
  });

  it('nodes: 503 of a robot that is nowhere, which the default one is', async () => {
    const answer = await s.api.get('/nodes', viewer);
    expect([answer.status, answer.body]).toEqual([503, { nodes: [] }]);
  });

  it('check: says how the robot answered, to the letter', async () => {
    const failed = { status: 'error', connected: false };
    expect(await check('')).toEqual({ ...failed, message: 'No robot URL registered' });
    const { robotId, server } = await s.robotWithServer();
    const { url } = server;
    const stale = { ...failed, message: 'Robot registered but no recent state updates (stale)', url };
    const query = `?robotId=${robotId}`;
    expect(await check(query)).toEqual(stale);
    s.speak(robotId, 30_001);
    expect(await check(query)).toEqual(stale);
    expect(server.asked).not.toContain('/health');
    s.speak(robotId);
    const reached = { status: 'success', connected: true, robot_status: 200, url };
    expect(await check(query)).toEqual(reached);
    server.answers['/health'] = json({}, 500);
    expect(await check(query)).toEqual({ ...reached, robot_status: 500 });
    server.answers['/health'] = (_req, res) => void res.writeHead(302, { location: '/elsewhere' }).end();
    expect(await check(query)).toEqual({ ...reached, robot_status: 302 });
    expect(server.asked).not.toContain('/elsewhere');
    server.answers['/health'] = () => undefined;
    const message = `Failed to reach robot: no answer within ${TIMEOUT_MS} ms`;
    expect(await check(query)).toEqual({ ...failed, message, url });
    await server.close();
    const refused = expect.stringMatching(/^Failed to reach robot: .*ECONNREFUSED/) as unknown;
    expect(await check(query)).toEqual({ ...failed, message: refused, url });
  });

  it('is for users, and about robots that are there', async () => {
    for (const path of ['/nodes', '/robot/check']) {
      expect(await s.api.get(path)).toMatchObject({ status: 401 });
      const answer = (query: string) => s.api.get(`${path}?robotId=${query}`, viewer);
      expect(await answer('nobody')).toMatchObject({ status: 404, body: { code: 'ROBOT_NOT_FOUND' } });
      expect(await answer('a.b')).toMatchObject({ status: 400, body: { errors: [{ path: 'robotId' }] } });
    }
  });
});
