import net from 'node:net';
import { freePort, isPortFree, requireFreePort } from './ports';
import { listeningInodes, whoListensOn } from './port-owner';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0`;

describe('who has a port', () => {
  it('is read from rows that listen, not from connections through it', () => {
    expect(listeningInodes(TABLE, 3000)).toEqual(['4711']);
  });

  it('is this process when this process listens', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await isPortFree(port)).toBe(false);
    expect(whoListensOn(port)?.pid).toBe(process.pid);
    await expect(requireFreePort(port, 'the gateway')).rejects.toThrow(
      new RegExp(`Port ${port}, asked for by the gateway`),
    );
    await new Promise((resolve) => server.close(resolve));
    expect(whoListensOn(port)).toBeNull();
  });

  it('is one caller alone of those who ask for free ports at the same time', async () => {
    const ports = await Promise.all(Array.from({ length: 300 }, () => freePort()));
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('is nobody for a port that is handed out as free', async () => {
    expect(whoListensOn(await freePort())).toBeNull();
  });
});
