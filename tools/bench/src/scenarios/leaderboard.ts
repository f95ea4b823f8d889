import type { BoardReading } from '../load/board-reader';
import type { RateLoad, RateLoadResult } from '../load/rate-load';
import { spread } from '../measure/compare';
import { memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { Finding, ScenarioResult } from '../report/result';
import type { Service } from '../world/service';
import type { World } from '../world/world';
import { bareSides, fillBoards, serviceSide, STATES, type BoardSide, type State } from './board-sides';
import type { Effort, Scenario } from './scenario';

const SIZES = {
  full: { users: 100_000, sessions: 1_000_000 },
  quick: { users: 20_000, sessions: 200_000 },
};

/** Milliseconds by side. */
type Round = ReadonlyMap<BoardSide, number>;
type Times = Record<State, readonly Round[]>;

async function timed(
  sides: readonly BoardSide[],
  effort: Effort,
): Promise<{ times: Times; notes: string[] }> {
  const times: Partial<Times> = {};
  const notes: string[] = [];
  for (const state of STATES) {
    const { rounds, note } = await effort.rounds(effort.quick ? 2 : 5, async (number): Promise<Round> => {
      const round = new Map<BoardSide, number>();
      for (const side of number % 2 === 0 ? sides : [...sides].reverse()) {
        await side.prepare(state);
        round.set(side, await side.time());
        effort.progress(`${side.name}, ${state}: ${Math.round(round.get(side) ?? 0)} ms`);
      }
      return round;
    });
    times[state] = rounds;
    notes.push(`${state}: ${note}`);
  }
  return { times: times as Times, notes };
}

const timesOf = (rounds: readonly Round[], side: BoardSide) => rounds.map((round) => round.get(side) ?? NaN);

/** The floor is the plain way with the lowest median. */
function rebuildFinding(
  state: State,
  rounds: readonly Round[],
  ours: BoardSide,
  floors: readonly BoardSide[],
): Finding {
  const medianOf = (side: BoardSide) => median(timesOf(rounds, side));
  const best = floors.reduce((a, b) => (medianOf(a) <= medianOf(b) ? a : b));
  return {
    what: `rebuild, ${state}; floor: ${best.name}`,
    unit: 'x',
    value: spread(rounds.map((round) => (round.get(ours) ?? NaN) / (round.get(best) ?? NaN))),
    goal: { most: 1.5 },
  };
}

/** What a reader who asks again and again sees while the board is rebuilt; not timed, as it takes its share of the machine. */
async function watched(world: World, service: Service, ours: BoardSide): Promise<BoardReading> {
  const reader = world.worker(require.resolve('../load/board-reader'));
  await ours.prepare(STATES[2]);
  await reader.call('start', { origin: service.url });
  for (let rebuild = 0; rebuild < 3; rebuild += 1) await ours.time();
  return reader.call<BoardReading>('stop');
}

async function readings(world: World, service: Service, effort: Effort) {
  const load: RateLoad = {
    origin: service.url,
    path: '/tele_op/leaderboard?user_id=00000000-0000-4000-8000-00000000{n}',
    variants: 10_000,
    connections: 10,
    perSecond: 200,
    warmUpMs: 1_000,
    measureMs: effort.quick ? 2_000 : 5_000,
  };
  const worker = world.worker(require.resolve('../load/rate-load'));
  return effort.rounds(effort.quick ? 1 : 3, async () => {
    const result = await worker.call<RateLoadResult>('run', load);
    if (result.failures > 0) throw new Error(`${result.failures} reads failed: ${result.firstFailure}`);
    return result.latency;
  });
}

async function run(world: World, effort: Effort): Promise<ScenarioResult[]> {
  const { users, sessions } = effort.quick ? SIZES.quick : SIZES.full;
  await fillBoards(world, users, sessions);
  effort.progress('data is there');
  const oursUrl = await world.copied('ours', 'template_board');
  const service = await world.service('queue-service', oursUrl);
  const ours = serviceSide(world, service, oursUrl);
  const floors = await bareSides(world);
  const sides = [ours, ...floors];
  const { times, notes } = await timed(sides, effort);
  const boards = await Promise.all(sides.map((side) => side.digest()));
  const seen = await watched(world, service, ours);
  const { rounds: reads, note } = await readings(world, service, effort);
  const count = (what: string, number: number): Finding => ({
    what,
    unit: '',
    value: spread([number]),
    goal: { most: 0 },
  });
  return [
    {
      scenario: 'leaderboard',
      method: `${sessions.toLocaleString('en')} sessions, ${users.toLocaleString('en')} users; ours by POST /tele_op/leaderboard/update`,
      findings: [
        ...STATES.map((state) => rebuildFinding(state, times[state], ours, floors)),
        {
          what: 'read of top 50 + own rank, p50 (200/s over 10 connections)',
          unit: 'ms',
          value: spread(reads.map(({ p50 }) => p50)),
          goal: { most: 2 },
        },
        { what: 'the same, p99', unit: 'ms', value: spread(reads.map(({ p99 }) => p99)) },
        count(`of ${seen.reads} reads during rebuilds: not a whole board`, seen.broken.length),
        count(
          'boards that differ from ours at the end',
          boards.filter((board) => board !== boards[0]).length,
        ),
      ],
      readings: sides.map((side) => ({
        of: side.name,
        figures: Object.fromEntries(
          STATES.map((state) => [`${state}, ms`, median(timesOf(times[state], side))]),
        ),
      })),
      notes: [
        ...notes,
        `reads: ${note}`,
        `reads during rebuilds: p50 ${seen.latency.p50.toFixed(1)} ms, p99 ${seen.latency.p99.toFixed(1)} ms`,
        ...new Set(seen.broken.slice(0, 3)),
        `queue-service: ${memoryOf(service.pid).nowMb.toFixed(0)} MB RSS`,
      ],
    },
  ];
}

export const leaderboard: Scenario = { name: 'leaderboard', needs: ['queue-service'], run };
