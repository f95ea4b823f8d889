import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArmRobot } from '../arm-robot';
import type { Command } from '../arm/command';
import { TurnEyes } from './turn-eyes';

interface Sent {
  readonly robotId: string;
  readonly controlToken: string;
  readonly views: Record<string, { start: string[]; end: string[] }>;
}

/** A stand-in for vision-service: answers as it is told, last answer again and again. */
async function setup(statuses: number[] = [200]) {
  const sent: Sent[] = [];
  const authorizations: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses[Math.min(sent.length, statuses.length - 1)]!;
      sent.push(JSON.parse(Buffer.concat(chunks).toString()) as Sent);
      authorizations.push(request.headers.authorization);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ status: 'success', success_count: 1, reward_points: 100, evaluation_id: 'e' }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Not started: what it hears and how it moves is told to it here.
  const robot = new ArmRobot({ robotId: 'arm7', url: 'ws://127.0.0.1:1' });
  const logged: string[] = [];
  const eyes = new TurnEyes(robot, {
    robotId: 'arm7',
    vision: { url: `http://127.0.0.1:${port}`, internalToken: 'internal' },
    scene: 'trays',
    dolls: [
      { left: 2, right: 0 },
      { left: 1, right: 0 },
    ],
    difficulty: 'clear',
    frames: 2,
    seed: 1,
    log: (message) => logged.push(message),
  });
  const hear = (command: Command) => {
    if (command.kind === 'lease') robot.brain.leases.record(command.lease, command.state, 0);
    robot.emit('command', command);
  };
  return {
    eyes,
    sent,
    authorizations,
    logged,
    lease: (epoch: number, state: 'granted' | 'ended') =>
      hear({ kind: 'lease', lease: { epoch, seq: 0 }, state }),
    token: (token: string) => hear({ kind: 'lock_request', token }),
    close: async () => {
      await eyes.stop();
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('what the robot reports of a turn', () => {
  it('is START and END of each camera, with the token its driver said', async () => {
    const s = await setup();
    s.lease(1, 'granted');
    s.token('secret');
    s.eyes.tray.move(0, 'left', 'right');
    const judged = once(s.eyes, 'judged');
    s.lease(1, 'ended');
    expect(await judged).toEqual([expect.objectContaining({ reward_points: 100 }), 'secret']);
    const [{ robotId, controlToken, views }] = s.sent as [Sent];
    expect({ robotId, controlToken }).toEqual({ robotId: 'arm7', controlToken: 'secret' });
    expect(Object.keys(views)).toEqual(['cam1', 'cam2']);
    for (const { start, end } of Object.values(views)) expect([start.length, end.length]).toEqual([2, 2]);
    expect(s.authorizations).toEqual(['Bearer internal']);
    await s.close();
  });

  it('covers the whole turn, also when the driver comes back with a new lease', async () => {
    const s = await setup();
    s.lease(1, 'granted');
    s.token('one');
    s.lease(2, 'granted');
    s.token('one');
    const judged = once(s.eyes, 'judged');
    // Of a gateway that has been overtaken.
    s.lease(1, 'ended');
    s.lease(2, 'ended');
    await judged;
    expect(s.sent).toHaveLength(1);
    await s.close();
  });

  it('is made for the turn before when its end was missed', async () => {
    const s = await setup();
    s.lease(1, 'granted');
    s.token('one');
    s.lease(2, 'granted');
    const judged = once(s.eyes, 'judged');
    s.token('two');
    expect((await judged)[1]).toBe('one');
    const next = once(s.eyes, 'judged');
    s.lease(2, 'ended');
    expect((await next)[1]).toBe('two');
    await s.close();
  });

  it('is none when the driver never said his token', async () => {
    const s = await setup();
    s.lease(1, 'granted');
    s.lease(1, 'ended');
    expect(s.logged).toContain('turn not reported');
    expect(s.sent).toEqual([]);
    await s.close();
  });

  it('is sent again until it is taken, but not when it is refused', async () => {
    const s = await setup([503, 200]);
    s.token('one');
    const judged = once(s.eyes, 'judged');
    s.lease(1, 'ended');
    await judged;
    expect(s.sent).toHaveLength(2);
    await s.close();
    const refused = await setup([400]);
    refused.token('one');
    refused.lease(1, 'ended');
    await refused.eyes.stop();
    expect(refused.sent.length).toBeLessThanOrEqual(1);
    await refused.close();
  });
});
