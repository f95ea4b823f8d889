import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { get, killAll, startProcess, wait } from './small-process.spec-support';

describe('runService', () => {
  jest.setTimeout(30_000);
  afterEach(killAll);

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what is in flight on %s and leaves with 0',
    async (signal) => {
      const service = startProcess();
      const url = await service.ready();
      const slow = get(`${url}/slow`);
      await wait(100);
      service.child.kill(signal);
      expect(await slow).toBe('{"done":true}');
      expect(await service.exit).toBe(0);
      expect(service.lines.at(-1)).toMatchObject({ msg: 'stopped' });
    },
  );

  it('leaves within SHUTDOWN_TIMEOUT_MS although a request never ends', async () => {
    const service = startProcess({ SHUTDOWN_TIMEOUT_MS: '500' });
    const stuck = get(`${await service.ready()}/stuck`);
    await wait(100);
    const began = performance.now();
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(await stuck).toBe('cut off');
  });

  it('leaves at once on a second signal', async () => {
    const service = startProcess({ SHUTDOWN_TIMEOUT_MS: '20000' });
    const stuck = get(`${await service.ready()}/stuck`);
    await wait(100);
    service.child.kill('SIGTERM');
    await wait(200);
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(1);
    await stuck;
  });

  it('logs a rejection that nobody handles once, and leaves with 1', async () => {
    const service = startProcess();
    void get(`${await service.ready()}/reject`);
    expect(await service.exit).toBe(1);
    const fatal = service.lines.filter((line) => line['level'] === 'fatal');
    expect(fatal).toHaveLength(1);
    expect(fatal[0]).toMatchObject({ msg: 'unhandled rejection', err: { message: 'nobody waits for this' } });
  });

  it('does not start with a bad configuration, and names every fault in one message', async () => {
    const service = startProcess({
      NODE_ENV: 'production',
      JWT_SECRET: 'dev-jwt-secret',
      PORT: 'x',
      HTTP_URL: 'x',
    });
    expect(await service.exit).toBe(1);
    expect(service.text()).toBe(
      [
        'Configuration is not usable:',
        '  PORT must be a whole number',
        '  JWT_SECRET still has its development default',
        '  INTERNAL_API_TOKEN is missing (set INTERNAL_API_TOKEN or INTERNAL_API_TOKEN_FILE)',
        '',
      ].join('\n'),
    );
  });

  it('says which port is taken, and leaves with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const service = startProcess({ PORT: String(port) });
    expect(await service.exit).toBe(1);
    expect(service.text()).toContain(`queue-service: port ${port} is taken; set PORT to a free one`);
    other.close();
  });

  it('does not load what a service without database, messaging, Redis and telemetry does not need', async () => {
    const service = startProcess();
    const { modules } = JSON.parse(await get(`${await service.ready()}/rss`)) as { modules: string[] };
    expect(modules.some((file) => file.includes('/node_modules/fastify/'))).toBe(true);
    for (const heavy of [
      'typeorm',
      'pg',
      'ioredis',
      '@nestjs/swagger',
      '@opentelemetry/sdk-node',
      '@nats-io/transport-node',
      'express',
      'jwks-rsa',
    ]) {
      expect(modules.filter((file) => file.includes(`/node_modules/${heavy}/`))).toEqual([]);
    }
  });
});
