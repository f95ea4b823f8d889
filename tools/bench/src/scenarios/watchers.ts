import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventSubject, queueChanged } from '@teleop/contracts';
import type pg from 'pg';
import { hashCodeOf, INSERT_ROBOTS, INSERT_USERS, robotIdOf, userIdOf } from '../data/people';
import { fillQueue, nextVersion } from '../data/queues';
import { monotonicMs } from '../load/monotonic';
import type { Seen, Watchers } from '../load/watchers-load';
import { ratios, type Pair } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { ScenarioResult } from '../report/result';
import type { Worker } from '../workers/worker';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

const QUEUE_LENGTH = 10;
const WATCHER = 100;
/** Longer than the gateway's pause between two updates of a robot, so that no update waits for the one before. */
const GAP_MS = 150;
const UPDATES_A_ROUND = 8;

interface Side {
  readonly name: string;
  readonly pid: number;
  readonly watchers: Omit<Watchers, 'count'>;
  readonly robotId: string;
}

interface Round {
  readonly first: number;
  readonly last: number;
  readonly cpuMs: number;
}

interface Bench {
  readonly pool: pg.Pool;
  readonly nats: NatsConnection;
  readonly load: Worker;
  readonly sides: Pair<Side>;
}

async function prepare(world: World): Promise<Bench> {
  const url = await world.migrated('watchers', ['queue-service']);
  const pool = world.pool(url);
  await pool.query(INSERT_USERS, [200]);
  await pool.query(INSERT_ROBOTS, [2]);
  await fillQueue(pool, 0, 0, QUEUE_LENGTH);
  await fillQueue(pool, 1, QUEUE_LENGTH, QUEUE_LENGTH);
  const queue = await world.service('queue-service', url);
  const gateway = await world.service('api-gateway', url, {
    QUEUE_SERVICE_URL: queue.url,
    RATE_LIMIT_SOCKET_PER_SECOND: '100000',
  });
  const floor = world.worker(require.resolve('../floors/fan-out-floor'), {
    NATS_URL: world.infra.natsUrl,
    ROBOT_ID: robotIdOf(1),
  });
  const floorUrl = await floor.call<string>('listen');
  const auth = { robotId: robotIdOf(0), userId: userIdOf(WATCHER), token: hashCodeOf(WATCHER) };
  return {
    pool,
    nats: await connect({ servers: world.infra.natsUrl }),
    load: world.worker(require.resolve('../load/watchers-load')),
    sides: {
      ours: {
        name: 'api-gateway (Socket.IO)',
        pid: gateway.pid,
        watchers: { group: 'ours', url: `${gateway.url}/socket.io/?EIO=4&transport=websocket`, auth },
        robotId: robotIdOf(0),
      },
      floor: {
        name: 'floor: ws',
        pid: floor.pid,
        watchers: { group: 'floor', url: floorUrl },
        robotId: robotIdOf(1),
      },
    },
  };
}

/** Milliseconds from the announcement on NATS to the first and the last watcher. */
async function oneUpdate({ pool, nats, load }: Bench, side: Side): Promise<{ first: number; last: number }> {
  const version = await nextVersion(pool, side.robotId);
  const seen = load.call<Seen>('expect', { group: side.watchers.group, version });
  await sleep(GAP_MS);
  const change = { robotId: side.robotId, version };
  const announced = monotonicMs();
  nats.publish(eventSubject(queueChanged, change), JSON.stringify(change));
  const { first, last } = await seen;
  return { first: first - announced, last: last - announced };
}

/** Update by update in turn, so that neighbours in time are compared. */
async function round(bench: Bench): Promise<Pair<Round>> {
  const { ours, floor } = bench.sides;
  const updates: Record<'ours' | 'floor', { first: number; last: number; cpuMs: number }[]> = {
    ours: [],
    floor: [],
  };
  for (let update = 0; update < UPDATES_A_ROUND; update += 1) {
    for (const key of update % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)) {
      const side = key === 'ours' ? ours : floor;
      const before = cpuMsOf(side.pid);
      const times = await oneUpdate(bench, side);
      updates[key].push({ ...times, cpuMs: cpuMsOf(side.pid) - before });
    }
  }
  const summed = (of: typeof updates.ours): Round => ({
    first: median(of.map(({ first }) => first)),
    last: median(of.map(({ last }) => last)),
    cpuMs: of.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / of.length,
  });
  return { ours: summed(updates.ours), floor: summed(updates.floor) };
}

async function measured(bench: Bench, count: number, effort: Effort): Promise<ScenarioResult> {
  const { sides, load } = bench;
  const { quick, progress } = effort;
  const before = { ours: memoryOf(sides.ours.pid).nowMb, floor: memoryOf(sides.floor.pid).nowMb };
  for (const { watchers } of [sides.ours, sides.floor]) await load.call('connect', { ...watchers, count });
  progress(`${count} watchers connected to each`);
  await round(bench); // warm-up
  const { rounds, note } = await effort.rounds(quick ? 2 : 6, () => round(bench));
  const readings = (['ours', 'floor'] as const).map((key) => {
    const { nowMb } = memoryOf(sides[key].pid);
    const of = (value: (result: Round) => number) => median(rounds.map((pair) => value(pair[key])));
    return {
      of: sides[key].name,
      figures: {
        'first client ms': of(({ first }) => first),
        'last client ms': of(({ last }) => last),
        'first to last ms': of(({ first, last }) => last - first),
        'CPU ms per update': of(({ cpuMs }) => cpuMs),
        'RSS MB': nowMb,
        'KB per watcher': ((nowMb - before[key]) * 1_000) / count,
      },
    };
  });
  for (const { watchers } of [sides.ours, sides.floor]) await load.call('close', { group: watchers.group });
  await sleep(1_000);
  return {
    scenario: `watchers, ${count.toLocaleString('en')}`,
    method:
      `queue_update (${QUEUE_LENGTH} in the queue) to ${count} watchers of one robot. From the announcement on NATS, which both hear, ` +
      'over the snapshot, which both ask queue-service for, to the arrival at the last client',
    findings: [
      { what: 'last client', unit: 'x', value: ratios(rounds, ({ last }) => last), goal: { most: 1.4 } },
      { what: 'first client', unit: 'x', value: ratios(rounds, ({ first }) => first) },
      { what: 'first to last client', unit: 'x', value: ratios(rounds, ({ first, last }) => last - first) },
    ],
    readings,
    notes: [note],
  };
}

export const watchers: Scenario = {
  name: 'watchers',
  needs: ['queue-service', 'api-gateway'],
  async run(world, effort) {
    const bench = await prepare(world);
    try {
      const results: ScenarioResult[] = [];
      for (const count of [1_000, 5_000]) results.push(await measured(bench, count, effort));
      return results;
    } finally {
      await bench.nats.close();
    }
  },
};
