import fc from 'fast-check';
import { waitFor } from '@teleop/testing';
import { apiUser, type ApiUser } from '../testing/api.spec-support';
import type { Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';
import {
  commandsOf,
  gotCommands,
  handled,
  NAVIGATE,
  tableOf,
  type Table,
} from '../testing/table.spec-support';

/*
 * Lock and queue against a model: the original's rules, written as plainly as they are told. Any sequence of what robot and
 * people do must lead both to the same answers, the same lists and the same commands at the robot.
 */

const PEOPLE = {
  Ada: apiUser('Admin', 'Ada'),
  Adam: apiUser('Admin', 'Adam'),
  Olga: apiUser('Operator', 'Olga'),
  Otto: apiUser('Operator', 'Otto'),
} as const;
type Name = keyof typeof PEOPLE;
const isAdmin = (name: Name) => name.startsWith('Ad');

interface ModelRoute {
  id: string;
  start: string;
  destination: string;
}

class Model {
  mode: string | undefined;
  /** The robot has said how it is since it was last sent somewhere by a person. */
  heardSinceOrder = true;
  lock: Name | undefined;
  active: ModelRoute | undefined;
  queue: ModelRoute[] = [];
  commands: object[] = [];

  report(mode: string): void {
    this.mode = mode;
    this.heardSinceOrder = true;
    if (mode === 'IDLE') this.active = undefined;
    this.advance();
  }

  advance(): void {
    if (this.lock !== undefined || this.active !== undefined || this.mode !== 'IDLE') return;
    if (!this.heardSinceOrder) return;
    const next = this.queue.shift();
    if (next === undefined) return;
    this.active = next;
    this.commands.push(NAVIGATE(next.start, next.destination));
  }

  acquire(who: Name): string {
    if (this.lock !== undefined && this.lock !== who && !isAdmin(who)) return `Lock held by ${this.lock}`;
    if (!isAdmin(who) && this.active !== undefined)
      return 'Cannot acquire lock while automated route is active';
    this.lock = who;
    return 'Lock acquired';
  }

  release(who: Name): string {
    if (this.lock !== who) return 'You do not hold the lock';
    this.lock = undefined;
    this.advance();
    return 'Lock released';
  }

  select(start: string, destination: string): string {
    if (this.lock !== undefined) return 'Robot is manually locked';
    this.commands.push(NAVIGATE(start, destination));
    this.heardSinceOrder = false;
    return 'Route selected';
  }

  adminNavigates(who: Name, start: string, destination: string): void {
    // Another Admin keeps his.
    if (this.lock !== undefined && !isAdmin(this.lock)) this.lock = undefined;
    if (this.active !== undefined) {
      this.queue.unshift(this.active);
      this.active = undefined;
      this.commands.push({ command: 'CANCEL' });
    }
    this.commands.push(NAVIGATE(start, destination));
    this.heardSinceOrder = false;
  }

  remove(id: string): void {
    if (this.active?.id !== id) {
      this.queue = this.queue.filter((route) => route.id !== id);
      return;
    }
    this.active = undefined;
    this.commands.push({ command: 'CANCEL' });
    this.heardSinceOrder = false;
  }

  listed(): ModelRoute[] {
    return [...(this.active === undefined ? [] : [this.active]), ...this.queue];
  }
}

interface Real {
  readonly table: Table;
  readonly robot: Peer;
  readonly sockets: Record<Name, Peer>;
  readonly watcher: Peer;
}

type Step = fc.AsyncCommand<Model, Real>;

/** What both must agree on after each step. */
async function compare(model: Model, { table, robot }: Real): Promise<void> {
  const commands = await waitFor('the robot to have what the model says', async () => {
    const got = commandsOf(robot).filter((command) => !('mode' in command));
    return got.length >= model.commands.length ? got : undefined;
  });
  expect(commands).toEqual(model.commands);
  const routes = (await table.routes(PEOPLE.Ada)) as ModelRoute[];
  expect(routes.map(({ id }) => id)).toEqual(model.listed().map(({ id }) => id));
  const { manualLockHolderName } = await table.status();
  expect(manualLockHolderName).toBe(model.lock ?? null);
}

const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await compare(model, real);
  },
  toString: () => name,
});

const nodes = fc.constantFrom('Home', 'Kitchen', 'Office', 'Dock');
const anybody = fc.constantFrom<Name>('Ada', 'Adam', 'Olga', 'Otto');
const admins = fc.constantFrom<Name>('Ada', 'Adam');
const userOf = (name: Name): ApiUser => PEOPLE[name];

const steps = [
  fc.constantFrom('IDLE', 'IDLE', 'NAVIGATING', 'MANUAL').map((driveMode) =>
    step(`report ${driveMode}`, async (model, { table }) => {
      model.report(driveMode);
      expect((await table.report({ driveMode })).status).toBe(200);
    }),
  ),
  fc.tuple(nodes, nodes).map(([start, destination]) =>
    step(`add ${start} > ${destination}`, async (model, { table }) => {
      const { status, body } = await table.addRoute(PEOPLE.Ada, start, destination);
      expect(status).toBe(201);
      model.queue.push({ id: body.id, start, destination });
      model.advance();
    }),
  ),
  fc.nat({ max: 4 }).map((place) =>
    step(`remove ${place}`, async (model, { table }) => {
      const route = model.listed()[place];
      const id = route?.id ?? '00000000-0000-4000-8000-000000000000';
      const path = `/routes/${id}?robotId=${table.robotId}`;
      expect((await table.api.delete(path, PEOPLE.Adam)).status).toBe(route === undefined ? 404 : 204);
      model.remove(id);
      model.advance();
    }),
  ),
  anybody.map((who) =>
    step(`${who} locks`, async (model, { table }) => {
      const message = model.acquire(who);
      expect((await table.lock(userOf(who))).body.message).toBe(message);
    }),
  ),
  anybody.map((who) =>
    step(`${who} unlocks`, async (model, { table }) => {
      const message = model.release(who);
      expect((await table.unlock(userOf(who))).body.message).toBe(message);
    }),
  ),
  fc.tuple(anybody, nodes, nodes).map(([who, start, destination]) =>
    step(`${who} selects ${start} > ${destination}`, async (model, { table }) => {
      const message = model.select(start, destination);
      expect((await table.select(userOf(who), start, destination)).body.message).toBe(message);
    }),
  ),
  fc.tuple(admins, nodes, nodes).map(([who, start, destination]) =>
    step(`${who} navigates ${start} > ${destination}`, async (model, { sockets }) => {
      model.adminNavigates(who, start, destination);
      sockets[who].send(NAVIGATE(start, destination));
    }),
  ),
  fc.constantFrom<Name>('Olga', 'Otto').map((who) =>
    step(`${who} tries to navigate`, async (_model, { sockets, robot, table }) => {
      sockets[who].send(NAVIGATE('Home', 'Office'));
      sockets[who].send({ command: 'CANCEL' });
      // Counted once it has been looked at; nothing else must follow from it.
      await waitFor('them to be looked at', async () => {
        const dropped = await table.api.metric('robot_frames_dropped_total{reason="not_allowed"');
        return dropped >= 0;
      });
      expect(robot.closed).toBeUndefined();
    }),
  ),
];

describe('lock and queue', () => {
  let gateway: Gateway;
  let robots = 0;
  beforeAll(async () => {
    gateway = await setupGateway({ env: { ROBOT_CLEANUP_MS: '60000' } });
  });
  afterAll(() => gateway.close());

  async function setup(): Promise<{ model: Model; real: Real }> {
    const robotId = `model-${(robots += 1)}`;
    const { body } = await tableOf(gateway).api.post('/api/v1/robots', PEOPLE.Ada, { robotId });
    const table = tableOf(gateway, { robotId, key: body.apiKey });
    const robot = await table.control();
    const entries = Object.entries(PEOPLE).map(
      async ([name, user]) => [name, await table.manual(user)] as const,
    );
    const sockets = Object.fromEntries(await Promise.all(entries)) as Record<Name, Peer>;
    return { model: new Model(), real: { table, robot, sockets, watcher: sockets.Ada } };
  }

  it('do what the model does, step by step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 30 }), async (commands) => {
        const { model, real } = await setup();
        await fc.asyncModelRun(() => ({ model, real }), commands);
        for (const peer of [real.robot, ...Object.values(real.sockets)]) peer.ws.terminate();
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 240_000);

  it('keep their invariants when everybody acts at once', async () => {
    const { real } = await setup();
    const { table, robot, sockets } = real;
    const action = fc.constantFrom(
      () => table.report({ driveMode: 'IDLE' }),
      () => table.report({ driveMode: 'NAVIGATING' }),
      () => table.addRoute(PEOPLE.Ada, 'Home', 'Kitchen'),
      () => table.lock(PEOPLE.Olga),
      () => table.lock(PEOPLE.Otto),
      () => table.unlock(PEOPLE.Olga),
      () => table.unlock(PEOPLE.Otto),
      () => table.lock(PEOPLE.Ada),
      () => table.unlock(PEOPLE.Ada),
      () => table.select(PEOPLE.Otto, 'Office', 'Dock'),
      async () => sockets.Adam.send(NAVIGATE('Dock', 'Home')),
      () => table.api.post(`/routes/optimize?robotId=${table.robotId}`, PEOPLE.Ada),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 24 }), async (actions) => {
        await Promise.all(actions.map((act) => act()));
        const { rows } = await gateway.pool.query<{ fault: string }>(INVARIANTS, [table.robotId]);
        expect(rows).toEqual([]);
      }),
      { numRuns: 25, endOnFailure: true },
    );
    await handled(robot, sockets.Ada);
    const epochs = robot
      .frames()
      .flatMap(({ lease }) => (lease as { epoch: number } | undefined)?.epoch ?? []);
    expect([...epochs].sort((a, b) => a - b)).toEqual(epochs);
    expect((await gotCommands(robot, 1)).length).toBeGreaterThan(0);
  }, 120_000);
});

/** $1 robot. A row for each thing that must never be. */
const INVARIANTS = `
  SELECT 'two routes under way' AS fault FROM robots.route
    WHERE robot_id = $1 AND status IN ('dispatching', 'active') GROUP BY robot_id HAVING count(*) > 1
  UNION ALL
  SELECT 'two routes at one place' FROM robots.route
    WHERE robot_id = $1 AND status = 'queued' GROUP BY order_key HAVING count(*) > 1
  UNION ALL
  SELECT 'a lease by lock without its lock' FROM robots.lease
    WHERE robot_id = $1 AND holder_kind = 'drive_lock' AND expires_at > clock_timestamp() AND NOT EXISTS (
      SELECT 1 FROM robots.drive_lock AS held WHERE held.robot_id = lease.robot_id AND held.user_id = lease.user_id)
  UNION ALL
  SELECT 'a route sent twice under one dispatch' FROM robots.route
    WHERE robot_id = $1 AND dispatch_id IS NOT NULL GROUP BY dispatch_id HAVING count(*) > 1
`;
