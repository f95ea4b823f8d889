import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { waitUntil } from '@teleop/infra';
import { readyStatus } from './services/ready';
import { product, stopOwnStacks } from './test-support/own-stack.spec-support';

const environmentOf = async (url: string): Promise<Record<string, string>> =>
  ((await (await fetch(url)).json()) as { env: Record<string, string> }).env;

// A start is seconds of work for three servers and three processes, more on a busy machine.
jest.setTimeout(60_000);

describe('startStack', () => {
  afterEach(stopOwnStacks);

  it('migrates, seeds, starts every service that exists and says in stack.json what runs where', async () => {
    const fake = product();
    const stack = await fake.start({ demo: true, simulators: true });
    for (const [url] of Object.values(stack.services)) expect(await readyStatus(url as string)).toBe(200);

    const file = path.join(fake.dataDir, 'stack.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      gateway: stack.gateway,
      services: {
        'api-gateway': stack.gateway,
        'queue-service': stack.services['queue-service']?.[0],
        'robot-gateway': stack.services['robot-gateway']?.[0],
      },
      databaseUrl: stack.databaseUrl,
      natsUrl: stack.natsUrl,
      redisUrl: stack.redisUrl,
      env: stack.env,
    });
    expect(statSync(file).mode & 0o077).toBe(0);

    const robots = (stack.services['robot-gateway']?.[0] as string).replace('http:', 'ws:');
    const written = (): string => readFileSync(fake.log, 'utf8');
    expect(
      await waitUntil(() => ['arm1', 'arm2', 'arm3'].every((arm) => written().includes(arm)), 10_000),
    ).toBe(true);
    const did = written().trim().split('\n');
    expect(did.slice(0, 2)).toEqual(['migrate ', 'seed --demo']);
    expect(did.slice(2).sort()).toEqual([`arm1 ${robots}`, `arm2 ${robots}`, `arm3 ${robots}`]);

    await stack.stop();
    expect(existsSync(file)).toBe(false);
    expect(await readyStatus(stack.gateway)).toBeNull();
    expect(stack.infra.servers.postgres.alive()).toBe(false);
  });

  it('tells every service where the others, its servers and the secrets in force are, and lets the caller’s values win', async () => {
    const fake = product();
    const stack = await fake.start({
      env: {
        JWT_SECRET: 'mine',
        SESSION_SECONDS: '5',
        RECOGNITION_API_KEY_FILE: '/run/key',
        TRUST_PROXY: '10.0.0.1',
      },
    });
    // The gateway believes whom it is told to; what is behind it believes the gateway.
    expect(await environmentOf(stack.gateway)).toMatchObject({ TRUST_PROXY: '10.0.0.1' });
    const env = await environmentOf(stack.services['queue-service']?.[0] as string);
    expect(env).toMatchObject({
      DATABASE_URL: stack.databaseUrl,
      NATS_URL: stack.natsUrl,
      REDIS_URL: stack.redisUrl,
      ROBOT_GATEWAY_URL: stack.services['robot-gateway']?.[0],
      GATEWAY_PUBLIC_URL: stack.gateway,
      INTERNAL_API_TOKEN: 'dev-internal-token',
      JWT_SECRET: 'mine',
      SESSION_SECONDS: '5',
      TRUST_PROXY: 'loopback',
      ROBOT_DISCOVERY_PORT: 'off',
    });
    expect(env).not.toHaveProperty('RECOGNITION_API_KEY');
    expect(stack.env).toMatchObject({
      JWT_SECRET: 'mine',
      SESSION_SECONDS: '5',
      ROBOT_API_KEY: 'secret-robot-key',
    });
    expect(readFileSync(fake.log, 'utf8')).toBe('migrate \nseed \n');
  });

  it('restarts a killed replica and killed servers, each on its port, and says so', async () => {
    const fake = product();
    const stack = await fake.start({ replicas: { 'queue-service': 2 } });
    const [first, second] = stack.services['queue-service'] as [string, string];
    const victim = stack.processes.find(({ name, replica }) => name === 'queue-service' && replica === 1);
    const before = victim?.pid;
    const serversBefore = [
      stack.infra.servers.postgres.pid,
      stack.infra.servers.nats.pid,
      stack.infra.servers.redis.pid,
    ];
    victim?.kill9();
    for (const server of Object.values(stack.infra.servers)) server.kill9();
    expect(await waitUntil(() => !stack.infra.servers.postgres.alive(), 2_000)).toBe(true);

    expect(
      await waitUntil(async () => victim?.pid !== before && (await readyStatus(second)) === 200, 10_000),
    ).toBe(true);
    const isBack = (name: string) => () => fake.notices.some((line) => line.startsWith(`${name} is back`));
    for (const name of ['postgres', 'nats', 'redis'])
      expect(await waitUntil(isBack(name), 15_000)).toBe(true);
    for (const pid of [
      stack.infra.servers.postgres.pid,
      stack.infra.servers.nats.pid,
      stack.infra.servers.redis.pid,
    ]) {
      expect(serversBefore).not.toContain(pid);
    }
    expect(await readyStatus(first)).toBe(200);
    expect(fake.notices).toContain('queue-service.1 was ended by SIGKILL; restarting it in 0.25 s');
  });

  it('kills a service that ignores SIGTERM, and is done within 5 s', async () => {
    const fake = product();
    const stack = await fake.start({ env: { FAKE_STUBBORN: 'queue-service' } });
    const begun = performance.now();
    await stack.stop();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(fake.notices).toContain('queue-service did not stop within 3500 ms; killing it');
    expect(await readyStatus(stack.services['queue-service']?.[0] as string)).toBeNull();
  });
});
