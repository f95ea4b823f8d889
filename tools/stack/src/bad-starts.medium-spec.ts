import net from 'node:net';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '@teleop/infra';
import { product, stopOwnStacks } from './test-support/own-stack.spec-support';

/** The servers of `npm test` are good enough where a test is about the services; without them each start makes its own. */
function sharedServers(): Record<string, string> {
  const { TEST_DATABASE_URL, TEST_NATS_URL, TEST_REDIS_URL } = process.env;
  return TEST_DATABASE_URL && TEST_NATS_URL && TEST_REDIS_URL
    ? { DATABASE_URL: TEST_DATABASE_URL, NATS_URL: TEST_NATS_URL, REDIS_URL: TEST_REDIS_URL }
    : {};
}

// A start is seconds of work for three servers and three processes, more on a busy machine.
jest.setTimeout(60_000);

describe('a start that cannot succeed', () => {
  afterEach(stopOwnStacks);

  it('stops at failed migrations with the words of the service, and leaves nothing running', async () => {
    const fake = product();
    fake.write('queue-service', 'migrate', `console.error('relation "users" is broken'); process.exit(3);`);
    await expect(fake.start({ env: sharedServers() })).rejects.toThrow(
      /Migrations of queue-service failed: ended with code 3\.\n {2}\| relation "users" is broken\n/,
    );
    expect(existsSync(path.join(fake.dataDir, 'stack.json'))).toBe(false);
  });

  it('gives up on a service that ends again and again before it was ready, with its last words', async () => {
    const fake = product();
    await expect(fake.start({ env: { ...sharedServers(), FAKE_BROKEN: 'robot-gateway' } })).rejects.toThrow(
      /robot-gateway ended 3 times before it was ready.*DATABASE_POOL must be a number/s,
    );
  });

  it('gives up on a service that never becomes ready', async () => {
    const fake = product();
    fake.write('robot-gateway', 'main', 'setInterval(() => undefined, 1000);');
    await expect(fake.start({ env: sharedServers(), readyTimeoutMs: 1_000 })).rejects.toThrow(
      /robot-gateway is not ready after 1 s: it does not answer/,
    );
  });

  it('refuses a second stack on the same folder', async () => {
    const fake = product();
    await fake.start({ env: sharedServers() });
    await expect(fake.start()).rejects.toThrow(
      new RegExp(`A stack runs already on .* \\(launcher pid ${process.pid}\\)`),
    );
  });

  it('names who has the gateway’s port', async () => {
    const fake = product();
    const basePort = await freePort();
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(basePort, '127.0.0.1', resolve));
    await expect(fake.start({ basePort, env: sharedServers() })).rejects.toThrow(
      new RegExp(`Port ${basePort}, asked for by the gateway .* is taken by .*pid ${process.pid}`),
    );
    squatter.close();
  });

  it('moves a service whose port is taken, and says so', async () => {
    const fake = product();
    const basePort = await freePort();
    const squatter = net.createServer();
    await new Promise<void>((resolve) => squatter.listen(basePort + 101, '127.0.0.1', resolve));
    const stack = await fake.start({ basePort, env: sharedServers() });
    expect(stack.gateway).toBe(`http://127.0.0.1:${basePort}`);
    expect(stack.services['robot-gateway']).toEqual([`http://127.0.0.1:${basePort + 104}`]);
    const moved = new URL(stack.services['queue-service']?.[0] as string).port;
    expect(fake.notices).toContain(`port ${basePort + 101} of queue-service is taken; using ${moved}`);
    squatter.close();
  });
});
