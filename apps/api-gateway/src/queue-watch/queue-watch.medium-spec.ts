import { testNats, waitFor, waitForQuiet } from '@teleop/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeQueue, TOKEN, USER } from '../testing/fake-queue.spec-support';
import { startGateway, type TestGateway } from '../testing/gateway.spec-support';
import { Watcher } from '../testing/watcher.spec-support';

let nats: Awaited<ReturnType<typeof testNats>>;
const watchers: Watcher[] = [];
const gateways: TestGateway[] = [];
const queues: FakeQueue[] = [];

beforeAll(async () => (nats = await testNats()), 60_000);
afterAll(() => nats.dispose());
afterEach(async () => {
  watchers.splice(0).forEach(({ socket }) => socket.close());
  for (const gateway of gateways.splice(0)) await gateway.close();
  for (const queue of queues.splice(0)) await queue.close();
});

async function setup(env: Record<string, string> = {}) {
  const queue = await FakeQueue.start(nats.url);
  queues.push(queue);
  const gateway = await startGateway({ NATS_URL: nats.url, QUEUE_RECONCILE_MS: '60000', ...env });
  gateways.push(gateway);
  const watch = (options: ConstructorParameters<typeof Watcher>[1] = {}, of = gateway) => {
    const watcher = new Watcher(of.url, options);
    watchers.push(watcher);
    return watcher;
  };
  const watching = async (options?: Parameters<typeof watch>[0]) => {
    const watcher = watch(options);
    await waitFor('the welcome', () => watcher.welcomed);
    return watcher;
  };
  return { queue, gateway, watch, watching };
}

const auth = (change: object) => ({ auth: { robotId: 'arm1', userId: USER, token: TOKEN, ...change } });

describe('connecting to the queue of a robot', () => {
  it('gives the queue first and then the welcome', async () => {
    const { watching, queue } = await setup();
    const watcher = await watching();
    expect(watcher.heard).toEqual([
      { event: 'queue_update', body: queue.snapshot('arm1') },
      { event: 'connection_success', body: { robotId: 'arm1', userId: USER, sid: watcher.socket.id } },
    ]);
  });

  it('works by polling alone', async () => {
    const { watching, queue } = await setup();
    const watcher = await watching({ transports: ['polling'] });
    const version = await queue.change('arm1');
    await waitFor('the change', () => watcher.version === version);
  });

  it.each([
    ['no auth at all', { auth: {} }, 'VALIDATION_FAILED', 'robotId'],
    ['a robot id that is none', auth({ robotId: 'a.b' }), 'VALIDATION_FAILED', 'robotId'],
    ['a user id that is none', auth({ userId: 7 }), 'VALIDATION_FAILED', 'userId'],
    ['a token that is no text', auth({ token: { $ne: '' } }), 'VALIDATION_FAILED', 'token'],
    ['a wrong token', auth({ token: 'wrong' }), 'UNAUTHORIZED', undefined],
    ['a robot that does not exist', auth({ robotId: 'arm9' }), 'ROBOT_NOT_FOUND', undefined],
  ])('is refused with a reason for %s', async (_, options, code, path) => {
    const { watch } = await setup();
    const watcher = watch(options);
    const fault = await waitFor('the refusal', () => watcher.fault);
    expect(fault.code).toBe(code);
    expect(fault.detail).not.toBe('');
    if (path !== undefined) expect(fault.errors?.map((error) => error.path)).toContain(path);
    expect(watcher.heard).toEqual([]);
  });

  it('is refused when there are too many attempts from one address', async () => {
    const { watch, watching } = await setup({
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_SOCKET_BURST: '2',
      RATE_LIMIT_SOCKET_PER_SECOND: '1',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    await watching();
    await watching();
    const third = watch();
    expect((await waitFor('the refusal', () => third.fault)).code).toBe('RATE_LIMITED');
  });

  it('waits for a queue-service that is just restarting', async () => {
    const { watch, queue } = await setup();
    await queue.close();
    const watcher = watch();
    await sleep(600);
    expect(watcher.fault).toBeUndefined();
    queues.push(await FakeQueue.start(nats.url));
    await waitFor('the welcome', () => watcher.welcomed);
  });

  it('is refused when queue-service stays away', async () => {
    const { watch, queue } = await setup({ SOCKET_CONNECT_TIMEOUT_MS: '300' });
    await queue.close();
    const watcher = watch();
    expect((await waitFor('the refusal', () => watcher.fault)).code).toBe('SERVICE_UNAVAILABLE');
  });

  it('is refused to pages of other origins', async () => {
    const { watch } = await setup({ CORS_ORIGINS: 'https://app.example' });
    const evil = watch({ extraHeaders: { origin: 'https://evil.example' } });
    await sleep(300);
    expect(evil.welcomed).toBe(false);
    const good = watch({ extraHeaders: { origin: 'https://app.example' } });
    await waitFor('the welcome', () => good.welcomed);
  });
});

describe('watching a queue', () => {
  it('shows every watcher of the robot its change, and nobody else', async () => {
    const { watching, queue } = await setup();
    queue.versions.set('arm2', 1);
    const [a, b] = [await watching(), await watching()];
    const other = await watching(auth({ robotId: 'arm2' }));
    const version = await queue.change('arm1');
    await waitFor('the change', () => a.version === version && b.version === version);
    expect(other.updates).toHaveLength(1);
  });

  it('turns a burst into few updates, in order, the last one true', async () => {
    const { watching, queue } = await setup();
    const watcher = await watching();
    const started = performance.now();
    let version = 0;
    for (let i = 0; i < 300; i += 1) version = await queue.change('arm1');
    await waitFor('the last change', () => watcher.version === version);
    const seconds = (performance.now() - started) / 1_000;
    expect(watcher.versions).toEqual([...watcher.versions].sort((x, y) => x - y));
    expect(watcher.versions.length).toBeLessThanOrEqual(3 + seconds * 20);
  });

  it('never steps back, also with slow answers and people joining all the time', async () => {
    const { watch, queue } = await setup({ QUEUE_UPDATE_MIN_INTERVAL_MS: '5' });
    queue.delayMs = 15;
    const all: Watcher[] = [];
    for (let i = 0; i < 40; i += 1) {
      all.push(watch());
      await queue.change('arm1');
      await sleep(5);
    }
    const version = await queue.change('arm1');
    await waitFor('the last change', () => all.every((watcher) => watcher.version === version));
    for (const { versions } of all) expect(versions).toEqual([...versions].sort((x, y) => x - y));
  });

  it('finds a change whose news was lost', async () => {
    const { watching, queue } = await setup({ QUEUE_RECONCILE_MS: '200' });
    const watcher = await watching();
    const version = await queue.change('arm1', { announced: false });
    await waitFor('the change', () => watcher.version === version);
  });

  it('asks nothing more once nobody watches', async () => {
    const { watching, queue } = await setup({ QUEUE_RECONCILE_MS: '100' });
    const watcher = await watching();
    watcher.socket.close();
    const asked = () => queue.asked.versions + queue.asked.snapshot;
    const before = await waitForQuiet('the asking', asked);
    await queue.change('arm1');
    await sleep(300);
    expect(asked()).toBe(before);
  });

  it('shows a client that was cut off the newest state when it comes back', async () => {
    const { watching, queue } = await setup();
    const watcher = await watching();
    watcher.socket.io.engine.close();
    const version = await queue.change('arm1');
    await waitFor('the change', () => watcher.version === version);
    expect(watcher.socket.connected).toBe(true);
  });

  it('ends on the true state after NATS was killed', async () => {
    // Asked too soon the queue, which has to connect again as well, does not answer.
    const { watching, queue } = await setup({ QUEUE_RECONCILE_MS: '1000' });
    const watcher = await watching();
    nats.kill9();
    queue.versions.set('arm1', 50);
    await sleep(300);
    await nats.restart();
    await waitFor('the change', () => watcher.version === 50, { timeoutMs: 15_000 });
    const version = await queue.change('arm1');
    await waitFor('the next change', () => watcher.version === version);
    expect(watcher.heard.filter(({ event }) => event === 'connection_success')).toHaveLength(1);
  }, 40_000);

  it('drops a client that takes nothing, and keeps serving the others', async () => {
    const { watching, queue, gateway } = await setup({
      SOCKET_MAX_BUFFER_BYTES: '100000',
      QUEUE_UPDATE_MIN_INTERVAL_MS: '1',
    });
    queue.padding = 'x'.repeat(400_000);
    const [slow, good] = [await watching({ reconnection: false }), await watching()];
    let version = 0;
    // The client's own socket is paused: the kernel's buffers fill, then ours.
    const engine = slow.socket.io.engine as unknown as { transport: { ws: { _socket: { pause(): void } } } };
    engine.transport.ws._socket.pause();
    await waitFor(
      'the slow one to be dropped',
      async () => {
        version = await queue.change('arm1');
        const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
        return /gateway_slow_clients_dropped_total\{[^}]*\} 1/.test(metrics);
      },
      { timeoutMs: 20_000 },
    );
    await waitFor('the good one to see the last change', () => good.version === version);
  }, 30_000);
});

describe('a gateway that stops', () => {
  it('sends its watchers away so that they come back by themselves', async () => {
    const { watching, gateway, queue } = await setup();
    const watcher = await watching();
    const closed = new Promise<string>((resolve) => watcher.socket.once('disconnect', resolve));
    const codes: number[] = [];
    const ws = (watcher.socket.io.engine as unknown as { transport: { ws: WebSocket } }).transport.ws;
    ws.addEventListener('close', ({ code }) => codes.push(code));
    await gateway.close();
    await closed;
    expect(codes).toEqual([1012]);
    const port = new URL(gateway.url).port;
    gateways.push(await startGateway({ NATS_URL: nats.url, PORT: port }));
    const version = await queue.change('arm1');
    await waitFor('the change', () => watcher.version === version);
  });
});
