import { waitFor } from '@teleop/testing';
import { FakeGateway } from './fake-gateway.spec-support';
import { Fleet } from './fleet';

const COUNT = 50;

describe('a fleet', () => {
  it('is many robots that share a few connections, each with its name, key, port and log', async () => {
    const gateway = await new FakeGateway().start();
    const fleet = new Fleet({
      robotIds: Array.from({ length: COUNT }, (_, index) => `r${index + 1}`),
      url: gateway.url,
      apiKey: (robotId) => `key-${robotId}`,
      home: (_, index) => (index % 2 === 0 ? 'Home' : 'Office'),
      timeScale: 50,
      maxSockets: 8,
      server: { host: '127.0.0.1' },
    });
    try {
      await fleet.start();
      await waitFor('all of them', () => fleet.ready && gateway.to('/table/register').length >= COUNT);
      for (const { headers } of gateway.to('/table/state'))
        expect(headers['x-api-key']).toBe(`key-${String(headers['x-robot-id'])}`);
      expect(new Set(fleet.robots.map(({ port }) => port)).size).toBe(COUNT);

      for (const { socket, url } of gateway.peers) {
        const id = new URLSearchParams(url.split('?')[1]).get('robotId');
        const order = { command: 'NAVIGATE', id, start: 'Home', destination: 'Kitchen' };
        socket.send(JSON.stringify({ ...order, lease: { epoch: 1, seq: 1 } }));
      }
      await waitFor('arrivals', () => fleet.robots.every(({ brain }) => brain.table.lastNode === 'Kitchen'));
      expect([...fleet.commands].map(([robotId, [entry]]) => [robotId, entry?.id])).toEqual(
        fleet.robots.map(({ robotId }) => [robotId, robotId]),
      );
      expect(fleet.robot('r7').robotId).toBe('r7');
      expect(() => fleet.robot('r99')).toThrow('no robot r99');
    } finally {
      await fleet.stop();
      await gateway.stop();
    }
  });
});
