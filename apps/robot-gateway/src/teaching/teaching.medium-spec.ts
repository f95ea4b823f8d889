import { randomUUID } from 'node:crypto';
import { eventSubject, teachControl, trafficAcquire, type TeachControl } from '@teleop/contracts';
import { ensureStream } from '@teleop/messaging';
import { waitFor } from '@teleop/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { apiUser } from '../testing/api.spec-support';
import { open, Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import { tableOf } from '../testing/table.spec-support';
import { neighbourOf, type Neighbour } from '../traffic/neighbour.spec-support';

const admin = apiUser('Admin', 'Ada');
type Json = Record<string, unknown>;

describe('robots that are taught, at their boundary', () => {
  let gateway: Gateway;
  let neighbour: Neighbour;
  let nc: NatsConnection;
  const states: { subject: string; body: Json }[] = [];
  let names = 0;

  beforeAll(async () => {
    gateway = await setupGateway({ replicas: 2, env: { TRAFFIC_SWEEP_MS: '50' } });
    neighbour = await neighbourOf(gateway);
    nc = await connect({ servers: gateway.nats.url });
    nc.subscribe('robots.teach.state.*', {
      callback: (_, message) => void states.push({ subject: message.subject, body: message.json<Json>() }),
    });
    await ensureStream(await jetstreamManager(nc), 'TEACH_CONTROL');
  });
  afterAll(async () => {
    await nc.close();
    await neighbour.close();
    await gateway.close();
  });

  /** A robot of its own with its socket, by default with its key. */
  async function aRobot(options: { key?: string; replica?: number } = {}) {
    const robotId = `t-${(names += 1)}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', admin, { robotId });
    const table = tableOf(gateway, { robotId, key: body.apiKey });
    for (const [index] of gateway.replicas.entries())
      await waitFor(
        'the robot to be known',
        async () => (await table.status(index))?.robotConnected === false,
      );
    const { replica = 0, key = body.apiKey as string } = options;
    const peer = (await open(gateway.robotUrl(robotId, replica), { 'x-api-key': key })) as Peer;
    gateway.track(peer);
    return { robotId, peer };
  }
  async function teach(robotId: string, ttlSeconds = 60): Promise<{ lockId: string; correlationId: string }> {
    const [lockId, correlationId] = [randomUUID(), randomUUID()];
    await neighbour.ask.ask(trafficAcquire, {
      ...{ lockId, robotId, correlationId, ttlSeconds, purpose: 'teach' },
      scope: { nodeIds: [robotId], pathIds: [] },
    });
    return { lockId, correlationId };
  }
  const controlOf = (robotId: string, type: TeachControl['type'], correlationId: string): TeachControl => ({
    ...{ messageId: randomUUID(), correlationId, robotId, type },
    producedAtUtc: new Date().toISOString(),
    payload: { teachSessionId: randomUUID() },
  });
  async function tell(control: TeachControl): Promise<void> {
    const h = headers();
    h.set('Teleop-Event', teachControl.name);
    const options = { msgID: randomUUID(), headers: h };
    await jetstream(nc).publish(eventSubject(teachControl, control), JSON.stringify(control), options);
  }
  const teachFrames = (peer: Peer) =>
    peer.frames().filter((frame) => frame['command'] === 'TEACH') as (Json & { lease: { epoch: number } })[];
  const stateOf = (more: Json = {}) => ({
    type: 'teachState',
    messageId: randomUUID(),
    producedAtUtc: new Date().toISOString(),
    payload: { poseX: 1, poseY: 2, nodeId: 'Kitchen' },
    ...more,
  });
  const statesOf = (robotId: string) => states.filter(({ subject }) => subject.endsWith(`.${robotId}`));

  it.each([0, 1])(
    'are told to begin and to end under the lease of their lock, at replica %d',
    async (replica) => {
      const { robotId, peer } = await aRobot({ replica });
      const { correlationId, lockId } = await teach(robotId);
      const start = controlOf(robotId, 'teachStart', correlationId);
      await tell(start);
      await waitFor('the start', () => teachFrames(peer).length === 1);
      const { epoch } = (await gateway.lease(robotId)) as { epoch: string };
      expect(teachFrames(peer)[0]).toEqual({
        ...{ command: 'TEACH', id: start.messageId, ...start },
        lease: { epoch: Number(epoch), seq: expect.any(Number) },
      });
      await neighbour.release(lockId);
      await tell(controlOf(robotId, 'teachStop', correlationId));
      await waitFor('the stop', () => teachFrames(peer).at(-1)?.['type'] === 'teachStop');
      expect(teachFrames(peer).at(-1)!.lease.epoch).toBeGreaterThan(Number(epoch));
    },
  );

  it('are told to begin when they come back, and not when the lock is over by then', async () => {
    const first = await aRobot();
    const second = await aRobot();
    const kept = await teach(first.robotId);
    const over = await teach(second.robotId);
    for (const { peer } of [first, second]) peer.ws.terminate();
    await Promise.all([first.peer.wasClosed(), second.peer.wasClosed()]);
    await tell(controlOf(first.robotId, 'teachStart', kept.correlationId));
    await tell(controlOf(second.robotId, 'teachStart', over.correlationId));
    await neighbour.release(over.lockId);
    const [back, late] = [await gateway.robot(first.robotId), await gateway.robot(second.robotId)];
    await waitFor('the start', () => teachFrames(back).length === 1);
    expect(teachFrames(back)[0]!['type']).toBe('teachStart');
    await waitFor('the consumer to have done with both', async () => {
      const manager = await jetstreamManager(nc);
      const at = await manager.consumers.info('TEACH_CONTROL', 'robot-gateway__teach-control');
      return at.num_pending === 0 && at.num_ack_pending === 0;
    });
    expect(teachFrames(late)).toEqual([]);
  });

  it('have their states passed on as the source’s envelope, under their own name', async () => {
    const { robotId, peer } = await aRobot();
    await teach(robotId);
    const state = stateOf({ robotId: 'somebody-else' });
    peer.send(state);
    await waitFor('the state', () => statesOf(robotId).length === 1);
    expect(statesOf(robotId)[0]!.body).toEqual({ ...state, robotId });
  });

  it('hear that what was wanted is safe, and may say it again', async () => {
    const { robotId, peer } = await aRobot();
    await teach(robotId);
    const wish = stateOf({ payload: { intent: { type: 'grip', payload: { target: 'close' } } } });
    peer.send(wish);
    peer.send(wish);
    await waitFor(
      'both answers',
      () => peer.texts().filter((text) => text.includes('teachAck')).length === 2,
    );
    expect(peer.frames()).toContainEqual({ type: 'teachAck', messageId: wish.messageId });
    const manager = await jetstreamManager(nc);
    const subject = `robots.teach.state.${robotId}`;
    const { state } = await manager.streams.info('TEACH_STATE', { subjects_filter: subject });
    expect(state.subjects).toEqual({ [subject]: 1 });
  });

  it('are told to stop, and not believed, when nobody teaches them (any more)', async () => {
    const { robotId, peer } = await aRobot();
    const { lockId } = await teach(robotId);
    peer.send(stateOf());
    await waitFor('the state', () => statesOf(robotId).length === 1);
    await neighbour.release(lockId);
    await waitFor('the stop', () => {
      peer.send(stateOf());
      return teachFrames(peer).some((frame) => frame['type'] === 'teachStop');
    });
    const passed = statesOf(robotId).length;
    peer.send(stateOf());
    peer.send({ type: 'ack', id: 'the frame behind it' });
    await teach(robotId);
    const marked = stateOf();
    peer.send(marked);
    await waitFor('the marked one', () =>
      statesOf(robotId).some(({ body }) => body['messageId'] === marked.messageId),
    );
    expect(statesOf(robotId)).toHaveLength(passed + 1);
  });

  it('are told to stop when their lock ends because teach-service is gone', async () => {
    const { robotId, peer } = await aRobot();
    await teach(robotId, 1);
    const timer = setInterval(() => peer.send(stateOf()), 20);
    await waitFor('the stop', () => teachFrames(peer).some((frame) => frame['type'] === 'teachStop'));
    clearInterval(timer);
    expect(statesOf(robotId).length).toBeGreaterThan(5);
  });

  it('are not believed without their key, nor when they make no sense', async () => {
    const stranger = await aRobot({ key: 'wrong' });
    const known = await aRobot();
    await teach(stranger.robotId);
    await teach(known.robotId);
    stranger.peer.send(stateOf());
    known.peer.send(stateOf({ messageId: '' }));
    known.peer.send(stateOf({ payload: { poseX: 'far' } }));
    known.peer.send('{"type":"teachState"');
    known.peer.send(stateOf());
    await waitFor('the good one', () => statesOf(known.robotId).length > 0);
    expect(statesOf(known.robotId)).toHaveLength(1);
    expect(statesOf(stranger.robotId)).toHaveLength(0);
  });
});
