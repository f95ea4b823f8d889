import { waitFor } from '@teleop/testing';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { webSocketOf } from './engine-connection';
import { sendFramesInOneWrite } from './one-write-frames';

const CLIENTS = 20;

const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));

async function setup() {
  const server = http.createServer();
  const sockets = new Server(server, { perMessageDeflate: false, transports: ['websocket'] });
  sendFramesInOneWrite(sockets.of('/'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(sockets);
  const { port } = server.address() as AddressInfo;
  const heard: unknown[] = [];
  for (let i = 0; i < CLIENTS; i += 1) {
    const client = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
    opened.push(client);
    client.on('news', (body: unknown) => heard.push(body));
  }
  sockets.on('connection', (socket) => void socket.join('room'));
  await waitFor('all clients', () => sockets.of('/').adapter.rooms.get('room')?.size === CLIENTS);
  return { sockets, heard };
}

describe('a broadcast to a room', () => {
  it('is encoded once for all clients, and written to each in one piece', async () => {
    const { sockets, heard } = await setup();
    const writes = [...sockets.of('/').sockets.values()].map(({ conn }) => {
      const raw = webSocketOf(conn) as unknown as { _socket: { write(chunk: Buffer): boolean } };
      return jest.spyOn(raw._socket, 'write');
    });
    const body = { text: 'ü'.repeat(50_000), list: [1, 2, 3] };
    sockets.to('room').emit('news', body);
    await waitFor('the news', () => heard.length === CLIENTS);
    expect(heard).toEqual(Array.from({ length: CLIENTS }, () => body));
    const [[first]] = writes.map((write) => write.mock.calls[0] ?? []) as [[Buffer]];
    for (const write of writes) {
      expect(write).toHaveBeenCalledTimes(1);
      // The very same bytes: encoded once, not copied for each.
      expect(write.mock.calls[0]?.[0]).toBe(first);
    }
  });
});
