import { randomUUID } from 'node:crypto';
import { Broadcast } from '@teleop/messaging';
import { deadLetterSubject, teachSampleFeed, type TeachSampleReceived } from '@teleop/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { waitFor } from '@teleop/testing';
import { READ_SAMPLES } from '../sessions/sql/read-samples.sql';
import { setupTeach, type Json, type Teach } from '../testing/teach-world.spec-support';

let teach: Teach;
let names = 0;
const aRobot = () => `robot-${(names += 1)}`;

beforeAll(async () => {
  // Two replicas: they take each other's messages of one robot.
  teach = await setupTeach({ replicas: 2 });
});
afterAll(() => teach.close());

const ids = (items: Json[]) => items.map((item) => item['teachSampleId']);

describe('Flow B: what a robot says while it is taught', () => {
  it('is stored with everything that is known of it, and shown live', async () => {
    const { robot, id } = await teach.taught(aRobot());
    const heard: TeachSampleReceived[] = [];
    const stop = teach.replicas[0]!.app.get(Broadcast).subscribe(teachSampleFeed, (sample) =>
      heard.push(sample),
    );
    const payload = {
      ...{ poseX: 1.5, poseY: -2, headingRad: 3, hoistHeight: 100, telescopeLength: 5, rotationAngleDeg: 90 },
      ...{ gripPosition: 40, nodeId: 'Kitchen', corridor: { nodeIds: ['Kitchen'], pathIds: ['p'] } },
      ts: '2026-11-26T12:00:00.123Z',
    };
    const said = await robot.saying(payload);
    await teach.order(id, 'stop');
    const { ts, nodeId, corridor, ...columns } = payload;
    expect((await teach.samples(id)).items).toEqual([
      {
        ...{ teachSampleId: said['messageId'], teachSessionId: id, ts, ...columns },
        rawJson: { nodeId, corridor },
      },
    ]);
    await waitFor('the live sample', () => heard.length > 0);
    expect(heard).toEqual([{ teachSessionId: id, robotId: robot.robotId, payload }]);
    stop();
  });

  it('is one sample however often it comes', async () => {
    const { robot, id } = await teach.taught(aRobot());
    const states = Array.from({ length: 30 }, (_, n) => robot.state({ poseX: n }));
    for (const state of [...states, ...states, ...states]) await robot.say(state);
    const named = robot.state({}, { messageId: 'no UUID at all' });
    await robot.say(named);
    await robot.say(named);
    await teach.order(id, 'stop');
    expect(await teach.count(id)).toBe(31);
  });

  it('is in the robot’s order, in whatever order it came', async () => {
    const { robot, id } = await teach.taught(aRobot());
    const start = Date.now();
    const states = Array.from({ length: 40 }, (_, n) =>
      robot.state({ poseX: n }, { producedAtUtc: new Date(start + n).toISOString() }),
    );
    for (const state of [...states].reverse()) await robot.say(state);
    await teach.order(id, 'stop');
    const { items } = await teach.samples(id);
    expect(items.map((item) => item['poseX'])).toEqual(states.map((_, n) => n));
  });

  it('changes nothing when nobody teaches the robot, or not any more', async () => {
    const robotId = aRobot();
    const { robot, id } = await teach.taught(robotId);
    const during = await robot.saying();
    await teach.order(id, 'stop');
    await robot.saying();
    const { id: later } = await teach.taught(robotId);
    await teach.order(later, 'stop');
    expect(ids((await teach.samples(id)).items)).toEqual([during['messageId']]);
    expect(await teach.count(later)).toBe(0);
  });

  it('widens the lock by where the robot is led, once', async () => {
    const { robot, id, lockId } = await teach.taught(aRobot());
    const home = `home-${robot.robotId}`;
    await robot.saying({ nodeId: `x-${robot.robotId}`, corridor: { nodeIds: [home], pathIds: ['h-x'] } });
    await waitFor('the lock to grow', () => teach.robots.locks.get(lockId)?.scope.pathIds.length === 1);
    const scope = { nodeIds: [home, `x-${robot.robotId}`], pathIds: ['h-x'] };
    expect(teach.robots.locks.get(lockId)?.scope).toEqual(scope);
    expect((await teach.session(id)).scope).toEqual(scope);
    await teach.order(id, 'stop');
  });

  it('is dead-lettered with the reason when it can never be taken, and holds up nothing', async () => {
    const { robot, id } = await teach.taught(aRobot());
    await robot.say({ ...robot.state(), payload: { poseX: 'far' } });
    await robot.saying();
    await teach.order(id, 'stop');
    expect(await teach.count(id)).toBe(1);
    const manager = await jetstreamManager(robot.nc);
    const last = await manager.streams.getMessage('DEAD_LETTERS', {
      last_by_subj: deadLetterSubject('teach-service', 'teach-state'),
    });
    expect(last?.header.get('Teleop-Dead-Reason')).toContain('payload.poseX');
  });
});

describe('what an operator wants while he teaches', () => {
  const wish = (type: string, payload?: Json, requiredTimeSeconds?: number) => ({
    intent: {
      type,
      ...(payload && { payload }),
      ...(requiredTimeSeconds !== undefined && { requiredTimeSeconds }),
    },
  });

  it('becomes steps of the draft, once each, in his order', async () => {
    const { robot, id, draftMissionId } = await teach.taught(aRobot());
    const start = Date.now();
    const at = (n: number) => ({ producedAtUtc: new Date(start + n).toISOString() });
    const states = [
      robot.state({ nodeId: 'Kitchen', ...wish('moveToPoint') }, at(0)),
      robot.state(wish('grip', { target: 'close' }, 2), at(20)),
      robot.state(wish('hoist', { targetMm: 300 }, 1.5), at(40)),
    ];
    // The second comes last, and all of them again.
    for (const n of [0, 2, 1, 2, 0, 1]) await robot.say(states[n]!);
    await teach.order(id, 'stop');
    expect(await teach.steps(draftMissionId)).toEqual([
      expect.objectContaining({ type: 'moveToPoint', payload: { destination: { nodeId: 'Kitchen' } } }),
      expect.objectContaining({ type: 'grip', payload: { target: 'close' }, requiredTimeSeconds: 2 }),
      expect.objectContaining({ type: 'hoist', payload: { targetMm: 300 }, requiredTimeSeconds: 1.5 }),
    ]);
  });

  it('goes behind what a person wrote into the draft meanwhile', async () => {
    const { robot, id, draftMissionId } = await teach.taught(aRobot());
    await robot.saying(wish('wait', undefined, 1));
    const steps = await waitFor('the step', async () => {
      const taught = await teach.steps(draftMissionId);
      return taught.length === 1 ? taught : undefined;
    });
    const byHand = { type: 'wait', requiredTimeSeconds: 9, payload: { reason: 'by hand' } };
    const put = await teach.call('PUT', `/missions/${draftMissionId}`, {
      name: 'Edited',
      steps: [...steps, byHand],
    });
    expect(put.status).toBe(200);
    await robot.saying(wish('wait', undefined, 2));
    await teach.order(id, 'stop');
    const seconds = (await teach.steps(draftMissionId)).map((step) => step['requiredTimeSeconds']);
    expect(seconds).toEqual([1, 9, 2]);
  });

  it('begins another draft when the first is published, which stays as it is', async () => {
    const { robot, id, draftMissionId } = await teach.taught(aRobot());
    await robot.saying(wish('wait', undefined, 1));
    await waitFor('the step', async () => (await teach.steps(draftMissionId)).length === 1);
    const published = await teach.call('POST', `/missions/${draftMissionId}/publish`, {});
    expect(published.status).toBe(200);
    await robot.saying(wish('wait', undefined, 2));
    const { draftMissionId: next } = (await teach.order(id, 'stop')).body;
    expect(next).not.toBe(draftMissionId);
    expect((await teach.steps(draftMissionId)).map((step) => step['requiredTimeSeconds'])).toEqual([1]);
    expect((await teach.steps(next)).map((step) => step['requiredTimeSeconds'])).toEqual([2]);
  });
});

describe('the samples of a session', () => {
  it('come page by page, all of them once, and between two moments', async () => {
    const { robot, id } = await teach.taught(aRobot());
    const start = Date.parse('2026-11-26T12:00:00.000Z');
    // Ten of each moment: pages end in between.
    for (let n = 0; n < 50; n += 1)
      await robot.saying({ poseX: n, ts: new Date(start + Math.floor(n / 10) * 20).toISOString() });
    await teach.order(id, 'stop');
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await teach.samples(id, `?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map((item) => item['poseX']));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
    const between = await teach.samples(id, '?from=2026-11-26T12:00:00.020Z&to=2026-11-26T12:00:00.040Z');
    expect(between.items.map((item) => item['poseX'])).toEqual(Array.from({ length: 20 }, (_, n) => n + 10));
  });

  it('are read along their index from where the page begins, and not sorted', async () => {
    const client = await teach.pool.connect();
    await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off');
    const params = [randomUUID(), '-infinity', 'infinity', '2026-01-01T00:00:00Z', '5', 101];
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${READ_SAMPLES}`, params);
    await client.query('ROLLBACK');
    client.release();
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan using teach_sample_page');
    expect(plan).toMatch(/Index Cond: .*ROW\(ts, stream_seq\) > ROW/);
    expect(plan).not.toContain('Sort');
  });

  it.each([
    ['from=yesterday', 'from'],
    ['to=2026-13-45', 'to'],
    ['limit=0', 'limit'],
    ['cursor=abc', 'cursor'],
  ])('are refused for %s, by its name', async (query, path) => {
    const { teachSessionId } = await teach.create(teach.robots.add(aRobot()));
    const answer = await teach.call<{ errors: { path: string }[] }>(
      'GET',
      `/sessions/${teachSessionId}/samples?${query}`,
    );
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error) => error.path)).toEqual([path]);
  });

  it('are of no session that nobody made: 404', async () => {
    expect((await teach.call('GET', `/sessions/${randomUUID()}/samples`)).status).toBe(404);
  });
});
