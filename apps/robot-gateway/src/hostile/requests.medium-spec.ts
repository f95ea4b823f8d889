import { randomUUID } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { apiUser, type ApiUser } from '../testing/api.spec-support';
import { STATE } from '../testing/table.spec-support';
import { hostileWorld, keyOf, ROBOTS, type HostileWorld } from './hostile-world.spec-support';
import { frame, OPCODE, RawPeer } from './raw-peer.spec-support';

jest.setTimeout(120_000);

describe('hostile requests', () => {
  let world: HostileWorld;
  beforeAll(async () => {
    world = await hostileWorld({ WS_PING_INTERVAL_MS: '4000', REQUEST_TIMEOUT_MS: '3000' });
  });
  afterAll(() => world?.close());
  beforeEach(() => world.begin());

  const robotPath = (robotId: string) => `/ws/robot/control?robotId=${robotId}&key=${keyOf(robotId)}`;
  const stateRequest = (robotId: string, key: string, body: string) =>
    `POST /table/state HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-robot-id: ${robotId}\r\n` +
    `x-api-key: ${key}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  it('answers thousands of wrong keys without anybody else feeling it', async () => {
    const one = stateRequest('bad0', 'wrong', JSON.stringify(STATE));
    const dialled = await Promise.all(Array.from({ length: 20 }, () => RawPeer.dial(world.url)));
    let answered = 0;
    for (const peer of dialled) {
      peer.socket.on(
        'data',
        (part: Buffer) => (answered += part.toString('latin1').split('HTTP/1.1 401').length - 1),
      );
      peer.socket.write(one.repeat(100));
    }
    // An answer that is cut in two in the middle of its first line is not counted.
    await waitFor('all of them to be answered', () => answered >= 1_950, { timeoutMs: 20_000 });
    for (const peer of dialled) peer.vanish();
    await world.expectCalm('2,000 wrong keys');
  });

  it('cuts off headers that trickle, and peers who are refused and never close', async () => {
    const starts = ['GET /status HT', 'POST /table/state HTTP/1.1\r\nhost: x\r\nx-a: '];
    const peers = await Promise.all(Array.from({ length: 100 }, () => RawPeer.dial(world.url)));
    for (const [index, peer] of peers.entries()) peer.socket.write(starts[index % starts.length]!);
    // Refused upgrades of peers who keep their side open.
    const refused = await Promise.all(Array.from({ length: 50 }, () => RawPeer.dial(world.url)));
    for (const peer of refused) {
      peer.socket.allowHalfOpen = true;
      peer.socket.write(
        'GET /ws/drive/manual?token=x HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
          'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      );
    }
    const trickle = setInterval(() => {
      for (const peer of [...peers, ...refused]) if (!peer.closed) peer.socket.write('a');
    }, 100);
    await waitFor(
      'all of them to be cut off',
      () => {
        const open = [...peers, ...refused].flatMap(({ closed, text }, at) =>
          closed ? [] : [`${at}: ${text}`],
        );
        if (open.length > 0) throw new Error(`${open.length} are open: ${open.slice(0, 8).join('; ')}`);
        return true;
      },
      { timeoutMs: 20_000 },
    );
    clearInterval(trickle);
    for (const peer of refused) expect(peer.text).toContain('401');
    await world.expectCalm('slow and half-closed requests');
  });

  it('cuts off half-open sockets, and takes the robot for gone', async () => {
    const before = await world.metric('websocket_half_open_total');
    const peers = await Promise.all([
      ...Array.from({ length: ROBOTS }, (_, index) => RawPeer.open(world.url, robotPath(`bad${index}`), { paused: true })),
      ...Array.from({ length: 60 }, () =>
        RawPeer.open(world.url, `/ws/robot/events?token=${apiUser('Viewer').headers.authorization.slice(7)}`, { paused: true })),
    ]); // prettier-ignore
    await waitFor(
      'all of them to be found out',
      async () => (await world.metric('websocket_half_open_total')) - before >= peers.length,
    );
    expect(await world.metric('websocket_connections')).toBeLessThanOrEqual(2);
    for (const peer of peers) peer.vanish();
    await world.expectCalm('half-open sockets');
  });

  it('passes on and writes down what many robots with a lot of extra telemetry say', async () => {
    for (let round = 0; round < 4; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: ROBOTS }, (_, index) =>
          post('/table/state', `bad${index}`, {
            ...STATE,
            driveMode: 'MANUAL',
            round,
            extra: 'x'.repeat(60_000),
          }),
        ),
      );
      expect(new Set(answers)).toEqual(new Set([200]));
    }
    await waitFor(
      'all of it to be in the database',
      async () => {
        const { rows } = await world.gateway.pool.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM robots.robot WHERE last_state->>'round' = '3'`,
        );
        return rows[0]!.count === ROBOTS;
      },
      { timeoutMs: 60_000, everyMs: 250 },
    );
    await world.expectCalm('40 robots with 60 KB of telemetry each');
  });

  it('takes few of the events, acknowledgements and results of a robot that floods them', async () => {
    const robot = await RawPeer.open(world.url, robotPath('bad1'));
    const stored = async () =>
      (
        await world.gateway.pool.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM robots.event WHERE robot_id = 'bad1'`,
        )
      ).rows[0]!.count;
    const pongs = setInterval(() => robot.socket.write(frame(OPCODE.pong, '')), 500);
    const from = performance.now();
    for (let round = 0; round < 10; round += 1) {
      const said = Array.from({ length: 100 }, (_, index) => [
        { type: 'ack', id: randomUUID(), accepted: true },
        {
          event: 'STEP_DONE',
          timestamp: new Date().toISOString(),
          taskId: randomUUID(),
          stepId: randomUUID(),
        },
        { priority: 'ERROR', message: `help ${round} ${index}` },
      ]).flat();
      robot.socket.write(Buffer.concat(said.map((one) => frame(OPCODE.text, JSON.stringify(one)))));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    let posted = 0;
    // A slow machine may need more than one wave to be faster than what is taken.
    await waitFor('one over HTTP to be refused', async () => {
      const wave = Array.from({ length: 150 }, () =>
        post('/table/event', 'bad1', { priority: 'INFO', message: `over HTTP ${(posted += 1)}` }),
      );
      return (await Promise.all(wave)).includes(429);
    });
    robot.socket.write(frame(OPCODE.ping, 'heard all?'));
    await robot.until((text) => text.includes('heard all?'));
    const seconds = (performance.now() - from) / 1_000;
    // A second's share at once, and then as many a second: messages and results.
    expect(await stored()).toBeLessThanOrEqual(2 * 50 * (seconds + 2));
    clearInterval(pongs);
    robot.vanish();
    await world.expectCalm('events, acknowledgements and results that nobody asked for');
  });

  it('lets others lock and drive while two people fight over one robot', async () => {
    const fighters = [apiUser('Operator', 'Fay'), apiUser('Operator', 'Fred')];
    const fight = async (user: ApiUser) => {
      for (let round = 0; round < 10; round += 1)
        await Promise.all(
          Array.from({ length: 15 }, (_, index) =>
            fetch(`${world.url}/drive/lock?robotId=bad2`, {
              method: index % 2 === 0 ? 'POST' : 'DELETE',
              headers: user.headers,
            }).then((answer) => expect(answer.status).toBe(200)),
          ),
        );
    };
    await Promise.all(fighters.map(fight));
    await world.expectCalm('300 lockings and unlockings');
  });

  async function post(path: string, robotId: string, body: object): Promise<number> {
    const answer = await fetch(world.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-robot-id': robotId, 'x-api-key': keyOf(robotId) },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    return answer.status;
  }
});
