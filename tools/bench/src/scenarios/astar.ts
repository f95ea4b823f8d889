import { inTurn, ratios, spread } from '../measure/compare';
import { memoryOf } from '../measure/memory';
import { median } from '../measure/percentiles';
import type { PathResult, PathRound } from '../load/timed-trips';
import type { Scenario } from './scenario';

const SIDE = 100;
/** Two plans of the same trips differ by rounding only. */
const SAME_SECONDS = 1e-6;

/** The quickest path on a map of 10,000 nodes, against a plain Dijkstra that finds the same ones. */
export const astar: Scenario = {
  name: 'astar',
  needs: ['robot-gateway'],
  async run(world, { quick, progress, rounds: quietly }) {
    const asked: PathRound = { side: SIDE, trips: quick ? 300 : 1_000 };
    const sides = {
      ours: world.worker(require.resolve('../load/path-load')),
      floor: world.worker(require.resolve('../floors/path-floor')),
    };
    const round = (side: 'ours' | 'floor') => async (): Promise<PathResult> => {
      const result = await sides[side].call<PathResult>('run', asked);
      progress(`${side}: p50 ${result.latency.p50.toFixed(3)} ms, p99 ${result.latency.p99.toFixed(3)} ms`);
      return result;
    };
    const both = inTurn(round('ours'), round('floor'));
    await both(0); // warm-up
    const { rounds, note } = await quietly(quick ? 2 : 8, both);
    const differing = rounds.map(({ ours, floor }) =>
      Math.abs(ours.seconds - floor.seconds) > SAME_SECONDS * floor.seconds || ours.found !== floor.found
        ? 1
        : 0,
    );
    const ms = (of: (result: PathResult) => number) => spread(rounds.map(({ ours }) => of(ours)));
    return [
      {
        scenario: 'astar',
        method: `${asked.trips} trips on a map of ${SIDE * SIDE} nodes: robot-gateway's planner against a textbook Dijkstra`,
        findings: [
          { what: 'a path, p99', unit: 'ms', value: ms(({ latency }) => latency.p99), goal: { most: 5 } },
          {
            what: 'from corner to corner',
            unit: 'ms',
            value: ms(({ cornersMs }) => cornersMs),
            goal: { most: 5 },
          },
          { what: 'p50 against the floor', unit: 'x', value: ratios(rounds, ({ latency }) => latency.p50) },
          {
            what: 'rounds in which the two planned differently',
            unit: '',
            value: spread([differing.reduce<number>((sum, one) => sum + one, 0)]),
            goal: { most: 0 },
          },
        ],
        readings: (['ours', 'floor'] as const).map((side) => {
          const of = (value: (result: PathResult) => number) =>
            median(rounds.map((pair) => value(pair[side])));
          return {
            of: side === 'ours' ? 'robot-gateway' : 'floor: Dijkstra',
            figures: {
              'p50 ms': of(({ latency }) => latency.p50),
              'p99 ms': of(({ latency }) => latency.p99),
              'max ms': of(({ latency }) => latency.max),
              'corners ms': of(({ cornersMs }) => cornersMs),
              'RSS MB': memoryOf(sides[side].pid).nowMb,
            },
          };
        }),
        notes: [note],
      },
    ];
  },
};
