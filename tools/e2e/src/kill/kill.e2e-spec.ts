import { waitFor } from '@teleop/testing';
import { get } from '../support/api';
import { Person } from '../support/person';
import { startSystem, type System } from '../support/system';

const ROBOTS = ['arm1', 'k1', 'k2', 'k3'];
const PEOPLE = 50;
const STORM = { timeoutMs: 60_000 };

/** Each is killed with SIGKILL in the middle of the storm. */
const VICTIMS = ['queue-service', 'api-gateway', 'robot-gateway', 'nats', 'postgres', 'redis'] as const;

/** One system for all: whatever the kill before left behind would show in the next. */
describe('kill -9 while 50 people join, drive and leave', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      arms: ROBOTS,
      env: { RATE_LIMIT_PER_SECOND: '100000', RATE_LIMIT_BURST: '100000' },
    });
  }, 90_000);
  afterAll(() => system.close(), 60_000);

  function kill(victim: (typeof VICTIMS)[number]): void {
    const { stack } = system;
    if (victim === 'nats' || victim === 'postgres' || victim === 'redis') stack.infra.servers[victim].kill9();
    else stack.processes.find((process) => process.name === victim)!.kill9();
  }

  it.each(VICTIMS)(
    'of %s loses no acknowledged change, pays nothing twice, and leaves every watcher on the true state',
    async (victim) => {
      const { stack, data } = system;
      const users = await data.users(PEOPLE, { userClass: 'Innovator Member', monad: '0xkill' });
      const spectators = await data.users(ROBOTS.length);
      const watchers = ROBOTS.map((robotId, index) => system.watch(spectators[index]!, robotId));
      await waitFor('the watchers to see their queues', () =>
        watchers.every((watcher) => watcher.last !== undefined),
      );

      const people = users.map(
        (user) => new Person(stack.gateway, user, ROBOTS, () => 20 + Math.random() * 120),
      );
      const running = people.map((person) => person.run());
      const total = (pick: (person: Person) => number) =>
        people.reduce((sum, person) => sum + pick(person), 0);
      const joins = () => total((person) => person.journal.joins);
      await waitFor(
        'the storm to be under way',
        () => joins() > PEOPLE && total((person) => person.journal.uses.size) > 5,
        STORM,
      );
      kill(victim);
      const before = joins();
      await waitFor('the storm to go on after the kill', () => joins() > before + PEOPLE, STORM);
      for (const person of people) person.stop();
      await Promise.all(running);

      // Nobody lends a hand: the supervisor brings the victim back, the others reconnect by themselves.
      await waitFor(
        'every service to be ready again',
        async () => {
          const urls = Object.values(stack.services).flat();
          const answers = await Promise.all(urls.map((url) => fetch(`${url}/readyz`)));
          return answers.every((answer) => answer.status === 200);
        },
        { timeoutMs: 30_000, everyMs: 200 },
      );
      await Promise.all(people.map((person) => person.leaveAll()));
      expect(people.flatMap((person) => person.journal.faults)).toEqual([]);
      await waitFor(
        'the outbox to be empty',
        async () => (await data.rows('SELECT 1 FROM teleop.outbox')).length === 0,
        {
          timeoutMs: 20_000,
        },
      );

      expect(await data.violations()).toEqual([]);
      for (const { user, journal } of people) {
        const [row] = await data.rows<{ joins: number; leaves: number; points: number; uses: number }>(
          `SELECT (SELECT count(*)::int FROM teleop.robot_queue WHERE user_id = $1) AS joins,
           (SELECT count(*)::int FROM teleop.robot_queue WHERE user_id = $1 AND status = 'left') AS leaves,
           (SELECT coalesce(sum(points_change), 0)::int FROM teleop.point_transactions WHERE user_id = $1) AS points,
           (SELECT count(*)::int FROM teleop.tele_op_control_history WHERE user_id = $1 AND control_token = ANY($2)) AS uses`,
          [user.userId, [...journal.uses]],
        );
        // Everything that was acknowledged is there; what is beyond it came of operations without an answer.
        expect(row!.joins).toBeGreaterThanOrEqual(journal.joins);
        expect(row!.joins).toBeLessThanOrEqual(journal.joins + journal.unknown);
        expect(row!.leaves).toBeGreaterThanOrEqual(journal.leaves);
        expect(row!.uses).toBe(journal.uses.size);
        expect(row!.points).toBeGreaterThanOrEqual(journal.points);
      }
      for (const [index, robotId] of ROBOTS.entries()) {
        const watcher = watchers[index]!;
        await waitFor(`the watcher of ${robotId} to end on the true state`, async () => {
          const truth = (await get(stack.gateway, `/queue/${robotId}`)).body;
          return watcher.last?.version === truth.version && watcher.last?.queue.length === truth.queue.length;
        });
        expect(watcher.regressions).toBe(0);
      }
      await waitFor('the arms to be connected again', () => system.arms.every((arm) => arm.connected), {
        timeoutMs: 20_000,
      });
    },
    240_000,
  );
});
