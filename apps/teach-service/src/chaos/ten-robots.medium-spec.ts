import { waitFor } from '@teleop/testing';
import type { TaughtRobot } from '../testing/taught-robot.spec-support';
import { setupTeach, type Json, type Teach } from '../testing/teach-world.spec-support';

const ROBOTS = 10;
const PERIOD_MS = 20;
/** What another replica needs to carry on: OWNER_MS and a heartbeat's time, and as much again on a busy machine. */
const TTL_S = 5;
const TIMES = {
  TEACH_LOCK_TTL_S: String(TTL_S),
  TEACH_HEARTBEAT_MS: '900',
  TEACH_OWNER_MS: '1200',
  TEACH_KEEP_MS: '75',
  TEACH_ROBOT_LOST_MS: '5000',
  TEACH_DRAIN_MS: '5000',
  INGEST_ACK_WAIT_MS: '1500',
};
const KINDS = ['grip', 'hoist', 'rotate'];

interface Lesson {
  readonly robot: TaughtRobot;
  readonly id: string;
  readonly draftMissionId: string;
  readonly lockId: string;
  /** Types of the steps that were wanted, in their order. */
  readonly wanted: string[];
}

/** What still speaks when a test has failed. */
const timers = new Set<NodeJS.Timeout>();

/** Says 50 states a second, every 25th with a wish and every 10th twice, until it is told to stop. */
function speaking(lesson: Lesson): () => Promise<void> {
  const { robot, wanted } = lesson;
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let n = 0;
  const say = (state: Json) => {
    const said = robot
      .say(state)
      .catch((error: unknown) => failures.push(error))
      .then(() => void underWay.delete(said));
    underWay.add(said);
  };
  const timer = setInterval(() => {
    n += 1;
    const kind = KINDS[n % KINDS.length]!;
    const wish = n % 25 === 0 ? { intent: { type: kind, payload: { n }, requiredTimeSeconds: 1 } } : {};
    if ('intent' in wish) wanted.push(`${kind} ${n}`);
    const state = robot.state({ poseX: n, nodeId: `${robot.robotId}-${n % 40}`, ...wish });
    say(state);
    if (n % 10 === 0) timers.add(setTimeout(() => say(state), 30));
  }, PERIOD_MS);
  timers.add(timer);
  return async () => {
    clearInterval(timer);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await Promise.all(underWay);
    expect(failures).toEqual([]);
  };
}

describe('ten robots that are taught at 50 Hz by two replicas', () => {
  let teach: Teach;
  beforeAll(async () => {
    teach = await setupTeach({ replicas: 0, env: TIMES });
    await Promise.all([teach.startApart(), teach.startApart()]);
  });
  afterEach(() => timers.forEach(clearTimeout));
  afterAll(() => teach.close());

  const lessons = (count: number, name: string): Promise<Lesson[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, index) => ({
        ...(await teach.taught(`${name}-${index}`, {}, index % teach.processes.length)),
        wanted: [],
      })),
    );

  it('lose nothing that was acknowledged, and have nothing twice, when one replica is killed', async () => {
    const taught = await lessons(ROBOTS, 'a');
    const silence = taught.map(speaking);
    await waitFor('two seconds of lessons', () =>
      taught.every(({ robot }) => robot.acknowledged.length > 100),
    );
    const [killed] = teach.processes.splice(0, 1);
    await killed!.kill9();
    const heard = taught.map(({ robot }) => robot.acknowledged.length);
    const passed = new Set(taught.map(({ lockId }) => teach.robots.locks.get(lockId)?.endsAt));
    await waitFor('all locks to outlive the one who held them', () => {
      const locks = taught.map(({ lockId }) => teach.robots.locks.get(lockId));
      return locks.every((lock) => lock === undefined || !passed.has(lock.endsAt));
    });
    await waitFor(
      'as long again',
      () => taught.every(({ robot }, index) => robot.acknowledged.length > heard[index]! + TTL_S * 50),
      { timeoutMs: 30_000 },
    );
    // Those of the killed one were carried on, all of them: nobody's lock ended.
    for (const { id } of taught) expect((await teach.session(id)).status).toBe('RECORDING');
    expect(teach.robots.expired).toEqual([]);
    await Promise.all(silence.map((stop) => stop()));
    await Promise.all(taught.map(({ id }) => teach.order(id, 'stop')));
    for (const { id, robot, draftMissionId, wanted } of taught) {
      const said = new Set(robot.acknowledged);
      const { rows } = await teach.pool.query<{ id: string; x: number }>(
        `SELECT teach_sample_id AS id, pose_x AS x FROM teach.teach_sample
         WHERE teach_session_id = $1 ORDER BY ts, stream_seq`,
        [id],
      );
      expect(rows.length).toBe(said.size);
      expect(rows.filter((row) => !said.has(row.id))).toEqual([]);
      expect(rows.map((row) => row.x)).toEqual(rows.map((_, index) => index + 1));
      const steps = (await teach.steps(draftMissionId)) as { type: string; payload: { n: number } }[];
      expect(steps.map(({ type, payload }) => `${type} ${payload.n}`)).toEqual(wanted);
    }
    for (const { robot } of taught)
      await waitFor('the lock to be gone', () => teach.robots.lockOf(robot.robotId) === undefined);
  });

  it('have FAILED with the reason when nobody is left, and their locks ended by themselves', async () => {
    const taught = await lessons(2, 'b');
    await Promise.all(teach.processes.splice(0).map((each) => each.kill9()));
    const at = performance.now();
    await waitFor('the locks to end', () =>
      taught.every(({ robot }) => teach.robots.lockOf(robot.robotId) === undefined),
    );
    expect(performance.now() - at).toBeLessThan(TTL_S * 1_000 + 2_000);
    await teach.start();
    for (const { id, robot } of taught) {
      expect(await teach.failed(id)).toMatchObject({ reason: 'service_lost', trafficLockId: null });
      await waitFor('the robot to be told', () => robot.controls.at(-1)?.['type'] === 'teachStop');
    }
  });
});
