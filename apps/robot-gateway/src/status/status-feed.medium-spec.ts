import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  feedSubject,
  robotNotificationFeed,
  robotStatuses,
  robotStatusFeed,
  wildcardSubject,
  type RobotStatusFeed,
} from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { openRefused, sleep, type Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { tableOf } from '../testing/table.spec-support';

const admin = apiUser('Admin', 'Ada');
const viewer = apiUser('Viewer', 'Vera');
const operator = apiUser('Operator', 'Olga');

describe('watching robots', () => {
  let gateway: Gateway;
  let nc: NatsConnection;
  let robots = 0;
  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2, env: { DRIVE_LOCK_MS: '700', ROBOT_STALE_MS: '1200' } });
    nc = await connect({ servers: new URL(gateway.nats.url).host });
  });
  afterAll(async () => {
    await nc.close();
    await gateway.close();
  });

  async function newTable() {
    const robotId = `w-${(robots += 1)}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
    const table = tableOf(gateway, { robotId, key: body.apiKey });
    await waitFor('the robot to be known', async () => (await table.status(1))?.robotConnected === false);
    return table;
  }
  const updates = (peer: Peer, robotId: string) =>
    peer.frames().filter((frame) => frame['type'] === 'status_update' && frame['robotId'] === robotId);

  it('shows the present state at once, the same object as /status with the robot’s id and nodes', async () => {
    const table = await newTable();
    await table.report({ odometer: 7, type: 'firmware 9' });
    const watcher = await table.events(viewer);
    const [first] = await waitFor('an update', () => {
      const got = updates(watcher, table.robotId);
      return got.length > 0 ? got : undefined;
    });
    const { type, robotId, nodes, version, ...status } = first!;
    expect({ type, robotId, nodes }).toEqual({ type: 'status_update', robotId: table.robotId, nodes: [] });
    expect(version).toEqual(expect.any(Number));
    // A robot's own field of that name makes way for the frame's type.
    const { type: _type, ...expected } = await table.status();
    expect(status).toEqual(expected);
  });

  it.each([0, 1])('tells of changes to watchers at replica %d, and of nothing else', async (replica) => {
    const table = await newTable();
    await table.report();
    const watcher = await table.events(viewer, replica);
    await waitFor('the present state', () => updates(watcher, table.robotId).length === 1);
    await table.report();
    await table.report();
    await table.report({ batteryLevel: 50 });
    await watcher.got('"batteryLevel":50');
    await table.lock(operator);
    await watcher.got('"manualLockHolderName":"Olga"');
    // Nobody says so: the lock runs out, and the robot falls silent.
    await waitFor(
      'the end of the lock',
      () => updates(watcher, table.robotId).at(-1)!['manualLockHolderName'] === null,
    );
    await watcher.got('"robotConnected":false');
    const versions = updates(watcher, table.robotId).map(({ version }) => version as number);
    expect([...versions].sort((a, b) => a - b)).toEqual(versions);
    expect(new Set(versions).size).toBe(versions.length);
    const contents = updates(watcher, table.robotId).map(({ version: _version, ...rest }) =>
      JSON.stringify(rest),
    );
    for (const [index, content] of contents.entries())
      if (index > 0) expect(content).not.toBe(contents[index - 1]);
  });

  it('tells once what two replicas found at the same moment', async () => {
    const table = await newTable();
    await table.report();
    const watcher = await table.events(viewer);
    const [first] = await waitFor('the present state', () => {
      const got = updates(watcher, table.robotId);
      return got.length > 0 ? got : undefined;
    });
    const { type: _type, ...status } = first!;
    let version = first!['version'] as number;
    const tell = (changes: object) => {
      version += 1_000;
      const update = { robotId: table.robotId, version, status: { ...status, ...changes, version } };
      nc.publish(feedSubject(robotStatusFeed, update), JSON.stringify(update));
    };
    tell({});
    tell({ batteryLevel: 12 });
    await watcher.got('"batteryLevel":12');
    // The robot's own replica soon says what it really is.
    const levels = updates(watcher, table.robotId).map(({ batteryLevel }) => batteryLevel);
    expect(levels.slice(0, 2)).toEqual([85, 12]);
  });

  it('tells at most ten times a second, and the last state always', async () => {
    const table = await newTable();
    const watcher = await table.events(viewer, 1);
    const begun = performance.now();
    for (let level = 0; level < 100; level += 1) await table.report({ batteryLevel: level });
    const seconds = (performance.now() - begun) / 1_000;
    await watcher.got('"batteryLevel":99');
    await sleep(250);
    expect(updates(watcher, table.robotId).at(-1)).toMatchObject({ batteryLevel: 99 });
    expect(updates(watcher, table.robotId).length).toBeLessThanOrEqual(seconds * 10 + 4);
  });

  it('shows all robots to whoever names none, and events of robots as notifications', async () => {
    const [one, two] = [await newTable(), await newTable()];
    const all = await tableOf(gateway).events(viewer, 1);
    const onlyTwo = await two.events(viewer);
    await one.report();
    await one.api.asRobot('/table/event', { priority: 'WARN', message: 'wheel stuck' }, one);
    await all.got('wheel stuck');
    expect(all.frames()).toContainEqual(
      expect.objectContaining({ type: 'robot_notification', robotId: one.robotId, priority: 'WARN' }),
    );
    await two.report({ batteryLevel: 3 });
    await onlyTwo.got('"batteryLevel":3');
    expect(onlyTwo.frames().filter(({ robotId }) => robotId !== two.robotId)).toEqual([]);
  });

  it('is refused without a good token, or for no robot', async () => {
    const url = `${gateway.replicas[0]!.url}/ws/robot/events`;
    expect((await openRefused(`${url}?token=x`)).status).toBe(401);
    expect((await openRefused(url)).status).toBe(401);
    const token = viewer.headers.authorization.slice(7);
    expect((await openRefused(`${url}?token=${token}&robotId=ghost`)).status).toBe(404);
    expect((await openRefused(`${url}?token=${token}&robotId=a.b`)).status).toBe(400);
  });

  it('is fed to other services, which can ask for the present state of all, page by page', async () => {
    const table = await newTable();
    const heard: RobotStatusFeed[] = [];
    const notes: unknown[] = [];
    nc.subscribe(wildcardSubject(robotStatusFeed.subject), {
      callback: (_error, message) => void heard.push(message.json<RobotStatusFeed>()),
    });
    nc.subscribe(wildcardSubject(robotNotificationFeed.subject), {
      callback: (_error, message) => void notes.push(message.json()),
    });
    await nc.flush();
    await table.report({ batteryLevel: 31 });
    const fed = await waitFor('the feed', () =>
      heard.find(({ robotId, status }) => robotId === table.robotId && status['batteryLevel'] === 31),
    );
    const ask = async (body: object) =>
      (await nc.request(robotStatuses.subject, JSON.stringify(body), { timeout: 2_000 })).json<{
        ok: { statuses: RobotStatusFeed[]; next?: string };
      }>().ok;
    const { statuses } = await ask({ robotIds: [table.robotId, 'ghost'] });
    expect(statuses).toEqual([fed]);
    const everybody = await ask({});
    const last = everybody.statuses.at(-1)!.robotId;
    expect(everybody.next ?? null).toBeNull();
    expect((await ask({ after: last })).statuses).toEqual([]);
  });
});
