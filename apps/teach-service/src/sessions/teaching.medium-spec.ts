import { randomUUID } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { TaughtRobot } from '../testing/taught-robot.spec-support';
import { setupTeach, type SessionView, type Teach } from '../testing/teach-world.spec-support';

let teach: Teach;
let names = 0;
const aRobot = () => `robot-${(names += 1)}`;

beforeAll(async () => {
  teach = await setupTeach();
});
afterAll(() => teach.close());

describe('Flow A: a session that is started', () => {
  it('begins as a DRAFT with the draft of a mission', async () => {
    const robotId = teach.robots.add(aRobot());
    const created = await teach.call<SessionView>('POST', '/sessions', { robotId, missionName: 'Tea' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ robotId, status: 'DRAFT', trafficLockId: null, startedAt: null });
    const mission = await teach.call('GET', `/missions/${created.body.draftMissionId}`);
    expect(mission.body).toMatchObject({ name: 'Tea', status: 'DRAFT', steps: [] });
    expect(await teach.session(created.body.teachSessionId)).toEqual(created.body);
  });

  it('locks where the robot is and what the operator named, tells the robot, and records', async () => {
    const robotId = teach.robots.add(aRobot(), 'Kitchen');
    const robot = new TaughtRobot(teach.robots.nc, robotId);
    const { teachSessionId } = await teach.create(robotId, {
      scope: { nodeIds: ['Door'], pathIds: ['d-k'] },
    });
    const started = await teach.order(teachSessionId, 'start');
    expect(started.status).toBe(200);
    const scope = { nodeIds: ['Door', 'Kitchen'], pathIds: ['d-k'] };
    expect(started.body).toMatchObject({ status: 'RECORDING', scope });
    expect(teach.robots.lockOf(robotId)).toMatchObject({ lockId: started.body.trafficLockId, scope });
    const ask = teach.robots.acquired.find((one) => one.robotId === robotId);
    expect(ask).toMatchObject({ purpose: 'teach', ttlSeconds: 1, teacher: { name: 'Ann' } });
    await waitFor('the robot to be told', () => robot.controls.length > 0);
    expect(robot.controls).toEqual([
      {
        messageId: expect.any(String),
        correlationId: ask!.correlationId,
        producedAtUtc: expect.any(String),
        robotId,
        type: 'teachStart',
        payload: { teachSessionId },
      },
    ]);
    await teach.order(teachSessionId, 'stop');
  });

  it('keeps its lock alive for as long as it records', async () => {
    const { robot, id, lockId } = await teach.taught(aRobot());
    await waitFor('more heartbeats than one life of the lock', () => {
      const beats = teach.robots.locks.get(lockId)?.beats ?? [];
      return beats.length > 2 && beats.at(-1)! - beats[0]! > 1_200;
    });
    expect((await teach.session(id)).status).toBe('RECORDING');
    await teach.order(id, 'stop');
    expect(teach.robots.lockOf(robot.robotId)).toBeUndefined();
  });

  it('stays as it was when another robot has locked the place: 409', async () => {
    teach.robots.occupy('blocker', { nodeIds: ['Hall'], pathIds: [] });
    const robotId = teach.robots.add(aRobot(), 'Hall');
    const before = await teach.create(robotId);
    const refused = await teach.order(before.teachSessionId, 'start');
    expect(refused).toMatchObject({ status: 409, body: { code: 'traffic_lock_conflict' } });
    expect(await teach.session(before.teachSessionId)).toEqual(before);
  });

  it('has FAILED when the robot is not connected', async () => {
    const robotId = teach.robots.add(aRobot());
    const { teachSessionId } = await teach.create(robotId);
    teach.robots.robots.get(robotId)!.connected = false;
    const refused = await teach.order(teachSessionId, 'start');
    expect(refused).toMatchObject({ status: 409, body: { code: 'robot_offline' } });
    expect(await teach.session(teachSessionId)).toMatchObject({ status: 'FAILED', reason: 'robot_offline' });
    expect((await teach.order(teachSessionId, 'start')).body['code']).toBe('session_not_startable');
  });

  it('stays as it was when robot-gateway does not answer: 503', async () => {
    const before = await teach.create(teach.robots.add(aRobot()));
    teach.robots.goAway();
    const refused = await teach.order(before.teachSessionId, 'start');
    teach.robots.comeBack();
    expect(refused.status).toBe(503);
    expect(await teach.session(before.teachSessionId)).toEqual(before);
  });

  it('is the only one that records on its robot, and is started once', async () => {
    const { robot, id } = await teach.taught(aRobot());
    const other = await teach.create(robot.robotId);
    const refused = await teach.order(other.teachSessionId, 'start');
    expect(refused).toMatchObject({ status: 409, body: { code: 'robot_already_teaching' } });
    expect((await teach.order(id, 'start')).body['code']).toBe('session_not_startable');
    expect((await teach.session(other.teachSessionId)).status).toBe('DRAFT');
    await teach.order(id, 'stop');
  });

  it('is one of several that are started at the same moment, whichever way', async () => {
    const robotId = teach.robots.add(aRobot());
    const [one, two] = await Promise.all([teach.create(robotId), teach.create(robotId)]);
    const ids = [one, one, two, two].map(({ teachSessionId }) => teachSessionId);
    const answers = await Promise.all(ids.map((id) => teach.order(id, 'start')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const codes = answers.flatMap(({ status, body }) => (status === 200 ? [] : [body['code']]));
    expect(['robot_already_teaching', 'session_not_startable', 'traffic_lock_conflict']).toEqual(
      expect.arrayContaining(codes),
    );
    const begun = answers.find(({ status }) => status === 200)!.body;
    expect(teach.robots.lockOf(robotId)?.lockId).toBe(begun.trafficLockId);
    await teach.order(begun.teachSessionId, 'stop');
  });

  it('may be started again when it was stopped', async () => {
    const { robot, id } = await teach.taught(aRobot());
    const before = (await teach.session(id)).scope;
    const first = await robot.saying({ nodeId: `far-from-${robot.robotId}` });
    await waitFor('the lock to grow', async () => (await teach.session(id)).scope.nodeIds.length === 2);
    await teach.order(id, 'stop');
    // Its lock begins anew, where the robot is now.
    expect((await teach.order(id, 'start')).body).toMatchObject({
      ...{ status: 'RECORDING', finishedAt: null, scope: before },
    });
    const second = await robot.saying();
    await teach.order(id, 'stop');
    const { items } = await teach.samples(id);
    expect(items.map((item) => item['teachSampleId'])).toEqual([first['messageId'], second['messageId']]);
  });

  it('is not there for a stranger’s id, and neither is a robot that nobody knows', async () => {
    for (const path of ['start', 'stop'])
      expect((await teach.call('POST', `/sessions/${randomUUID()}/${path}`)).status).toBe(404);
    expect(await teach.call('POST', '/sessions', { robotId: 'nobody' })).toMatchObject({
      status: 404,
      body: { code: 'robot_unknown' },
    });
  });

  it('is looked at by Viewers and changed by Operators', async () => {
    const viewer = { role: 'Viewer', at: 0 };
    const { teachSessionId: id } = await teach.create(teach.robots.add(aRobot()));
    expect((await teach.call('GET', '/sessions', undefined, viewer)).status).toBe(200);
    expect((await teach.call('GET', `/sessions/${id}/samples`, undefined, viewer)).status).toBe(200);
    for (const path of ['', `/${id}/start`, `/${id}/stop`])
      expect((await teach.call('POST', `/sessions${path}`, { robotId: 'a' }, viewer)).status).toBe(403);
  });
});

describe('Flow C: a session that is stopped', () => {
  it('has all that the robot had said, gives its lock back, tells the robot and is STOPPED', async () => {
    const { robot, id } = await teach.taught(aRobot());
    for (let n = 0; n < 20; n += 1) await robot.saying({ poseX: n });
    const stopped = await teach.order(id, 'stop');
    expect(stopped).toMatchObject({ status: 200, body: { status: 'STOPPED', trafficLockId: null } });
    expect(stopped.body.finishedAt).not.toBeNull();
    const { items } = await teach.samples(id);
    expect(items.map((item) => item['poseX'])).toEqual(Array.from({ length: 20 }, (_, n) => n));
    await waitFor('the robot to be told', () => robot.controls.at(-1)?.['type'] === 'teachStop');
    expect(teach.robots.lockOf(robot.robotId)).toBeUndefined();
    expect(teach.robots.expired.filter(({ robotId }) => robotId === robot.robotId)).toEqual([]);
  });

  it('is answered as it is when it does not record', async () => {
    const draft = await teach.create(teach.robots.add(aRobot()));
    expect(await teach.order(draft.teachSessionId, 'stop')).toMatchObject({ status: 200, body: draft });
    const { robot, id } = await teach.taught(aRobot());
    const [one, two] = await Promise.all([teach.order(id, 'stop'), teach.order(id, 'stop')]);
    expect([one.body.status, two.body.status]).toEqual(['STOPPED', 'STOPPED']);
    await waitFor('the robot to be told', () => robot.controls.length >= 2);
    await waitFor('all that there is to tell to be told', async () => {
      const { rows } = await teach.pool.query("SELECT 1 FROM teach.outbox WHERE event = 'teach.control'");
      return rows.length === 0;
    });
    expect(robot.controls.map(({ type }) => type)).toEqual(['teachStart', 'teachStop']);
  });

  it('is STOPPED also when its lock cannot be given back, which then ends by itself', async () => {
    const { robot, id } = await teach.taught(aRobot());
    teach.robots.goAway();
    expect((await teach.order(id, 'stop')).body.status).toBe('STOPPED');
    teach.robots.comeBack();
    await waitFor('the lock to end', () => teach.robots.lockOf(robot.robotId) === undefined);
  });
});

describe('a recording in which something is lost', () => {
  it('FAILs when its lock is gone, and tells the robot', async () => {
    const { robot, id, lockId } = await teach.taught(aRobot());
    teach.robots.locks.delete(lockId);
    // The second, where the machine stood still for so long that the session was taken over before its first heartbeat.
    expect(await teach.failed(id)).toMatchObject({
      reason: expect.stringMatching(/^(traffic_lock|service)_lost$/),
      trafficLockId: null,
    });
    await waitFor('the robot to be told', () => robot.controls.at(-1)?.['type'] === 'teachStop');
  });

  it('FAILs when traffic is away for as long as the lock lives', async () => {
    const { robot, id } = await teach.taught(aRobot());
    teach.robots.goAway();
    expect(await teach.failed(id)).toMatchObject({ reason: 'traffic_unreachable' });
    teach.robots.comeBack();
    expect(teach.robots.lockOf(robot.robotId)).toBeUndefined();
  });

  it('goes on when traffic is away for less than that', async () => {
    const { id, lockId } = await teach.taught(aRobot());
    const beats = teach.robots.locks.get(lockId)!.beats;
    await waitFor('a heartbeat', () => beats.length > 0);
    teach.robots.goAway();
    await new Promise((resolve) => setTimeout(resolve, 300));
    teach.robots.comeBack();
    const before = beats.length;
    await waitFor('heartbeats again', () => beats.length > before + 2);
    expect((await teach.session(id)).status).toBe('RECORDING');
    await teach.order(id, 'stop');
  });

  it('FAILs when the robot is away and silent, and gives its lock back', async () => {
    const { robot, id } = await teach.taught(aRobot());
    teach.robots.robots.get(robot.robotId)!.connected = false;
    expect(await teach.failed(id)).toMatchObject({ reason: 'robot_lost' });
    await waitFor('the lock to be gone', () => teach.robots.lockOf(robot.robotId) === undefined);
  });

  it('goes on while the robot speaks, though robot-gateway has no word of it', async () => {
    const { robot, id } = await teach.taught(aRobot());
    teach.robots.robots.get(robot.robotId)!.connected = false;
    const until = performance.now() + 900;
    while (performance.now() < until) {
      await robot.saying();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await teach.session(id)).status).toBe('RECORDING');
    await teach.order(id, 'stop');
  });

  it('FAILs when the robot is led into what another one has locked', async () => {
    teach.robots.occupy('blocker2', { nodeIds: ['Cellar'], pathIds: [] });
    const { robot, id } = await teach.taught(aRobot());
    await robot.saying({ nodeId: 'Cellar' });
    expect(await teach.failed(id)).toMatchObject({ reason: 'traffic_lock_conflict' });
  });
});

describe('lists of sessions', () => {
  it('show the newest first, page by page, by robot and status', async () => {
    const robotId = teach.robots.add(aRobot());
    const made = [];
    for (let n = 0; n < 3; n += 1) made.unshift((await teach.create(robotId)).teachSessionId);
    await teach.order(made[1]!, 'start');
    const list = async (query: string) =>
      (
        await teach.call<{ items: SessionView[]; nextCursor: string | null }>(
          'GET',
          `/sessions?robotId=${robotId}${query}`,
        )
      ).body;
    const first = await list('&limit=2');
    expect(first.items.map((item) => item.teachSessionId)).toEqual(made.slice(0, 2));
    const second = await list(`&limit=2&cursor=${first.nextCursor}`);
    expect(second.items.map((item) => item.teachSessionId)).toEqual(made.slice(2));
    expect(second.nextCursor).toBeNull();
    expect((await list('&status=RECORDING')).items.map((item) => item.teachSessionId)).toEqual([made[1]]);
    await teach.order(made[1]!, 'stop');
  });
});
