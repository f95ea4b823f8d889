import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase, dropDatabase, startInfra } from '@teleop/infra';

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

/**
 * A NATS server of its own: streams and durable consumers are server-wide, so two tests on one server would take each
 * other's messages. It can be killed and restarted by the test.
 */
export async function testNats(): Promise<
  { url: string; kill9(): void; restart(): Promise<void>; stop(): Promise<void> } & Disposable
> {
  const { databaseUrl, redisUrl } = testServers();
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'teleop-nats-'));
  const infra = await startInfra({
    dataDir,
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, REDIS_URL: redisUrl },
  });
  const { nats } = infra.servers;
  return {
    url: infra.natsUrl,
    kill9: () => nats.kill9(),
    restart: () => nats.restart(),
    stop: () => infra.stop(),
    dispose: async () => {
      await infra.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
