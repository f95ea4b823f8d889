import fc from 'fast-check';
import { waitFor } from '@teleop/testing';
import { TaughtRobot } from '../testing/taught-robot.spec-support';
import { setupTeach, type Teach } from '../testing/teach-world.spec-support';
import { SESSION_TRANSITIONS } from './domain/session-status';

type Status = keyof typeof SESSION_TRANSITIONS;

interface ModelSession {
  readonly robot: number;
  status: Status;
  samples: number;
}

interface Model {
  readonly sessions: ModelSession[];
  readonly away: Set<number>;
  /** Robots whose place another one has locked. */
  readonly blocked: Set<number>;
}

interface Real {
  readonly robots: readonly TaughtRobot[];
  readonly ids: string[];
}

const ROBOTS = 2;
/** Each run has robots of its own. */
let runs = 0;

describe('sessions, whatever is done with them in whatever order', () => {
  let teach: Teach;
  beforeAll(async () => {
    teach = await setupTeach({ env: { TEACH_ROBOT_LOST_MS: '600000', TEACH_LOCK_TTL_S: '60' } });
  });
  afterAll(() => teach.close());

  class Command implements fc.AsyncCommand<Model, Real> {
    constructor(
      private readonly name: string,
      private readonly pick: number,
      private readonly work: (model: Model, real: Real, pick: number) => Promise<void>,
      private readonly ofSession: boolean,
    ) {}

    check({ sessions }: Model): boolean {
      return !this.ofSession || sessions.length > 0;
    }

    async run(model: Model, real: Real): Promise<void> {
      const pick = this.pick % (this.ofSession ? model.sessions.length : ROBOTS);
      await this.work(model, real, pick);
      for (const [index, { status }] of model.sessions.entries())
        expect((await teach.session(real.ids[index]!)).status).toBe(status);
    }

    toString(): string {
      return `${this.name}(${this.pick})`;
    }
  }

  const homeOf = ({ robotId }: TaughtRobot) => `home-${robotId}`;

  async function create(model: Model, real: Real, robot: number): Promise<void> {
    real.ids.push((await teach.create(real.robots[robot]!.robotId)).teachSessionId);
    model.sessions.push({ robot, status: 'DRAFT', samples: 0 });
  }

  async function start(model: Model, real: Real, index: number): Promise<void> {
    const { status, body } = await teach.order(real.ids[index]!, 'start');
    const session = model.sessions[index]!;
    const expected = ((): [Status, string?] => {
      if (!SESSION_TRANSITIONS[session.status].includes('RECORDING'))
        return [session.status, 'session_not_startable'];
      if (model.sessions.some((one) => one.robot === session.robot && one.status === 'RECORDING'))
        return [session.status, 'robot_already_teaching'];
      if (model.away.has(session.robot)) return ['FAILED', 'robot_offline'];
      if (model.blocked.has(session.robot)) return [session.status, 'traffic_lock_conflict'];
      return ['RECORDING'];
    })();
    session.status = expected[0];
    expect([status, body['code']]).toEqual(expected[1] === undefined ? [200, undefined] : [409, expected[1]]);
  }

  async function stop(model: Model, real: Real, index: number): Promise<void> {
    const session = model.sessions[index]!;
    if (session.status === 'RECORDING') session.status = 'STOPPED';
    const { status, body } = await teach.order(real.ids[index]!, 'stop');
    expect([status, body.status]).toEqual([200, session.status]);
  }

  async function loseLock(model: Model, real: Real, index: number): Promise<void> {
    const session = model.sessions[index]!;
    if (session.status !== 'RECORDING') return;
    teach.robots.locks.delete((await teach.session(real.ids[index]!)).trafficLockId!);
    session.status = 'FAILED';
    await teach.failed(real.ids[index]!);
  }

  async function say(model: Model, real: Real, robot: number): Promise<void> {
    await real.robots[robot]!.saying();
    for (const session of model.sessions)
      if (session.robot === robot && session.status === 'RECORDING') session.samples += 1;
  }

  async function comeAndGo(model: Model, real: Real, robot: number): Promise<void> {
    const { robotId } = real.robots[robot]!;
    if (!model.away.delete(robot)) model.away.add(robot);
    teach.robots.robots.get(robotId)!.connected = !model.away.has(robot);
  }

  async function blockAndFree(model: Model, real: Real, robot: number): Promise<void> {
    const place = real.robots[robot]!;
    if (model.sessions.some((one) => one.robot === robot && one.status === 'RECORDING')) return;
    const blocker = `blocker-of-${place.robotId}`;
    if (!model.blocked.delete(robot)) {
      model.blocked.add(robot);
      teach.robots.occupy(blocker, { nodeIds: [homeOf(place)], pathIds: [] });
    } else teach.robots.locks.delete(`other-${blocker}`);
  }

  const command = (name: string, work: typeof say, ofSession: boolean) =>
    fc.nat(7).map((pick) => new Command(name, pick, work, ofSession));

  const commands = fc.commands(
    [
      command('create', create, false),
      command('start', start, true),
      command('start', start, true),
      command('stop', stop, true),
      command('say', say, false),
      command('lose lock', loseLock, true),
      command('come and go', comeAndGo, false),
      command('block and free', blockAndFree, false),
    ],
    { maxCommands: 30, size: '+1' },
  );

  it('are in the state that the table of transitions allows, and have what was said while they recorded', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (given) => {
        const run = (runs += 1);
        const robots = Array.from(
          { length: ROBOTS },
          (_, index) => new TaughtRobot(teach.robots.nc, teach.robots.add(`m${run}-${index}`)),
        );
        const model: Model = { sessions: [], away: new Set(), blocked: new Set() };
        const real: Real = { robots, ids: [] };
        await fc.asyncModelRun(() => ({ model, real }), given);
        for (const [index, { status, samples }] of model.sessions.entries()) {
          if (status === 'RECORDING') await teach.order(real.ids[index]!, 'stop');
          await waitFor('the samples', async () => (await teach.count(real.ids[index]!)) === samples, {
            timeoutMs: 3_000,
          });
        }
      }),
      { numRuns: 6 },
    );
    const { rows } = await teach.pool.query(`
      SELECT a.teach_session_id FROM teach.teach_session a JOIN teach.teach_session b USING (robot_id)
      WHERE a.session_no < b.session_no AND a.recorded && b.recorded
    `);
    expect(rows).toEqual([]);
  });

  it('cannot be written otherwise than the table of transitions allows', async () => {
    const states = Object.keys(SESSION_TRANSITIONS) as Status[];
    const columns = (status: Status) => [
      status,
      status === 'FAILED' ? 'robot_lost' : null,
      status === 'RECORDING' ? '7f1c2a34-1111-4222-8333-444455556666' : null,
      status === 'RECORDING' ? '{[2026-01-01,)}' : '{}',
    ];
    const sets = `status = $2, failure_reason = $3, owner_id = $4, owner_until = CASE WHEN $4::uuid IS NULL THEN NULL ELSE now() END,
      traffic_lock_id = $4, recorded = $5::tstzmultirange`;
    for (const from of states) {
      for (const to of states.filter((state) => state !== from)) {
        const { teachSessionId: id } = await teach.create(teach.robots.add(`w-${from}-${to}`));
        const write = (state: Status) =>
          teach.pool.query(`UPDATE teach.teach_session SET ${sets} WHERE teach_session_id = $1`, [
            id,
            ...columns(state),
          ]);
        await teach.pool.query('ALTER TABLE teach.teach_session DISABLE TRIGGER teach_session_transition');
        await write(from);
        await teach.pool.query('ALTER TABLE teach.teach_session ENABLE TRIGGER teach_session_transition');
        const written = await write(to).then(
          () => true,
          () => false,
        );
        expect([from, to, written]).toEqual([from, to, SESSION_TRANSITIONS[from].includes(to)]);
        await teach.pool.query('DELETE FROM teach.teach_session WHERE teach_session_id = $1', [id]);
      }
    }
  });
});
