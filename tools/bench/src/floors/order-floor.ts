import type { OrderRound } from '../data/route-queues';
import { timedOrders } from '../load/timed-orders';
import { serve } from '../workers/serve';

/** The best order as one would first write it: all orders are tried, and left as soon as they are worse than the best. */
function bestSeconds(costs: readonly (readonly number[])[]): number {
  const used = costs.map((_, route) => route === 0);
  let best = Infinity;
  const extend = (last: number, done: number, seconds: number) => {
    if (seconds >= best) return;
    if (done === costs.length) {
      best = seconds;
      return;
    }
    for (let next = 1; next < costs.length; next += 1) {
      if (used[next] === true) continue;
      used[next] = true;
      extend(next, done + 1, seconds + costs[last]![next]!);
      used[next] = false;
    }
  };
  extend(0, 1, 0);
  return best;
}

serve({
  run: (round: OrderRound) =>
    timedOrders(round, ({ routes, travelSeconds }) =>
      bestSeconds(
        routes.map(({ destination }) => routes.map(({ start }) => travelSeconds(destination, start))),
      ),
    ),
});
