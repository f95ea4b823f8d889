import { queueOf, type BenchQueue, type OrderRound } from '../data/route-queues';
import { Samples, type Percentiles } from '../measure/percentiles';

export interface TimedOrders {
  readonly latency: Percentiles;
  /** Seconds of empty driving in all orders together. */
  readonly seconds: number;
}

/** Orders so many queues, each another one, after two to warm up. `order` answers the seconds of its best. */
export function timedOrders(
  { queues, routes }: OrderRound,
  order: (queue: BenchQueue) => number,
): TimedOrders {
  for (const seed of [1, 2]) order(queueOf(seed, routes));
  const latency = new Samples();
  let seconds = 0;
  for (let seed = 1; seed <= queues; seed += 1) {
    const queue = queueOf(seed, routes);
    const before = performance.now();
    seconds += order(queue);
    latency.add(performance.now() - before);
  }
  return { latency: latency.summary(), seconds };
}
