import { waitFor } from '@teleop/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { setupTeach, type Teach } from '../testing/teach-world.spec-support';

describe('teaching while something it needs is away', () => {
  let teach: Teach;
  beforeAll(async () => {
    teach = await setupTeach();
  });
  afterAll(() => teach.close());

  it('writes late what was said while PostgreSQL took nothing, and all of it once', async () => {
    const { robot, id } = await teach.taught('a');
    await robot.saying();
    const blocker = await teach.pool.connect();
    await blocker.query('BEGIN; LOCK TABLE teach.teach_sample IN ACCESS EXCLUSIVE MODE');
    for (let n = 0; n < 200; n += 1) await robot.saying({ poseX: n });
    await waitFor('a statement that waits', async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%teach_sample%'`;
      return (await blocker.query(waiting)).rows.length > 0;
    });
    // As long as JetStream waits, and longer: it is delivered again meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await blocker.query('COMMIT');
    blocker.release();
    await teach.order(id, 'stop');
    await waitFor('all of it', async () => (await teach.count(id)) === 201);
  });

  it('goes on when connections to PostgreSQL are cut in the middle', async () => {
    const { robot, id } = await teach.taught('b');
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'teach-service'`;
    for (let n = 0; n < 150; n += 1) {
      await robot.saying({ poseX: n });
      if (n % 50 === 25) await teach.pool.query(cut);
    }
    await waitFor('all of it', async () => (await teach.count(id)) === 150);
    expect((await teach.session(id)).status).toBe('RECORDING');
    await waitFor('a stop that is heard', async () => (await teach.order(id, 'stop')).status === 200);
  });

  it('FAILs what it recorded when NATS is away for as long as the lock lives, and records again after it', async () => {
    const { id } = await teach.taught('c');
    teach.nats.kill9();
    expect(await teach.failed(id)).toMatchObject({ reason: 'traffic_unreachable' });
    await teach.nats.restart();
    teach.robots.locks.clear();
    const { robot, id: next } = await waitFor('a new session', () =>
      teach.taught('d').catch(() => undefined),
    );
    await waitFor('what is said to be taken', () => robot.saying().catch(() => undefined));
    await waitFor('it to be written', async () => (await teach.count(next)) > 0);
    // The robot of the failed session was told as soon as NATS was there.
    const manager = await jetstreamManager(robot.nc);
    await waitFor('the stop of the failed session', async () => {
      const subject = 'robots.teach.control.c';
      const last = await manager.streams.getMessage('TEACH_CONTROL', { last_by_subj: subject });
      const { type, payload } = last!.json<{ type: string; payload: { teachSessionId: string } }>();
      return type === 'teachStop' && payload.teachSessionId === id;
    });
    await teach.order(next, 'stop');
  });
});
