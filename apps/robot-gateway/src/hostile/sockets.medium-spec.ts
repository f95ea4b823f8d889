import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { STATE } from '../testing/table.spec-support';
import { hostileWorld, keyOf, ROBOTS, type HostileWorld } from './hostile-world.spec-support';
import { frame, many, OPCODE, RawPeer } from './raw-peer.spec-support';

const MB = 1024 * 1024;
const tokenOf = (role: string) => apiUser(role).headers.authorization.slice(7);
const robotPath = (robotId: string) => `/ws/robot/control?robotId=${robotId}&key=${keyOf(robotId)}`;
const manualPath = (robotId: string, token = tokenOf('Admin')) =>
  `/ws/drive/manual?robotId=${robotId}&token=${token}`;
const eventsPath = `/ws/robot/events?token=${tokenOf('Viewer')}`;

jest.setTimeout(60_000);

describe('hostile sockets', () => {
  let world: HostileWorld;
  beforeAll(async () => {
    world = await hostileWorld();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.begin());

  const sessionPath = async (robotId: string) => {
    const { token } = await world.gateway.queue.activate(robotId);
    return `/ws/drive/session?robotId=${robotId}&token=${token}`;
  };
  const everySocket = async (robotId: string) =>
    [robotPath(robotId), manualPath(robotId), eventsPath, await sessionPath(`session-${robotId}`)] as const;

  async function closedWith(path: string, chunk: Buffer, bytes: number): Promise<number | undefined> {
    const peer = await RawPeer.open(world.url, path);
    await peer.pour(chunk, bytes);
    await waitFor(`${path} to be closed`, () => peer.closed, { timeoutMs: 15_000 });
    return peer.closeCode;
  }

  it('closes whoever floods it with frames, on every socket', async () => {
    const flood = many(
      frame(OPCODE.text, '{"command":"DRIVE_COMMAND","linear_velocity":1,"angular_velocity":0}'),
    );
    const paths = await everySocket('bad0');
    const codes = await Promise.all(paths.map((path) => closedWith(path, flood, 200 * MB)));
    expect(codes).toEqual([1008, 1008, 1008, 1008]);
    await world.expectCalm('floods of frames');
  });

  it('closes whoever sends frames of 8 MiB, whole or in pieces, without taking them in', async () => {
    for (const path of await everySocket('bad1')) {
      const whole = Buffer.concat([frame(OPCODE.binary, '', { length: 8 * MB }), Buffer.alloc(64 * 1_024)]);
      expect([path, await closedWith(path, whole, 8 * MB)]).toEqual([path, 1009]);
    }
    const piece = many(frame(OPCODE.continuation, Buffer.alloc(1_000), { fin: false }));
    for (const path of await everySocket('bad2')) {
      const pieces = Buffer.concat([frame(OPCODE.text, 'x', { fin: false }), piece]);
      const peer = await RawPeer.open(world.url, path);
      peer.socket.write(pieces);
      await peer.pour(piece, 8 * MB);
      await waitFor(`${path} to be closed`, () => peer.closed);
      expect([path, peer.closeCode]).toEqual([path, 1009]);
    }
    await world.expectCalm('frames of 8 MiB');
  });

  it('keeps nothing of endless pings and empty pieces that nobody waits for', async () => {
    const paused = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        RawPeer.open(world.url, robotPath(`bad${index}`), { paused: true }),
      ),
    );
    const pings = many(frame(OPCODE.ping, 'x'.repeat(120)));
    await Promise.all(paused.map((peer) => peer.pour(pings, 8 * MB)));
    const empty = await RawPeer.open(world.url, robotPath('bad5'));
    empty.socket.write(frame(OPCODE.text, '', { fin: false }));
    await empty.pour(many(frame(OPCODE.continuation, '', { fin: false })), MB);
    await waitFor('the pieces to be refused', () => empty.closed);
    for (const peer of paused) peer.vanish();
    await world.expectCalm('pings and empty pieces');
  });

  it('is not impressed by what is no frame, no JSON and no UTF-8', async () => {
    const deep = 5_000;
    const texts = [
      '{', 'null', '[]', '""', '1e999', 'NaN', '{"command":null}', '{"command":{"toString":1}}',
      '{"__proto__":{"command":"CANCEL"}}', '{"constructor":{"prototype":{"polluted":1}}}',
      '{"command":"DRIVE_COMMAND","linear_velocity":1e400,"angular_velocity":-1e400}',
      '{"command":"DRIVE_COMMAND","linear_velocity":"1","angular_velocity":[]}',
      '{"command":"NAVIGATE","start":"\\u0000","destination":"\\ud800"}',
      `{"command":"SET_MODE","mode":"${'x'.repeat(10_000)}"}`,
      '['.repeat(deep) + ']'.repeat(deep), '{"event":'.repeat(500) + '1' + '}'.repeat(500),
      '{"type":"ack","id":"__proto__"}', '{"type":"ack","id":{}}', '{"event":"x","timestamp":"never"}',
      '{"priority":"ERROR","message":"\\u0000"}', '{"event":"STEP_DONE","taskId":"x","stepId":1}',
      '{"type":"lock_request","token":{"length":1e9}}',
    ]; // prettier-ignore
    for (const path of await everySocket('bad3')) {
      const peer = await RawPeer.open(world.url, path);
      for (const text of texts.filter((one) => !path.startsWith('/ws/robot/events') || one.length < 1_000))
        peer.socket.write(frame(OPCODE.text, text));
      peer.socket.write(frame(OPCODE.binary, Buffer.from([0, 255, 0x80, 0xc0, 0xaf])));
      peer.socket.write(frame(OPCODE.ping, 'still there?'));
      await peer.until((text) => text.includes('still there?'));
      peer.socket.write(frame(OPCODE.text, Buffer.from([0xc3, 0x28])));
      await waitFor('invalid UTF-8 to be refused', () => peer.closed);
      expect([path, peer.closeCode]).toEqual([path, 1007]);
    }
    for (const path of await everySocket('bad4')) {
      for (const rubbish of [
        'GET / HTTP/1.1\r\n\r\n',
        '\xff\xff\xff\xff\xff',
        '\x81\x01x',
        '\x83\x80\0\0\0\0',
      ]) {
        const peer = await RawPeer.open(world.url, path);
        peer.socket.write(Buffer.from(rubbish, 'latin1'));
        await waitFor('rubbish to be refused', () => peer.closed);
        expect([1002, 1009]).toContain(peer.closeCode);
      }
    }
    await world.expectCalm('rubbish');
  });

  it('keeps little for a robot, a driver and watchers who never read', async () => {
    // A robot that never reads, and an Admin who floods it within his share.
    const robot = await RawPeer.open(world.url, robotPath('bad6'), { paused: true });
    const admin = await RawPeer.open(world.url, manualPath('bad6'));
    const orders = frame(OPCODE.text, '{"command":"DRIVE_COMMAND","linear_velocity":1,"angular_velocity":1}');
    // A driver who never reads, and his robot, which sends 8 MiB a second.
    const driver = await RawPeer.open(world.url, await sessionPath('bad7'), { paused: true });
    const chatty = await RawPeer.open(world.url, robotPath('bad7'));
    const picture = frame(OPCODE.binary, Buffer.alloc(400 * 1_024));
    // Watchers of all robots who never read, while robots say a lot.
    const watchers = await Promise.all(
      Array.from({ length: 60 }, () => RawPeer.open(world.url, eventsPath, { paused: true })),
    );
    const loud = Array.from({ length: 6 }, (_, index) => `bad${index + 10}`);
    const reportAll = (nonce: number) => report(loud, 60_000, nonce);
    for (let round = 0; round < 30; round += 1) {
      for (let order = 0; order < 4; order += 1) admin.socket.write(orders);
      await chatty.pour(picture, picture.length);
      if (round % 3 === 0) await reportAll(round);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await waitFor('frames to be dropped', () =>
      world.metric('robot_frames_dropped_total{reason="driver_slow"'),
    );
    // How much the kernel takes for a reader who does not read is the kernel's affair: robots go on until it is too much.
    let nonce = 30;
    await waitFor(
      'watchers to be dropped',
      async () => {
        await reportAll((nonce += 1));
        return world.metric('robot_watchers_dropped_total');
      },
      { timeoutMs: 30_000 },
    );
    for (const peer of [robot, admin, driver, chatty, ...watchers]) peer.vanish();
    await world.expectCalm('slow readers');
  });

  it('lets a person have a few sockets for one robot, not a thousand, and counts his frames together', async () => {
    const token = tokenOf('Operator');
    const peers: RawPeer[] = [];
    for (let round = 0; round < 5; round += 1)
      peers.push(
        ...(await Promise.all(
          Array.from({ length: 20 }, () => RawPeer.open(world.url, manualPath('bad8', token))),
        )),
      );
    await waitFor('the oldest to be closed', () => peers.filter(({ closed }) => closed).length >= 84);
    const left = peers.filter(({ closed }) => !closed);
    const before = await world.metric('robot_frames_dropped_total{reason="not_allowed"');
    const burst = Buffer.concat(
      Array.from({ length: 100 }, () => frame(OPCODE.text, '{"command":"REBOOT"}')),
    );
    for (const peer of left) peer.socket.write(burst);
    await waitFor(
      'their frames to be counted',
      async () => (await world.metric('robot_frames_dropped_total{reason="flood"')) > 0,
    );
    const passed = (await world.metric('robot_frames_dropped_total{reason="not_allowed"')) - before;
    expect(passed).toBeLessThan(1_000);
    for (const peer of peers) peer.vanish();
    await world.expectCalm('100 sockets of one person');
  });

  it('forgets hundreds who come and go', async () => {
    for (let round = 0; round < 10; round += 1) {
      const robotId = `bad${round % ROBOTS}`;
      const paths = [robotPath(robotId), manualPath(robotId), eventsPath];
      const peers = await Promise.all(
        Array.from({ length: 60 }, (_, index) => RawPeer.open(world.url, paths[index % 3]!)),
      );
      for (const peer of peers) peer.vanish();
    }
    await waitFor('all of them to be gone', async () => (await world.metric('websocket_connections')) <= 2);
    await world.expectCalm('600 who came and went');
  });

  async function report(robotIds: readonly string[], bytes: number, nonce: number): Promise<void> {
    const answers = await Promise.all(
      robotIds.map((robotId) =>
        fetch(`${world.url}/table/state`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-robot-id': robotId, 'x-api-key': keyOf(robotId) },
          body: JSON.stringify({ ...STATE, nonce, extra: 'x'.repeat(bytes) }),
        }),
      ),
    );
    for (const answer of answers) expect(answer.status).toBe(200);
  }
});
