import type { OrderRound } from '../data/route-queues';
import type { TimedOrders } from '../load/timed-orders';
import { inTurn, ratios, spread } from '../measure/compare';
import { median } from '../measure/percentiles';
import type { Scenario } from './scenario';

/** The first stays the first, so 12 are put in order. */
const ROUTES = 13;
/** As long as a queue may be: not exact, and bounded. */
const LONG = 500;
const SAME_SECONDS = 1e-6;

/** The best order of 12 waiting routes, against trying all orders; and how long the longest queue takes. */
export const optimise: Scenario = {
  name: 'optimise',
  needs: ['robot-gateway'],
  async run(world, { quick, progress, rounds: quietly }) {
    const asked: OrderRound = { routes: ROUTES, queues: quick ? 10 : 30 };
    const sides = {
      ours: world.worker(require.resolve('../load/order-load')),
      floor: world.worker(require.resolve('../floors/order-floor')),
    };
    const round = (side: 'ours' | 'floor') => async (): Promise<TimedOrders> => {
      const result = await sides[side].call<TimedOrders>('run', asked);
      progress(`${side}: p50 ${result.latency.p50.toFixed(1)} ms, max ${result.latency.max.toFixed(1)} ms`);
      return result;
    };
    const { rounds, note } = await quietly(quick ? 2 : 5, inTurn(round('ours'), round('floor')));
    const long = await sides.ours.call<TimedOrders>('run', { routes: LONG, queues: 5 } satisfies OrderRound);
    const worse = rounds.filter(({ ours, floor }) => ours.seconds > floor.seconds * (1 + SAME_SECONDS));
    return [
      {
        scenario: 'optimise',
        method: `${asked.queues} queues of ${ROUTES} routes, of which the first stays: robot-gateway's order against trying all orders with a bound`,
        findings: [
          {
            what: '12 routes exactly, the slowest queue',
            unit: 'ms',
            value: spread(rounds.map(({ ours }) => ours.latency.max)),
            goal: { most: 50 },
          },
          { what: 'p50 against the floor', unit: 'x', value: ratios(rounds, ({ latency }) => latency.p50) },
          {
            what: 'rounds in which ours was not the best order',
            unit: '',
            value: spread([worse.length]),
            goal: { most: 0 },
          },
          { what: `${LONG} routes, not exactly, p50`, unit: 'ms', value: spread([long.latency.p50]) },
        ],
        readings: (['ours', 'floor'] as const).map((side) => ({
          of: side === 'ours' ? 'robot-gateway' : 'floor: all orders',
          figures: {
            'p50 ms': median(rounds.map((pair) => pair[side].latency.p50)),
            'max ms': median(rounds.map((pair) => pair[side].latency.max)),
          },
        })),
        notes: [note],
      },
    ];
  },
};
