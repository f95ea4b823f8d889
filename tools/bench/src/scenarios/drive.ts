import { hashCodeOf, INSERT_ROBOTS, INSERT_USERS, robotIdOf, userIdOf } from '../data/people';
import { fillQueue } from '../data/queues';
import { INSERT_TABLE_ROBOTS, robotSocketOf } from '../data/table-robots';
import { pinApart } from '../world/pin';
import type { World } from '../world/world';
import { bareRelay, compared, driveFindings, driveReadings, HZ, type DriveSide } from './drive-rounds';
import type { Scenario } from './scenario';

const PAIRS = 100;

async function controlToken(origin: string, number: number): Promise<string> {
  const response = await fetch(`${origin}/queue/control-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${hashCodeOf(number)}` },
    body: JSON.stringify({ userId: userIdOf(number), robotId: robotIdOf(number) }),
  });
  const answer = (await response.json()) as { control_token?: string };
  if (answer.control_token === undefined) throw new Error(`no control token: ${JSON.stringify(answer)}`);
  return answer.control_token;
}

/** A turn under way on each robot, its driver's token, and the gateway in between. */
async function ours(world: World): Promise<DriveSide> {
  const url = await world.migrated('drive', ['queue-service', 'robot-gateway']);
  const pool = world.pool(url);
  await pool.query(INSERT_USERS, [PAIRS]);
  await pool.query(INSERT_ROBOTS, [PAIRS]);
  await pool.query(INSERT_TABLE_ROBOTS, [PAIRS]);
  for (let number = 0; number < PAIRS; number += 1) await fillQueue(pool, number, number, 1);
  const queue = await world.service('queue-service', url, { SESSION_SECONDS: '3600' });
  const gateway = await world.service('robot-gateway', url, {
    // The drivers of the side that is not measured just now are silent for a while.
    DRIVER_INACTIVE_MS: '3600000',
  });
  const origin = gateway.url.replace('http', 'ws');
  const tokens: string[] = [];
  for (let number = 0; number < PAIRS; number += 1) tokens.push(await controlToken(queue.url, number));
  return {
    name: 'robot-gateway',
    pids: [gateway.pid],
    pairs: {
      group: 'ours',
      robots: tokens.map((_, number) => robotSocketOf(gateway.url, number)),
      drivers: tokens.map(
        (token, number) => `${origin}/ws/drive/session?robotId=${robotIdOf(number)}&token=${token}`,
      ),
      frames: 'session',
      pace: 'even',
    },
  };
}

export const drive: Scenario = {
  name: 'drive',
  needs: ['queue-service', 'robot-gateway'],
  async run(world, effort) {
    const gateway = await ours(world);
    const sides = [gateway, await bareRelay(world, PAIRS, gateway.pairs)] as const;
    const load = world.worker(require.resolve('../load/drive-load'));
    const pinned = await pinApart(
      world,
      sides.flatMap(({ pids }) => pids),
      [load.pid],
    );
    for (const { pairs } of sides) await load.call('connect', pairs);
    effort.progress(`${PAIRS} pairs connected to each`);
    const { rounds, note } = await compared(load, ...sides, effort);
    return [
      {
        scenario: 'drive',
        method: `${PAIRS} drivers at ${HZ} Hz, spread evenly; from the driver's send to the robot's receive, one process holding both ends; ${pinned}`,
        findings: driveFindings(rounds, { p50: 1.3, p99: 2 }),
        readings: driveReadings(...sides, rounds),
        notes: [note],
      },
    ];
  },
};
