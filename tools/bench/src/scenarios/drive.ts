import { hashCodeOf, INSERT_ROBOTS, INSERT_USERS, robotIdOf, userIdOf } from '../data/people';
import { fillQueue } from '../data/queues';
import type { DriveResult, DriveRound, Pairs } from '../load/drive-load';
import { inTurn, ratios, spread } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { World } from '../world/world';
import type { Scenario } from './scenario';

const PAIRS = 100;
const HZ = 50;

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
async function ours(world: World): Promise<{ pid: number; pairs: Pairs }> {
  const url = await world.migrated('drive', ['queue-service', 'robot-gateway']);
  const pool = world.pool(url);
  await pool.query(INSERT_USERS, [PAIRS]);
  await pool.query(INSERT_ROBOTS, [PAIRS]);
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
    pid: gateway.pid,
    pairs: {
      group: 'ours',
      robots: tokens.map((_, number) => `${origin}/ws/robot/control?robotId=${robotIdOf(number)}`),
      drivers: tokens.map(
        (token, number) => `${origin}/ws/drive/session?robotId=${robotIdOf(number)}&token=${token}`,
      ),
      robotHeaders: { 'x-api-key': world.secrets.ROBOT_API_KEY },
    },
  };
}

async function bare(world: World): Promise<{ pid: number; pairs: Pairs }> {
  const floor = world.worker(require.resolve('../floors/relay-floor'));
  const origin = (await floor.call<string>('listen')).replace('http', 'ws');
  const urls = (path: string) =>
    Array.from({ length: PAIRS }, (_, number) => `${origin}${path}?robotId=${robotIdOf(number)}`);
  return {
    pid: floor.pid,
    pairs: {
      group: 'floor',
      robots: urls('/ws/robot/control'),
      drivers: urls('/ws/drive/session'),
      robotHeaders: {},
    },
  };
}

type Round = DriveResult & { readonly cpuUsPerFrame: number };

export const drive: Scenario = {
  name: 'drive',
  needs: ['queue-service', 'robot-gateway'],
  async run(world, effort) {
    const { quick, progress } = effort;
    const sides = { ours: await ours(world), floor: await bare(world) };
    const load = world.worker(require.resolve('../load/drive-load'));
    for (const { pairs } of [sides.ours, sides.floor]) await load.call('connect', pairs);
    progress(`${PAIRS} pairs connected to each`);
    const round =
      ({ pid, pairs }: { pid: number; pairs: Pairs }) =>
      async (): Promise<Round> => {
        const asked: DriveRound = {
          group: pairs.group,
          hz: HZ,
          warmUpMs: 500,
          measureMs: 2_000,
        };
        const before = cpuMsOf(pid);
        const result = await load.call<DriveResult>('run', asked);
        const share = asked.measureMs / (asked.measureMs + asked.warmUpMs);
        progress(
          `${pairs.group}: p50 ${result.latency.p50.toFixed(3)} ms, p99 ${result.latency.p99.toFixed(3)} ms`,
        );
        return { ...result, cpuUsPerFrame: ((cpuMsOf(pid) - before) * share * 1_000) / result.sent };
      };
    const both = inTurn(round(sides.ours), round(sides.floor));
    await both(0); // warm-up
    const { rounds, note } = await effort.rounds(quick ? 2 : 12, both);
    const readings = (['ours', 'floor'] as const).map((side) => {
      const of = (value: (result: Round) => number) => median(rounds.map((pair) => value(pair[side])));
      const { nowMb, peakMb } = memoryOf(sides[side].pid);
      return {
        of: side === 'ours' ? 'robot-gateway' : 'floor: ws relay',
        figures: {
          'p50 ms': of(({ latency }) => latency.p50),
          'p90 ms': of(({ latency }) => latency.p90),
          'p99 ms': of(({ latency }) => latency.p99),
          'max ms': of(({ latency }) => latency.max),
          'CPU µs per frame': of(({ cpuUsPerFrame }) => cpuUsPerFrame),
          'RSS MB': nowMb,
          'peak MB': peakMb,
        },
      };
    });
    const missing = rounds.map(({ ours: { sent, received } }) => sent - received);
    return [
      {
        scenario: 'drive',
        method: `${PAIRS} drivers at ${HZ} Hz, spread evenly; from the driver's send to the robot's receive, one process holding both ends`,
        findings: [
          {
            what: 'p50',
            unit: 'x',
            value: ratios(rounds, ({ latency }) => latency.p50),
            goal: { most: 1.3 },
          },
          { what: 'p99', unit: 'x', value: ratios(rounds, ({ latency }) => latency.p99), goal: { most: 2 } },
          { what: 'frames that did not arrive', unit: '', value: spread(missing), goal: { most: 0 } },
        ],
        readings,
        notes: [note],
      },
    ];
  },
};
