import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketWire } from './socket-wire';

async function setup() {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const arrived = once(sockets, 'connection') as Promise<[WebSocket, http.IncomingMessage]>;
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [ws, req] = await arrived;
  await once(client, 'open');
  const next = async () => {
    const [data, binary] = (await once(client, 'message')) as [Buffer, boolean];
    return { data, binary };
  };
  const stop = async () => {
    client.terminate();
    sockets.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { ws, wire: new SocketWire(ws, req.socket), client, next, stop };
}

describe('a wire that writes whole frames', () => {
  it('is understood by a WebSocket client: text of any length and alphabet, and bytes', async () => {
    const { wire, next, stop } = await setup();
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.constantFrom(0, 125, 126, 127, 65_535, 65_536, 70_000).map((length) => 'x'.repeat(length)),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), async (sent, binary) => {
        const wellFormed = Buffer.from(sent).toString();
        const received = next();
        wire.send(binary ? Buffer.from(wellFormed) : wellFormed, { binary });
        expect(await received).toEqual({ data: Buffer.from(wellFormed), binary });
      }),
      { numRuns: 150 },
    );
    await stop();
  });

  it('keeps the order of its frames, those that the WebSocket writes by itself among them', async () => {
    const { ws, wire, client, stop } = await setup();
    const seen: string[] = [];
    client.on('message', (data: Buffer) => seen.push(data.length > 20 ? `${data.length}` : data.toString()));
    client.on('ping', (data) => seen.push(`ping ${data.toString()}`));
    const closed = once(client, 'close');
    wire.send('a', { binary: false });
    ws.ping('1');
    wire.send('b'.repeat(70_000), { binary: false });
    wire.send('c', { binary: false });
    wire.close(4001, 'over');
    wire.send('too late', { binary: false });
    expect(await closed).toEqual([4001, Buffer.from('over')]);
    expect(seen).toEqual(['a', 'ping 1', '70000', 'c']);
    await stop();
  });

  it('tells what the peer has not taken yet', async () => {
    const { wire, client, stop } = await setup();
    client.pause();
    for (let sent = 0; sent < 4_000 && wire.bufferedAmount === 0; sent += 1)
      wire.send(Buffer.alloc(60_000), { binary: true });
    expect(wire.bufferedAmount).toBeGreaterThan(0);
    await stop();
  });
});
