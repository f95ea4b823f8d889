import { testServers, waitFor } from '@teleop/testing';
import { Redis } from 'ioredis';
import http from 'node:http';
import net from 'node:net';
import { Opened, send } from '../testing/http.spec-support';
import { startGateway } from '../testing/gateway.spec-support';
import { RedisBuckets } from './shared-bucket';

const opened = new Opened();
afterEach(() => opened.closeAll());

const limits = {
  RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_BURST: '20',
  RATE_LIMIT_PER_SECOND: '1',
  RATE_LIMIT_AUTH_BURST: '3',
  RATE_LIMIT_AUTH_PER_SECOND: '1',
  TRUST_PROXY: 'true',
};
/** An address of its own per test: the buckets are in a Redis that the tests share. */
let addresses = 0;
const from = () => ({
  headers: { 'x-forwarded-for': `10.${process.pid % 250}.${(addresses += 1)}.${Date.now() % 250}` },
});

describe('limits by caller', () => {
  it('answer 429 with the time to wait once the burst is used up', async () => {
    const { gateway } = await opened.proxied(undefined, limits);
    const caller = from();
    for (let i = 0; i < 20; i += 1) expect((await send(gateway, '/queue/arm1', caller)).status).toBe(200);
    const refused = await send(gateway, '/queue/arm1', caller);
    expect(refused.status).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'ratelimit-limit': '20',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '1',
    });
    expect((await send(gateway, '/queue/arm1', from())).status).toBe(200);
  });

  it('are tighter where credentials are tried', async () => {
    const { gateway } = await opened.proxied(undefined, limits);
    const caller = from();
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1)
      statuses.push((await send(gateway, '/auth/token', { ...caller, method: 'POST' })).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await send(gateway, '/queue/arm1', caller)).status).toBe(200);
  });

  it('are counted over all replicas', async () => {
    const { gateway, upstream } = await opened.proxied(undefined, limits);
    const second = await startGateway({ QUEUE_SERVICE_URL: upstream.url, ...limits });
    opened.add(second);
    const caller = from();
    let passed = 0;
    for (let i = 0; i < 20; i += 1) {
      for (const replica of [gateway, second]) {
        if ((await send(replica, '/queue/arm1', caller)).status === 200) passed += 1;
      }
    }
    expect(passed).toBeGreaterThanOrEqual(20);
    expect(passed).toBeLessThanOrEqual(22);
  });

  it('count robots behind one address one by one, by name and key', async () => {
    const { gateway } = await opened.proxied(undefined, limits);
    const { headers } = from();
    const post = async (robot: Record<string, string>) => {
      const options = { method: 'POST', body: '{}', headers: { ...headers, ...robot } };
      return (await send(gateway, '/table/state', options)).status;
    };
    const flooding = { 'x-robot-id': 'table1', 'x-api-key': 'guessed' };
    const statuses: number[] = [];
    for (let i = 0; i < 25; i += 1) statuses.push(await post(flooding));
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(22);
    expect(statuses.at(-1)).toBe(429);
    for (let i = 0; i < 30; i += 1) {
      expect(await post({ 'x-robot-id': `r${i}`, 'x-api-key': 'k' })).toBe(200);
    }
    // The robot whose name was used has another key.
    expect(await post({ 'x-robot-id': 'table1', 'x-api-key': 'its own' })).toBe(200);
  });

  it('bound what all robots of an address ask for together', async () => {
    const { gateway } = await opened.proxied(undefined, {
      ...limits,
      RATE_LIMIT_ROBOTS_BURST: '5',
      RATE_LIMIT_ROBOTS_PER_SECOND: '1',
    });
    const { headers } = from();
    const statuses: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      const options = { method: 'POST', headers: { ...headers, 'x-robot-id': `r${i}` } };
      statuses.push((await send(gateway, '/table/event', options)).status);
    }
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses.at(-1)).toBe(429);
    expect((await send(gateway, '/status', { headers })).status).toBe(200);
  });

  it('let a thousand robots behind one address send what they send every second', async () => {
    const { gateway } = await opened.proxied(undefined, { RATE_LIMIT_ENABLED: 'true', TRUST_PROXY: 'true' });
    const { headers } = from();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
    const counts = new Map<number, number>();
    for (let second = 0; second < 6; second += 1) {
      const answers = Array.from({ length: 1_000 }, (_, i) =>
        send(gateway, '/table/state', {
          method: 'POST',
          agent,
          headers: { ...headers, 'x-robot-id': `r${i}`, 'x-api-key': 'k' },
        }),
      );
      for (const { status } of await Promise.all(answers)) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    agent.destroy();
    expect([...counts]).toEqual([[200, 6_000]]);
  }, 60_000);

  it('do not hold up who watches over the gateway', async () => {
    const { gateway } = await opened.proxied(undefined, limits);
    for (let i = 0; i < 30; i += 1) expect((await send(gateway, '/healthz')).status).toBe(200);
  });

  it('go on without Redis, by each replica alone', async () => {
    const { gateway } = await opened.proxied(undefined, { ...limits, REDIS_URL: 'redis://127.0.0.1:1' });
    const caller = from();
    const statuses: number[] = [];
    for (let i = 0; i < 22; i += 1) statuses.push((await send(gateway, '/queue/arm1', caller)).status);
    expect(statuses.slice(0, 20).every((status) => status === 200)).toBe(true);
    expect(statuses.slice(20)).toContain(429);
    expect(gateway.lines.filter((line) => line.includes('each replica limits on its own'))).toHaveLength(1);
  });

  it('never wait for a Redis that hangs', async () => {
    // Takes connections, answers the greeting, then says nothing more.
    const silent = net.createServer((socket) => socket.on('data', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    const { gateway } = await opened.proxied(undefined, {
      ...limits,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      RATE_LIMIT_REDIS_TIMEOUT_MS: '1000',
    });
    const started = performance.now();
    for (let i = 0; i < 10; i += 1) expect((await send(gateway, '/queue/arm1', from())).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(6_000);
    silent.close();
  });
});

describe('a bucket in Redis', () => {
  async function setup() {
    const redis = new Redis(testServers().redisUrl);
    opened.add({ close: async () => void (await redis.quit()) });
    const key = `test:${process.pid}:${Date.now()}`;
    const buckets = new RedisBuckets(redis, 1_000);
    return {
      redis,
      take: (want: number, rule: { perSecond: number; burst: number }) => buckets.take(key, rule, want),
      name: `teleop:rate:${key}`,
    };
  }

  it('gives what it has, then says how long until there is more', async () => {
    const { take } = await setup();
    const rule = { perSecond: 2, burst: 5 };
    expect(await take(3, rule)).toEqual({ taken: 3, waitMs: 0 });
    expect(await take(9, rule)).toEqual({ taken: 2, waitMs: 0 });
    const { taken, waitMs } = await take(1, rule);
    expect(taken).toBe(0);
    expect(waitMs).toBeGreaterThan(400);
    expect(waitMs).toBeLessThanOrEqual(500);
    await waitFor('a token', async () => (await take(1, rule)).taken === 1, { timeoutMs: 1_500 });
  });

  it('expires when it would be full again', async () => {
    const { take, redis, name } = await setup();
    await take(5, { perSecond: 1, burst: 10 });
    expect(await redis.pttl(name)).toBeGreaterThan(5_000);
    expect(await redis.pttl(name)).toBeLessThanOrEqual(6_000);
  });

  it('works on after Redis has forgotten its scripts', async () => {
    const { take, redis } = await setup();
    await take(1, { perSecond: 1, burst: 5 });
    await redis.script('FLUSH');
    expect(await take(1, { perSecond: 1, burst: 5 })).toEqual({ taken: 1, waitMs: 0 });
  });
});
