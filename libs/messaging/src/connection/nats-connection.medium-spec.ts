import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '@teleop/infra';
import { queueChanged, type QueueChanged } from '@teleop/contracts';
import { testNats, waitFor, type OwnServer } from '@teleop/testing';
import { Broadcast } from '../broadcast/broadcast';
import { NatsAway } from '../errors';
import { NatsConnection } from './nats-connection';

jest.setTimeout(20_000);

describe('the connection to NATS', () => {
  let server: OwnServer;
  const logged: string[] = [];
  const log = {
    info: () => undefined,
    warn: (_fields: object, message: string) => void logged.push(message),
    error: (_fields: object, message: string) => void logged.push(message),
  };
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await testNats();
  });
  afterAll(() => server.dispose());
  afterEach(async () => {
    for (const step of closing.splice(0).reverse()) await step();
    logged.length = 0;
  });

  async function open(natsUrl = server.url, startTimeoutMs = 5_000): Promise<NatsConnection> {
    const nats = new NatsConnection({ natsUrl, name: 'test', reconnectWaitMs: 50, startTimeoutMs }, log);
    closing.push(() => nats.drain());
    await nats.connect();
    return nats;
  }

  /** A server of the same kind, started in another way. */
  async function otherServer(...args: string[]): Promise<string> {
    const port = await freePort();
    const child = spawn(server.binary, ['-a', '127.0.0.1', '-p', String(port), ...args], { stdio: 'ignore' });
    closing.push(async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    return `127.0.0.1:${port}`;
  }

  it('says in clear words that the server has no JetStream', async () => {
    const nats = await open(`nats://${await otherServer()}`);
    await expect(nats.manager()).rejects.toThrow(
      'this NATS server runs without JetStream: start it with -js',
    );
  });

  it('logs in with the credentials of its URL, and gives up at once when they are refused', async () => {
    const host = await otherServer('--user', 'teleop', '--pass', 'p@ss');
    const nats = await open(`nats://teleop:p%40ss@${host}`);
    expect(nats.connected).toBe(true);
    const started = performance.now();
    const failure: unknown = await open(`nats://teleop:wrong@${host}`).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NatsAway);
    expect((failure as Error).message).toMatch(/^NATS at 127\.0\.0\.1:\d+ refused our credentials/);
    expect((failure as Error).message).not.toContain('wrong');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('waits for a server that is not there yet, for a bounded time, and names it', async () => {
    await expect(open(`nats://127.0.0.1:${await freePort()}`, 300)).rejects.toThrow(
      /^NATS at 127\.0\.0\.1:\d+ could not be reached for 300 ms/,
    );
  });

  it('throws NatsAway before it is connected', () => {
    const nats = new NatsConnection({ natsUrl: server.url, name: 'test' }, log);
    expect(() => nats.nc).toThrow(NatsAway);
  });

  it('says when it goes away and comes back, to every listener, and reconnects by itself', async () => {
    const nats = await open();
    const seen: boolean[] = [];
    nats.onStatus(() => {
      throw new Error('a bug in a listener');
    });
    const stop = nats.onStatus((up) => seen.push(up));
    server.kill9();
    await waitFor('the loss', () => !nats.connected);
    await expect(nats.whileUp(() => new Promise(() => undefined))).rejects.toThrow(NatsAway);
    await server.restart();
    await waitFor('the return', () => nats.connected);
    await nats.nc.flush();
    expect(seen).toEqual([false, true]);
    expect(logged).toContain('NATS is away; reconnecting');
    expect(logged).toContain('NATS is back');
    stop();
  });

  it('gives up waiting for an answer as soon as the connection is lost', async () => {
    const nats = await open();
    const never = nats.whileUp(() => new Promise(() => undefined));
    server.kill9();
    await expect(never).rejects.toThrow('the connection to NATS was lost');
    await server.restart();
    await waitFor('the return', () => nats.connected);
    expect(await nats.whileUp(() => Promise.resolve('done'))).toBe('done');
  });

  it('sends what was published before it closes', async () => {
    const [sender, receiver] = [await open(), await open()];
    let heard = 0;
    receiver.nc.subscribe('test.close', { callback: () => void (heard += 1) });
    await receiver.nc.flush();
    for (let n = 0; n < 1_000; n += 1) sender.nc.publish('test.close', 'x'.repeat(100));
    await sender.drain();
    expect(sender.nc.isClosed()).toBe(true);
    await waitFor('all of it', () => heard === 1_000);
    await sender.drain();
  });

  it('closes in a bounded time while NATS is away', async () => {
    const nats = await open();
    server.kill9();
    const started = performance.now();
    await nats.drain();
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(nats.nc.isClosed()).toBe(true);
    await server.restart();
  });

  describe('a broadcast', () => {
    const subject = 'teleop.queue.changed.v1.arm1';

    async function listen(nats: NatsConnection, options: { onGap?: () => void } = {}) {
      const heard: QueueChanged[] = [];
      const listener = (event: QueueChanged) => {
        if (event.version === 13) throw new Error('a bug in the listener');
        heard.push(event);
      };
      const stop = new Broadcast(nats, log).subscribe(queueChanged, listener, options);
      await nats.nc.flush();
      return { heard, stop };
    }

    it('is heard on every replica, and no more after it is stopped', async () => {
      const [one, two] = [await open(), await open()];
      const listeners = [await listen(one), await listen(two)];
      one.nc.publish(subject, JSON.stringify({ robotId: 'arm1', version: 1, unknown: true }));
      await waitFor('both', () => listeners.every(({ heard }) => heard.length === 1));
      expect(listeners[1]?.heard).toEqual([{ robotId: 'arm1', version: 1 }]);
      for (const { stop } of listeners) stop();
      one.nc.publish(subject, JSON.stringify({ robotId: 'arm1', version: 2 }));
      await Promise.all([one.nc.flush(), two.nc.flush()]);
      expect(listeners.map(({ heard }) => heard.length)).toEqual([1, 1]);
    });

    it('outlives bad payloads and bugs of its listener', async () => {
      const nats = await open();
      const { heard } = await listen(nats);
      for (const body of ['gibberish', '{"robotId":"arm1"}', '', '{"robotId":"arm1","version":13}']) {
        nats.nc.publish(subject, body);
      }
      nats.nc.publish(subject, JSON.stringify({ robotId: 'arm1', version: 14 }));
      await waitFor('the good one', () => heard.length === 1);
      expect(logged).toEqual(Array(4).fill('a broadcast could not be heard'));
    });

    it('says after every return of NATS that something may have been missed, and goes on', async () => {
      const nats = await open();
      let gaps = 0;
      const { heard, stop } = await listen(nats, { onGap: () => (gaps += 1) });
      server.kill9();
      await waitFor('the loss', () => !nats.connected);
      expect(gaps).toBe(0);
      await server.restart();
      await waitFor('the gap', () => gaps === 1);
      nats.nc.publish(subject, JSON.stringify({ robotId: 'arm1', version: 3 }));
      await waitFor('the event', () => heard.length === 1);
      stop();
      server.kill9();
      await waitFor('the loss', () => !nats.connected);
      await server.restart();
      await waitFor('the return', () => nats.connected);
      expect(gaps).toBe(1);
    });
  });
});
