import { DEFAULT_MAP, TableRobot } from '@teleop/sim-table-robot';
import { SERVICES } from '@teleop/stack';
import { waitFor } from '@teleop/testing';
import { post } from './support/api';
import { Asker, type Question } from './support/asker';
import { Person } from './support/person';
import { startSystem, type System } from './support/system';

const ROBOTS = ['arm1', 'r1'];
/** Enough to have something under way at every moment; fourteen processes share two cores with them. */
const PEOPLE = 6;
/** Far more than the balancers take to see that a replica is not ready, on a machine that has other things to do. */
const DELAY_MS = 1_000;

// Fourteen processes on two cores for two minutes: `npm run test:rolling` runs it, `npm test` has no time for it.
const whenAsked = process.env['ROLLING'] === '1' ? describe : describe.skip;

/** Two replicas of everything, each behind what a cluster would put in front of them. */
whenAsked('a rolling restart of every service under load', () => {
  let system: System;
  let table: TableRobot;

  beforeAll(async () => {
    system = await startSystem({
      arms: ROBOTS,
      balanced: 2,
      env: {
        SHUTDOWN_DELAY_MS: String(DELAY_MS),
        UPSTREAM_IDLE_MS: String(DELAY_MS / 2),
        RATE_LIMIT_PER_SECOND: '100000',
        RATE_LIMIT_BURST: '100000',
      },
    });
    table = await new TableRobot({
      robotId: 'table1',
      url: system.stack.gateway,
      apiKey: system.stack.env['ROBOT_API_KEY'],
      map: DEFAULT_MAP,
      server: false,
      telemetryMs: 200,
    }).start();
  }, 180_000);

  afterAll(async () => {
    await table.stop();
    await system.close();
  }, 60_000);

  async function restart(service: string, replica: number): Promise<void> {
    const { stack, balancers } = system;
    const process_ = stack.processes.find(
      (process) => process.replica === replica && process.name === service,
    );
    const url = stack.services[service]?.[replica];
    const before = process_?.pid;
    if (process_ === undefined || url === undefined || typeof before !== 'number')
      throw new Error(`no ${service}`);
    const balancer = balancers.get(service)!;
    balancer.leave(url);
    process.kill(before, 'SIGTERM');
    const another = () => process_.pid !== null && process_.pid !== before;
    await waitFor(`${service} ${replica} to be another process`, another, { timeoutMs: 40_000 });
    balancer.add(url);
    await waitFor(`${service} ${replica} to be ready`, () => balancer.ready(url), { timeoutMs: 40_000 });
  }

  async function questions(): Promise<Question[]> {
    const { stack, data } = system;
    const admin = await data.user({ name: 'Ada', role: 'Admin' });
    const signedIn = await post(stack.gateway, '/auth/token', admin.hashCode, { userId: admin.userId });
    const jwt = { authorization: `Bearer ${(signedIn.body as { token: string }).token}` };
    const ours = { authorization: `Bearer ${stack.env['INTERNAL_API_TOKEN']}` };
    return [
      { path: '/queue/arm1', status: 200 },
      { path: '/status', headers: jwt, status: 200 },
      { path: '/api/v1/robots', headers: jwt, status: 200 },
      { path: '/openapi.json', status: 200 },
      // Refused by the service itself, which has to be there for that.
      { method: 'POST', path: '/vision/dolls_compare', headers: ours, body: () => ({}), status: 400 },
      { method: 'POST', path: '/pair/claim', body: () => ({}), status: 400 },
      { path: '/api/v1/teach/missions', headers: jwt, status: 200 },
      {
        method: 'POST',
        path: '/api/v1/teach/missions',
        headers: jwt,
        body: () => ({ name: 'A mission', steps: [] }),
        status: 201,
      },
      {
        path: '/api/v1/recognition/sessions',
        headers: { 'x-api-key': stack.env['RECOGNITION_API_KEY'] ?? '' },
        status: 200,
      },
    ];
  }

  it('fails no request, loses no event, and every socket is told to reconnect and does', async () => {
    const { stack, data, arms } = system;
    const users = await data.users(PEOPLE, { userClass: 'Innovator Member', monad: '0xroll' });
    const spectators = await data.users(ROBOTS.length);
    const watchers = ROBOTS.map((robotId, index) => system.watch(spectators[index]!, robotId));
    const reconnects = watchers.map((watcher) => {
      let times = 0;
      watcher.socket.on('disconnect', () => (times += 1));
      return () => times;
    });
    await waitFor('everything to be connected', () =>
      [...arms, table, ...watchers.map(({ socket }) => socket)].every(({ connected }) => connected),
    );
    const told = table.telemetry;
    const askers = (await questions()).map((question) => new Asker(stack.gateway, question, 150).start());
    const people = users.map(
      (user) => new Person(stack.gateway, user, ROBOTS, () => 60 + Math.random() * 200),
    );
    const running = people.map((person) => person.run());
    const joins = () => people.reduce((sum, { journal }) => sum + journal.joins, 0);
    await waitFor(
      'the load to be there',
      () => joins() > PEOPLE && askers.every(({ answered }) => answered > 5),
      {
        timeoutMs: 30_000,
      },
    );

    for (const replica of [0, 1]) for (const { name } of SERVICES) await restart(name, replica);

    const [before, answered] = [joins(), askers.map((asker) => asker.answered)];
    await waitFor(
      'the load to go on',
      () =>
        joins() > before + PEOPLE && askers.every((asker, index) => asker.answered > answered[index]! + 5),
      { timeoutMs: 30_000 },
    );
    for (const person of people) person.stop();
    await Promise.all([...running, ...askers.map((asker) => asker.stop())]);
    await Promise.all(people.map((person) => person.leaveAll()));

    expect(askers.flatMap(({ faults }) => faults)).toEqual([]);
    expect(people.flatMap(({ journal }) => [...journal.faults, ...journal.failures])).toEqual([]);
    await waitFor(
      'the outbox to be empty',
      async () => (await data.rows('SELECT 1 FROM teleop.outbox')).length === 0,
      { timeoutMs: 20_000 },
    );
    expect(await data.violations()).toEqual([]);
    for (const { user, journal } of people) {
      const [row] = await data.rows<{ joins: number; leaves: number; points: number; uses: number }>(
        `SELECT (SELECT count(*)::int FROM teleop.robot_queue WHERE user_id = $1) AS joins,
           (SELECT count(*)::int FROM teleop.tele_op_control_history WHERE user_id = $1 AND control_token = ANY($2)) AS uses`,
        [user.userId, [...journal.uses]],
      );
      expect(row).toMatchObject({ joins: journal.joins, uses: journal.uses.size });
    }
    for (const [index, watcher] of watchers.entries()) {
      // Both gateways went: whichever a socket was at told it so.
      expect(reconnects[index]!()).toBeGreaterThan(0);
      await waitFor('the watcher to end on the true state', async () => {
        const answer = await fetch(`${stack.gateway}/queue/${ROBOTS[index]}`);
        const truth = (await answer.json()) as { version: number; queue: unknown[] };
        return watcher.last?.version === truth.version && watcher.last.queue.length === truth.queue.length;
      });
      expect(watcher.regressions).toBe(0);
    }
    await waitFor('the robots to be connected again', () =>
      [...arms, table].every(({ connected }) => connected),
    );
    const { sent, accepted } = table.telemetry;
    // The last may still be on its way.
    expect(accepted - told.accepted).toBeGreaterThanOrEqual(sent - told.sent - 1);
  }, 240_000);
});
