import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { ArmRobot } from './arm-robot';

async function setup(options: { reportHz?: number } = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const robot = new ArmRobot({
    robotId: 'arm1',
    url: `ws://127.0.0.1:${port}`,
    apiKey: 'k',
    reconnectFirstMs: 20,
    reconnectMaxMs: 50,
    ...options,
  });
  const connection = once(server, 'connection') as Promise<[WebSocket, import('node:http').IncomingMessage]>;
  robot.start();
  const [socket, request] = await connection;
  return {
    robot,
    server,
    socket,
    request,
    async close() {
      await robot.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const frames = (socket: WebSocket, type: string): Promise<Record<string, unknown>> =>
  new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Record<string, unknown>;
      if (frame['type'] === type) resolve(frame);
    });
  });

describe('the arm on its socket', () => {
  it('connects out with its id and its key, and asks for lease frames', async () => {
    const { request, close } = await setup();
    expect(request.url).toBe('/ws/robot/control?robotId=arm1&lease=announce');
    expect(request.headers['x-api-key']).toBe('k');
    await close();
  });

  it('moves by the commands it gets and reports it', async () => {
    const { socket, close } = await setup({ reportHz: 50 });
    socket.send(JSON.stringify({ type: 'joint_velocity', joints: [0.5, 0, 0, 0, 0, 0] }));
    const seen = await new Promise<number[]>((resolve) => {
      socket.on('message', (data: Buffer) => {
        const { joints } = JSON.parse(data.toString()) as { joints: number[] };
        if (joints[0]! > 0.01) resolve(joints);
      });
    });
    expect(seen[0]).toBeGreaterThan(0.01);
    await close();
  });

  it('answers a lock request', async () => {
    const { socket, close } = await setup();
    const answer = frames(socket, 'lock_granted');
    socket.send(JSON.stringify({ type: 'lock_request', token: 't' }));
    await answer;
    await close();
  });

  it('stops when it loses the gateway, and comes back', async () => {
    const { robot, server, socket, close } = await setup();
    socket.send(JSON.stringify({ type: 'joint_velocity', joints: [0.5, 0, 0, 0, 0, 0] }));
    await once(robot, 'command');
    expect(robot.brain.arm.moving).toBe(true);
    const again = once(server, 'connection');
    socket.terminate();
    await once(robot, 'disconnected');
    expect(robot.brain.arm.moving).toBe(false);
    await again;
    await close();
  });
});
