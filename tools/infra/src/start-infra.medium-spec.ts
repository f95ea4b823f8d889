import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { withClient } from './database';
import { firstLine } from './net/probe';
import { isPortFree } from './net/ports';
import { startInfra } from './start-infra';
import { ownEnv, ownInfra, stopOwnInfra } from './test-support/own-infra.spec-support';
import { SERVER_NAMES } from './types';

const one = (databaseUrl: string, sql: string): Promise<unknown> =>
  withClient(
    databaseUrl,
    async (client) => Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0],
  );

async function withJetStream<T>(
  natsUrl: string,
  work: (js: ReturnType<typeof jetstream>) => Promise<T>,
): Promise<T> {
  const connection = await connect({ servers: natsUrl });
  try {
    return await work(jetstream(connection));
  } finally {
    await connection.close();
  }
}

// Three servers from nothing take a second or two, more on a busy machine.
jest.setTimeout(60_000);

describe('startInfra', () => {
  afterEach(stopOwnInfra);

  it('serves PostgreSQL 18 that keeps what it acknowledged, JetStream and an append-only Redis on 127.0.0.1', async () => {
    const infra = await ownInfra();
    expect(String(await one(infra.databaseUrl, 'SHOW server_version'))).toMatch(/^18\./);
    expect(await one(infra.databaseUrl, 'SELECT current_database()')).toBe('teleop');
    expect(await one(infra.databaseUrl, 'SHOW fsync')).toBe('on');
    expect(await one(infra.databaseUrl, 'SHOW synchronous_commit')).toBe('on');
    expect(Number(await one(infra.databaseUrl, 'SHOW max_connections'))).toBe(200);
    expect(await one(infra.databaseUrl, `SELECT lower('ÄĐ世')`)).toBe('äđ世');
    const connection = await connect({ servers: infra.natsUrl });
    await (await jetstreamManager(connection)).getAccountInfo();
    await connection.close();
    expect(await firstLine(infra.servers.redis.port, 'CONFIG GET appendonly\r\n')).toBe('*2');
  });

  it('refuses a PostgreSQL client without the password', async () => {
    const infra = await ownInfra();
    const url = new URL(infra.databaseUrl);
    url.password = 'guess';
    await expect(withClient(url.toString(), (client) => client.query('SELECT 1'))).rejects.toThrow(
      /password/,
    );
  });

  it('stops everything it started, and starts again on the same ports with the same data', async () => {
    const first = await ownInfra();
    await one(first.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    for (const name of SERVER_NAMES) {
      expect(first.servers[name].pid).toBeNull();
      expect(await isPortFree(first.servers[name].port)).toBe(true);
    }
    const second = await ownInfra({ dataDir: first.dataDir });
    expect(second.databaseUrl).toBe(first.databaseUrl);
    expect(second.natsUrl).toBe(first.natsUrl);
    expect(second.redisUrl).toBe(first.redisUrl);
    expect(await one(second.databaseUrl, 'SELECT answer FROM kept')).toBe(42);
  });

  it('runs side by side in two folders started at the same moment', async () => {
    const [left, right] = await Promise.all([ownInfra(), ownInfra()]);
    for (const name of SERVER_NAMES) {
      expect(left.servers[name].port).not.toBe(right.servers[name].port);
      expect(left.servers[name].alive() && right.servers[name].alive()).toBe(true);
    }
  });

  it('comes back after kill -9 of each server, on the same port, with everything that was acknowledged', async () => {
    const infra = await ownInfra();
    await one(infra.databaseUrl, 'CREATE TABLE ledger AS SELECT generate_series(1, 100) AS row');
    await withJetStream(infra.natsUrl, async (js) => {
      const manager = await js.jetstreamManager();
      await manager.streams.add({ name: 'S', subjects: ['s.>'] });
      await js.publish('s.1', 'kept');
    });
    for (const name of SERVER_NAMES) infra.servers[name].kill9();
    await sleep(100);
    for (const name of SERVER_NAMES) expect(infra.servers[name].alive()).toBe(false);

    await Promise.all(SERVER_NAMES.map((name) => infra.servers[name].restart()));

    expect(Number(await one(infra.databaseUrl, 'SELECT count(*) FROM ledger'))).toBe(100);
    const messages = await withJetStream(infra.natsUrl, async (js) => {
      const manager = await js.jetstreamManager();
      return (await manager.streams.info('S')).state.messages;
    });
    expect(messages).toBe(1);
    expect(await firstLine(infra.servers.redis.port, 'PING\r\n')).toBe('+PONG');
  });

  it('comes back within seconds when PostgreSQL is killed under fifty busy connections', async () => {
    const infra = await ownInfra();
    const busy = Array.from({ length: 50 }, (_, number) =>
      // Some compute without ever waiting, and so do not see that their postmaster is gone.
      one(
        infra.databaseUrl,
        number % 10 ? 'SELECT pg_sleep(60)' : 'SELECT count(*) FROM generate_series(1, 1000000000)',
      ).catch(() => 'cut off'),
    );
    await sleep(500);
    infra.servers.postgres.kill9();
    const begun = performance.now();
    await infra.servers.postgres.restart();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await one(infra.databaseUrl, 'SELECT 1')).toBe(1);
    expect(new Set(await Promise.all(busy))).toEqual(new Set(['cut off']));
  });

  it('leaves servers alone that another live launcher started', async () => {
    const owner = await ownInfra();
    const guest = await startInfra({ dataDir: owner.dataDir, env: ownEnv() });
    expect(guest.servers.postgres.pid).toBe(owner.servers.postgres.pid);
    await guest.stop();
    expect(SERVER_NAMES.every((name) => owner.servers[name].alive())).toBe(true);
  });
});
