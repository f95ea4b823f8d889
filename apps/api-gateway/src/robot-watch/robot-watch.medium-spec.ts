import type { RobotNotification } from '@teleop/contracts';
import { testNats, waitFor, waitForQuiet } from '@teleop/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeRobots } from '../testing/fake-robots.spec-support';
import { startGateway, type TestGateway } from '../testing/gateway.spec-support';
import { JWT_SECRET, jwt, RobotWatcher } from '../testing/robot-watcher.spec-support';

let nats: Awaited<ReturnType<typeof testNats>>;
const watchers: RobotWatcher[] = [];
const gateways: TestGateway[] = [];
const fakes: FakeRobots[] = [];

beforeAll(async () => (nats = await testNats()), 60_000);
afterAll(() => nats.dispose());
afterEach(async () => {
  watchers.splice(0).forEach(({ socket }) => socket.close());
  for (const gateway of gateways.splice(0)) await gateway.close();
  for (const fake of fakes.splice(0)) await fake.close();
});

async function setup(env: Record<string, string> = {}, robotIds?: string[]) {
  const robots = await FakeRobots.start(nats.url, robotIds);
  fakes.push(robots);
  const gateway = await startGateway({
    NATS_URL: nats.url,
    JWT_SECRET,
    ROBOT_RECONCILE_MS: '60000',
    ...env,
  });
  gateways.push(gateway);
  const watch = (options: ConstructorParameters<typeof RobotWatcher>[1] = {}, of = gateway) => {
    const watcher = new RobotWatcher(of.url, options);
    watchers.push(watcher);
    return watcher;
  };
  const watching = async (options?: Parameters<typeof watch>[0]) => {
    const watcher = watch(options);
    await waitFor('a first state', () => watcher.updates.length > 0);
    return watcher;
  };
  return { robots, gateway, watch, watching };
}

const auth = (change: object) => ({ auth: { token: jwt(), ...change } });
const notification = (robotId: string): RobotNotification => ({
  id: '7d6f3c1e-0000-4000-8000-000000000001',
  robotId,
  priority: 'WARN',
  message: 'blocked',
  event: null,
  timestamp: '2026-01-16T10:00:00.000Z',
});

describe('connecting to the robots', () => {
  it('gives the state of every robot at once, as robot-gateway tells it', async () => {
    const { watch, robots } = await setup();
    const watcher = watch();
    await waitFor('both robots', () => watcher.updates.length === 2);
    expect(watcher.heard).toEqual(
      ['table1', 'table2'].map((robotId) => ({
        event: 'status_update',
        body: robots.states.get(robotId)?.status,
      })),
    );
    expect(watcher.updates[0]).toHaveProperty('wheelTemperature.left', 31.5);
  });

  it('gives one robot’s alone to who asks for one', async () => {
    const { watching, robots } = await setup();
    const watcher = await watching(auth({ robotId: 'table2' }));
    await robots.change('table1');
    await robots.change('table2');
    await waitFor('the change', () => watcher.seen['table2'] === 2);
    expect(watcher.seen).toEqual({ table2: 2 });
  });

  it('works by polling alone', async () => {
    const { watching, robots } = await setup();
    const watcher = await watching({ transports: ['polling'] });
    await robots.change('table1');
    await waitFor('the change', () => watcher.seen['table1'] === 2);
  });

  it('reads a large fleet page by page', async () => {
    const ids = Array.from({ length: 250 }, (_, i) => `r${i}`);
    const { watch, robots } = await setup({}, ids);
    robots.pageSize = 60;
    const watcher = watch();
    await waitFor('all', () => Object.keys(watcher.seen).length === 250);
    expect(robots.asked).toHaveLength(5);
  });

  it.each([
    ['no auth at all', { auth: {} }, 'VALIDATION_FAILED', 'token'],
    ['a token that is no text', auth({ token: { $ne: '' } }), 'VALIDATION_FAILED', 'token'],
    ['a robot id that is none', auth({ robotId: 'a.b' }), 'VALIDATION_FAILED', 'robotId'],
    ['a token that is none', auth({ token: 'x' }), 'UNAUTHORIZED', undefined],
    [
      'a token of another’s signature',
      auth({ token: `${jwt().slice(0, -3)}abc` }),
      'UNAUTHORIZED',
      undefined,
    ],
    ['an expired token', auth({ token: jwt(-5) }), 'UNAUTHORIZED', undefined],
    ['a robot that does not exist', auth({ robotId: 'table9' }), 'ROBOT_NOT_FOUND', undefined],
  ])('is refused with a reason for %s', async (_, options, code, path) => {
    const { watch } = await setup();
    const watcher = watch(options);
    const fault = await waitFor('the refusal', () => watcher.fault);
    expect(fault.code).toBe(code);
    expect(fault.detail).not.toBe('');
    if (path !== undefined) expect(fault.errors?.map((error) => error.path)).toContain(path);
    expect(watcher.heard).toEqual([]);
  });

  it('waits for a robot-gateway that is just restarting', async () => {
    const { watch, robots } = await setup();
    await robots.close();
    const watcher = watch();
    await sleep(600);
    expect(watcher.fault).toBeUndefined();
    fakes.push(await FakeRobots.start(nats.url));
    await waitFor('the first state', () => watcher.updates.length > 0);
  });

  it('is refused when robot-gateway stays away', async () => {
    const { watch, robots } = await setup({ SOCKET_CONNECT_TIMEOUT_MS: '300' });
    await robots.close();
    const watcher = watch();
    expect((await waitFor('the refusal', () => watcher.fault)).code).toBe('SERVICE_UNAVAILABLE');
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
});

describe('watching robots', () => {
  it('shows what is newer, once and in order, whatever arrives twice, late or out of order', async () => {
    const { watching, robots } = await setup();
    const watcher = await watching();
    for (const version of [3, 3, 2, 6, 5, 6, 1, 7]) await robots.tell(robots.state('table1', version));
    await waitFor('the last', () => watcher.seen['table1'] === 7);
    expect(watcher.versions('table1')).toEqual([1, 3, 6, 7]);
  });

  it('passes notifications on to those who watch the robot', async () => {
    const { watching, robots } = await setup();
    const all = await watching();
    const [one, other] = [
      await watching(auth({ robotId: 'table1' })),
      await watching(auth({ robotId: 'table2' })),
    ];
    await robots.notify(notification('table1'));
    await robots.change('table2');
    await waitFor('the later change', () => other.seen['table2'] === 2 && all.seen['table2'] === 2);
    const told = { event: 'robot_notification', body: notification('table1') };
    expect(all.heard.filter(({ event }) => event === told.event)).toEqual([told]);
    await waitFor('the notification', () => one.heard.length === 2);
    expect(one.heard.at(-1)).toEqual(told);
    expect(other.heard.filter(({ event }) => event === told.event)).toEqual([]);
  });

  it('widens and narrows what a client sees, and says why not', async () => {
    const { watching, robots } = await setup();
    const watcher = await watching(auth({ robotId: 'table1' }));
    expect(await watcher.ask('subscribe', { robotId: 'table2' })).toEqual({ ok: true });
    await robots.change('table2');
    await waitFor('the change', () => watcher.seen['table2'] === 2);
    expect(await watcher.ask('unsubscribe', { robotId: 'table2' })).toEqual({ ok: true });
    await robots.change('table2');
    await robots.change('table1');
    await waitFor('the other change', () => watcher.seen['table1'] === 2);
    expect(watcher.seen['table2']).toBe(2);
    expect(await watcher.ask('subscribe', { robotId: 'table9' })).toMatchObject({
      ok: false,
      code: 'ROBOT_NOT_FOUND',
    });
    expect(await watcher.ask('subscribe', { robotId: 7 })).toMatchObject({
      ok: false,
      code: 'VALIDATION_FAILED',
      errors: expect.arrayContaining([expect.objectContaining({ path: 'robotId' })]),
    });
    // Without a robot: all of them.
    expect(await watcher.ask('subscribe', null)).toEqual({ ok: true });
    await waitFor('the missed change', () => watcher.seen['table2'] === 3);
    expect(await watcher.ask('unsubscribe', {})).toEqual({ ok: true });
    expect(await watcher.ask('unsubscribe', { robotId: 'never' })).toEqual({ ok: true });
    await robots.change('table2');
    await robots.change('table1');
    await waitFor('its own robot again', () => watcher.seen['table1'] === 3);
    expect(watcher.seen['table2']).toBe(3);
  });

  it('tells somebody who watches a robot and all of them each state once', async () => {
    const { watching, robots } = await setup();
    const watcher = await watching();
    await watcher.ask('subscribe', { robotId: 'table1' });
    const before = watcher.updates.length;
    await robots.change('table1');
    await robots.change('table2');
    await waitFor('both', () => watcher.seen['table2'] === 2);
    expect(watcher.updates).toHaveLength(before + 2);
  });

  it('finds a change whose news was lost', async () => {
    const { watching, robots } = await setup({ ROBOT_RECONCILE_MS: '200' });
    const watcher = await watching();
    await robots.change('table1', { announced: false });
    await waitFor('the change', () => watcher.seen['table1'] === 2);
  });

  it('asks nothing more once nobody watches', async () => {
    const { watching, robots } = await setup({ ROBOT_RECONCILE_MS: '100' });
    const watcher = await watching();
    watcher.socket.close();
    await waitForQuiet('the asking', () => robots.asked.length);
  });

  it('shows a client that was cut off the newest state when it comes back', async () => {
    const { watching, robots } = await setup();
    const watcher = await watching();
    watcher.socket.io.engine.close();
    await robots.change('table1', { announced: false });
    await waitFor('the change', () => watcher.seen['table1'] === 2);
    expect(watcher.socket.connected).toBe(true);
  });

  it('ends on the true state after NATS was killed', async () => {
    // Asked too soon the robots, who have to connect again as well, do not answer.
    const { watching, robots } = await setup({ ROBOT_RECONCILE_MS: '1000' });
    const watcher = await watching();
    nats.kill9();
    robots.states.set('table1', robots.state('table1', 50));
    await sleep(300);
    await nats.restart();
    await waitFor('the change', () => watcher.seen['table1'] === 50, { timeoutMs: 15_000 });
    await robots.change('table1');
    await waitFor('the next change', () => watcher.seen['table1'] === 51);
    expect(watcher.gone).toBeUndefined();
  }, 40_000);

  it('ends with the token, saying so', async () => {
    const { watching } = await setup();
    const watcher = await watching(auth({ token: jwt(2) }));
    await waitFor('the end', () => watcher.gone, { timeoutMs: 6_000 });
    expect(watcher.gone).toBe('io server disconnect');
    expect(watcher.heard.at(-1)).toMatchObject({ event: 'unauthorized', body: { code: 'UNAUTHORIZED' } });
  });

  it('sends a large fleet to a client as fast as it takes it, which is no reason to drop it', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `r${i}`);
    const { watch, robots, gateway } = await setup({ SOCKET_MAX_BUFFER_BYTES: '200000' }, ids);
    robots.padding = 'x'.repeat(10_000);
    robots.pageSize = 40;
    for (const id of ids) await robots.change(id, { announced: false });
    const watcher = watch();
    const stop = setInterval(() => void robots.change('r0'), 10);
    await waitFor('all of them', () => Object.keys(watcher.seen).length === 300, { timeoutMs: 20_000 });
    clearInterval(stop);
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).not.toMatch(
      /gateway_slow_clients_dropped_total\{/,
    );
  }, 30_000);

  it('drops a client that takes nothing, and keeps serving the others', async () => {
    const { watching, robots, gateway } = await setup({ SOCKET_MAX_BUFFER_BYTES: '100000' });
    robots.padding = 'x'.repeat(400_000);
    const [slow, good] = [await watching({ reconnection: false }), await watching()];
    const engine = slow.socket.io.engine as unknown as { transport: { ws: { _socket: { pause(): void } } } };
    engine.transport.ws._socket.pause();
    await waitFor(
      'the slow one to be dropped',
      async () => {
        await robots.change('table1');
        const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
        return /gateway_slow_clients_dropped_total\{[^}]*namespace="\/robots"[^}]*\} 1/.test(metrics);
      },
      { timeoutMs: 20_000 },
    );
    const version = robots.states.get('table1')?.version;
    await waitFor('the good one to see the last change', () => good.seen['table1'] === version);
  }, 30_000);
});
