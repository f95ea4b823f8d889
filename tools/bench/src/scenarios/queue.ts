import { EMPTY_QUEUES, INSERT_ROBOTS, INSERT_USERS } from '../data/people';
import type { QueueLoad, QueueLoadResult } from '../load/queue-load';
import { inTurn, ratios, spread, type Pair } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import { cpuMsBelow } from '../measure/noise';
import { median } from '../measure/percentiles';
import type { Kept } from '../measure/rounds';
import type { Finding, Reading, ScenarioResult } from '../report/result';
import type { World } from '../world/world';
import type { Effort, Scenario } from './scenario';

const CONNECTIONS = 50;
const ROBOTS = 100;
const USERS_EACH = 200;
const POOL = 16;

interface Side {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
  reset(): Promise<void>;
}

/** CPU milliseconds per thousand changes, by who used them: what remains true on a busy machine. */
interface Cpu {
  readonly self: number;
  readonly postgres: number;
  readonly nats: number;
}

interface Round extends QueueLoadResult {
  readonly cpu: Cpu;
}

function cpuNow(world: World, side: Side): Cpu {
  const { postgres, nats } = world.infra.servers;
  const below = (pid: number | null) => (pid === null ? NaN : cpuMsBelow([pid]));
  return { self: cpuMsOf(side.pid), postgres: below(postgres.pid), nats: below(nats.pid) };
}

async function sides(world: World): Promise<Pair<Side>> {
  const template = await world.migrated('template_queue', ['queue-service']);
  const filler = world.pool(template);
  await filler.query(INSERT_USERS, [CONNECTIONS * USERS_EACH]);
  await filler.query(INSERT_ROBOTS, [ROBOTS]);
  await filler.query('ANALYZE');
  await filler.end();
  const [oursUrl, floorUrl] = [
    await world.copied('ours', 'template_queue'),
    await world.copied('floor', 'template_queue'),
  ];
  const service = await world.service('queue-service', oursUrl, { DATABASE_POOL: String(POOL) });
  const floor = world.worker(require.resolve('../floors/queue-floor'), {
    DATABASE_URL: floorUrl,
    POOL: String(POOL),
  });
  const resetOf = (url: string) => {
    const pool = world.pool(url, 1);
    return async () => {
      for (const statement of EMPTY_QUEUES) await pool.query(statement);
      await world.settle();
    };
  };
  return {
    ours: { name: 'queue-service', origin: service.url, pid: service.pid, reset: resetOf(oursUrl) },
    floor: {
      name: 'floor: node:http + pg',
      origin: await floor.call<string>('listen'),
      pid: floor.pid,
      reset: resetOf(floorUrl),
    },
  };
}

async function measure(world: World, effort: Effort, pair: Pair<Side>, robots: number) {
  const { quick, progress } = effort;
  const load = world.worker(require.resolve('../load/queue-load'));
  const round =
    (side: Side) =>
    async (number: number): Promise<Round> => {
      await side.reset();
      const before = cpuNow(world, side);
      const warmUpMs = number === 0 ? 3_000 : 700;
      const asked: QueueLoad = {
        origin: side.origin,
        connections: CONNECTIONS,
        usersEach: USERS_EACH,
        robots,
        warmUpMs,
        measureMs: quick ? 2_000 : 4_000,
      };
      const result = await load.call<QueueLoadResult>('run', asked);
      const after = cpuNow(world, side);
      const share = asked.measureMs / (asked.measureMs + warmUpMs);
      const perThousand = (share / result.latency.count) * 1_000;
      const cpu: Cpu = {
        self: (after.self - before.self) * perThousand,
        postgres: (after.postgres - before.postgres) * perThousand,
        nats: (after.nats - before.nats) * perThousand,
      };
      progress(`${side.name}, ${robots} robots: ${Math.round(result.perSecond)}/s`);
      return { ...result, cpu };
    };
  return effort.rounds(quick ? 2 : 8, inTurn(round(pair.ours), round(pair.floor)));
}

function readings(pair: Pair<Side>, rounds: readonly Pair<Round>[]): Reading[] {
  return (['ours', 'floor'] as const).map((side) => {
    const of = (value: (round: Round) => number) => median(rounds.map((round) => value(round[side])));
    return {
      of: pair[side].name,
      figures: {
        'tx/s': of((round) => round.perSecond),
        'p50 ms': of((round) => round.latency.p50),
        'p99 ms': of((round) => round.latency.p99),
        'max ms': of((round) => round.latency.max),
        'CPU ms/1000': of((round) => round.cpu.self),
        'PostgreSQL ms/1000': of((round) => round.cpu.postgres),
        'NATS ms/1000': of((round) => round.cpu.nats),
        'RSS MB': memoryOf(pair[side].pid).nowMb,
        'peak MB': memoryOf(pair[side].pid).peakMb,
      },
    };
  });
}

function otherAnswers(rounds: readonly Pair<Round>[]): string[] {
  return rounds.flatMap(({ ours, floor }) =>
    [...Object.entries(ours.otherAnswers), ...Object.entries(floor.otherAnswers)].map(
      ([answer, times]) => `${times} × ${answer}`,
    ),
  );
}

function result(
  scenario: string,
  method: string,
  pair: Pair<Side>,
  { rounds, note }: Kept<Pair<Round>>,
  goals: { perSecond?: number; p99?: number },
): ScenarioResult {
  const findings: Finding[] = [
    {
      what: 'transactions/s, ours over the floor’s',
      unit: 'x',
      value: ratios(rounds, (round) => round.perSecond),
      goal: goals.perSecond === undefined ? undefined : { least: goals.perSecond },
    },
    { what: 'p50', unit: 'x', value: ratios(rounds, (round) => round.latency.p50) },
    {
      what: 'p99',
      unit: 'x',
      value: ratios(rounds, (round) => round.latency.p99),
      goal: goals.p99 === undefined ? undefined : { most: goals.p99 },
    },
    {
      what: 'answers that were not 200',
      unit: '',
      value: spread([otherAnswers(rounds).length]),
      goal: { most: 0 },
    },
  ];
  return {
    scenario,
    method,
    findings,
    readings: readings(pair, rounds),
    notes: [note, ...otherAnswers(rounds)],
  };
}

/** POST /queue/join and /queue/leave on 100 robots. */
export const queue: Scenario = {
  name: 'queue',
  needs: ['queue-service'],
  async run(world, effort) {
    const pair = await sides(world);
    const kept = await measure(world, effort, pair, ROBOTS);
    const method =
      `join and leave in turn, ${CONNECTIONS} connections, ${CONNECTIONS * USERS_EACH} users, ${ROBOTS} robots at random, ` +
      `pools of ${POOL}; each side its own copy of one database`;
    return [result('queue', method, pair, kept, { perSecond: 0.6 })];
  },
};

/** The same, all on one robot: the rows of its queue are what everybody waits for. */
export const queueContended: Scenario = {
  name: 'queue-contended',
  needs: ['queue-service'],
  async run(world, effort) {
    const pair = await sides(world);
    const kept = await measure(world, effort, pair, 1);
    const method = `join and leave in turn, ${CONNECTIONS} connections, one robot, pools of ${POOL}`;
    return [result('queue-contended', method, pair, kept, { p99: 2 })];
  },
};
