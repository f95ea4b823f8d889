import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase, dropDatabase, findFfmpeg, startInfra, type Ffmpeg } from '@teleop/infra';

export interface TestServers {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly redisUrl: string;
}

/** The servers this test run was given (`npm test` starts them, jest's global set-up otherwise). */
export function testServers(env: NodeJS.ProcessEnv = process.env): TestServers {
  const { TEST_DATABASE_URL, TEST_NATS_URL, TEST_REDIS_URL } = env;
  if (!TEST_DATABASE_URL || !TEST_NATS_URL || !TEST_REDIS_URL) {
    throw new Error('no test servers: run the tests by `npm test` or `nx test <project>`');
  }
  return { databaseUrl: TEST_DATABASE_URL, natsUrl: TEST_NATS_URL, redisUrl: TEST_REDIS_URL };
}

export interface Disposable {
  dispose(): Promise<void>;
}

/** What reads and makes videos; the first time on a bare machine it is downloaded (50 MB). */
export function testFfmpeg(): Promise<Ffmpeg> {
  return findFfmpeg();
}

let databases = 0;

/** An empty database of its own. */
export async function testDatabase(): Promise<{ url: string } & Disposable> {
  const { databaseUrl } = testServers();
  const name = `t_${process.pid}_${Date.now().toString(36)}_${(databases += 1)}`;
  const url = await createDatabase(databaseUrl, name);
  return {
    url,
    dispose: async () => {
      await dropDatabase(databaseUrl, name);
    },
  };
}

/** A server of the test's own, which it may kill and bring back. */
export interface OwnServer extends Disposable {
  readonly url: string;
  /** The executable it runs from, to start it in another way. */
  readonly binary: string;
  kill9(): void;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A NATS server of its own: streams and durable consumers are server-wide, so two tests on one server would take each
 * other's messages.
 */
export function testNats(): Promise<OwnServer> {
  return ownServer('nats');
}

/** A PostgreSQL server of its own, for tests that kill it; `testDatabase` is enough, and much faster, for all others. */
export function testPostgres(): Promise<OwnServer> {
  return ownServer('postgres');
}

async function ownServer(name: 'nats' | 'postgres'): Promise<OwnServer> {
  const { databaseUrl, natsUrl, redisUrl } = testServers();
  const dataDir = mkdtempSync(path.join(os.tmpdir(), `teleop-${name}-`));
  const infra = await startInfra({
    dataDir,
    env: {
      PATH: process.env['PATH'],
      REDIS_URL: redisUrl,
      ...(name === 'nats' ? { DATABASE_URL: databaseUrl } : { NATS_URL: natsUrl }),
    },
  });
  const server = infra.servers[name];
  return {
    url: name === 'nats' ? infra.natsUrl : infra.databaseUrl,
    binary: readlinkSync(`/proc/${server.pid}/exe`),
    kill9: () => server.kill9(),
    restart: () => server.restart(),
    stop: () => infra.stop(),
    dispose: async () => {
      await infra.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
