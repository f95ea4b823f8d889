import { waitFor } from '@teleop/testing';
import { json } from '../testing/robot-server.spec-support';
import { tableOf } from '../testing/table.spec-support';
import { NODES, setupDiscovery, viewer, type DiscoverySetup } from './discovery.spec-support';
import { RobotNodes } from './robot-nodes';

describe('nodes of robots, asked for in the background', () => {
  let s: DiscoverySetup;
  beforeAll(async () => {
    s = await setupDiscovery({
      ROBOT_DISCOVERY_PORT: '0',
      FLEET_REFRESH_MS: '200',
      STATUS_MIN_INTERVAL_MS: '20',
    });
    await s.gateway.start();
  });
  afterAll(() => s.close());

  /** What somebody who watches the robot through this replica has seen of its nodes, each change once. */
  const watch = async (robotId: string, replica: number) => {
    const watcher = await tableOf(s.gateway, { robotId }).events(viewer, replica);
    const last = () =>
      watcher
        .frames()
        .filter((frame) => frame['type'] === 'status_update' && frame['robotId'] === robotId)
        .at(-1)?.['nodes'];
    await waitFor('the present state', () => last() !== undefined);
    return { sees: (nodes: string[]) => waitFor('the nodes', () => String(last()) === String(nodes)) };
  };

  it.each(['registers', 'announces itself'])(
    'reach watchers on every replica without anybody’s question when a robot %s',
    async (how) => {
      const { server } = await s.robotWithServer();
      const { robotId, key } = await s.newRobot();
      const watchers = await Promise.all([0, 1].map((replica) => watch(robotId, replica)));
      if (how === 'registers')
        await s.register({ port: server.port }, { 'x-robot-id': robotId, 'x-api-key': key });
      else await s.announce({ type: 'announce', port: server.port, robotId });
      for (const watcher of watchers) await watcher.sees(NODES);
      for (const { app } of s.gateway.replicas)
        await waitFor('each replica to know', () => app.get(RobotNodes).isKnown(robotId));
    },
  );

  it('are asked for again while the robot does not say them, once when it has, and never again', async () => {
    const { robotId, key, server } = await s.robotWithServer(json({}, 503));
    await waitFor('more than a question of each replica', () => server.asked.length > 4);
    server.answers['/nodes'] = json({ nodes: NODES });
    const watchers = await Promise.all([0, 1].map((replica) => watch(robotId, replica)));
    for (const watcher of watchers) await watcher.sees(NODES);
    for (const { app } of s.gateway.replicas)
      await waitFor('each replica to know', () => app.get(RobotNodes).isKnown(robotId));
    const asked = server.asked.length;
    await s.register({ port: server.port }, { 'x-robot-id': robotId, 'x-api-key': key });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(server.asked.length).toBe(asked);
  });

  it('of robots that are there already are known to a process that starts', async () => {
    const { robotId } = await s.robotWithServer();
    const { app } = await s.gateway.start();
    await waitFor('it to know', () => app.get(RobotNodes).isKnown(robotId));
  });

  it('of one robot that does not answer hold up nobody else’s', async () => {
    const silent = await Promise.all(Array.from({ length: 4 }, () => s.robotWithServer(() => undefined)));
    const { robotId } = await s.robotWithServer();
    await waitFor('the nodes', () => s.app.get(RobotNodes).isKnown(robotId), { timeoutMs: 2_500 });
    expect(silent.some((each) => s.app.get(RobotNodes).isKnown(each.robotId))).toBe(false);
  });
});
