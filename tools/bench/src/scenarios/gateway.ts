import { INSERT_ROBOTS, INSERT_USERS } from '../data/people';
import { fillQueue } from '../data/queues';
import type { RateLoad, RateLoadResult } from '../load/rate-load';
import { spread, type Spread } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { median, type Percentiles } from '../measure/percentiles';
import type { Finding, ScenarioResult } from '../report/result';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

const CONNECTIONS = 50;
const PER_SECOND = 1_000;
const PATHS = ['/get_live_paused_status', '/queue/bench0'] as const;

interface Way {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
}

type Result = RateLoadResult & { readonly cpuUsPerRequest: number };
type Round = readonly Result[];

async function ways(world: World): Promise<Way[]> {
  const url = await world.migrated('gateway', ['queue-service']);
  const pool = world.pool(url);
  await pool.query(INSERT_USERS, [100]);
  await pool.query(INSERT_ROBOTS, [3]);
  await fillQueue(pool, 0, 0, 10);
  const queue = await world.service('queue-service', url);
  const gateway = await world.service('api-gateway', url, {
    QUEUE_SERVICE_URL: queue.url,
    // All requests come from one address here: the limits are asked each time, but must not refuse.
    RATE_LIMIT_PER_SECOND: '1000000',
    RATE_LIMIT_BURST: '100000',
  });
  const floor = world.worker(require.resolve('../floors/pass-through-floor'), { UPSTREAM: queue.url });
  return [
    { name: 'direct to queue-service', origin: queue.url, pid: queue.pid },
    { name: 'through api-gateway', origin: gateway.url, pid: gateway.pid },
    { name: 'through a bare pass-through', origin: await floor.call<string>('listen'), pid: floor.pid },
  ];
}

/** What a way adds to the direct one, round by round. */
function added(rounds: readonly Round[], way: number, of: (latency: Percentiles) => number): Spread {
  return spread(
    rounds.map((round) => {
      const [direct, through] = [round[0], round[way]];
      return direct === undefined || through === undefined ? NaN : of(through.latency) - of(direct.latency);
    }),
  );
}

async function measured(
  world: World,
  all: readonly Way[],
  path: string,
  perSecond: number | undefined,
  effort: Effort,
): Promise<ScenarioResult> {
  const { quick, progress } = effort;
  const load = world.worker(require.resolve('../load/rate-load'));
  const round = async (number: number): Promise<Round> => {
    const results: Result[] = [];
    const order = number % 2 === 0 ? all : [...all].reverse();
    for (const way of order) {
      const asked: RateLoad = {
        origin: way.origin,
        path,
        variants: 1,
        connections: CONNECTIONS,
        perSecond,
        warmUpMs: 500,
        measureMs: 2_000,
      };
      const before = cpuMsOf(way.pid);
      const result = await load.call<RateLoadResult>('run', asked);
      if (result.failures > 0)
        throw new Error(`${way.name}: ${result.failures} failed: ${result.firstFailure}`);
      const index = all.indexOf(way);
      const share = asked.measureMs / (asked.measureMs + asked.warmUpMs);
      const cpuUsPerRequest = ((cpuMsOf(way.pid) - before) * share * 1_000) / result.latency.count;
      results[index] = { ...result, cpuUsPerRequest };
      progress(
        `${way.name}, ${path}: p50 ${result.latency.p50.toFixed(2)} ms, ${Math.round(result.perSecond)}/s`,
      );
    }
    return results;
  };
  await round(0); // warm-up
  const { rounds, note } = await effort.rounds(quick ? 2 : perSecond === undefined ? 3 : 8, round);
  await load.stop();
  const open = perSecond !== undefined;
  const finding = (
    what: string,
    way: number,
    of: (latency: Percentiles) => number,
    most?: number,
  ): Finding => ({
    what,
    unit: 'ms',
    value: added(rounds, way, of),
    goal: most === undefined ? undefined : { most },
  });
  return {
    scenario: `gateway, GET ${path}, ${open ? `${perSecond}/s` : 'as fast as it goes'}`,
    method: open
      ? `${perSecond} requests/s whatever the answers do, over ${CONNECTIONS} connections, timed from when each was due`
      : `${CONNECTIONS} connections, each asks again as soon as it is answered; for information`,
    findings: [
      finding('added to p50', 1, ({ p50 }) => p50, open ? 1 : undefined),
      finding('added to p99', 1, ({ p99 }) => p99),
      finding('added to p50 by a bare pass-through', 2, ({ p50 }) => p50),
    ],
    readings: all.map(({ name, pid }, way) => {
      const of = (value: (result: Result) => number) =>
        median(rounds.flatMap((round) => (round[way] === undefined ? [] : [value(round[way])])));
      return {
        of: name,
        figures: {
          'requests/s': of((result) => result.perSecond),
          'p50 ms': of(({ latency }) => latency.p50),
          'p99 ms': of(({ latency }) => latency.p99),
          'max ms': of(({ latency }) => latency.max),
          'CPU µs per request': of((result) => result.cpuUsPerRequest),
          'generator late ms': of((result) => result.generatorLateMs),
          'RSS MB': memoryOf(pid).nowMb,
        },
      };
    }),
    notes: [note],
  };
}

export const gateway: Scenario = {
  name: 'gateway',
  needs: ['queue-service', 'api-gateway'],
  async run(world, effort) {
    const all = await ways(world);
    const results: ScenarioResult[] = [];
    for (const path of PATHS) results.push(await measured(world, all, path, PER_SECOND, effort));
    results.push(await measured(world, all, PATHS[0], undefined, effort));
    return results;
  },
};
