import { EXACT_UP_TO, exactOrder } from './exact-order';
import { greedyOrder } from './greedy-order';
import { improveOrder } from './improve-order';
import { costOfOrder, costsOf, type OrderProblem, type RouteOrder } from './order-problem';

/** Moves of the local search that are judged for each of its two starts: some 10 ms, in which no robot is stopped. */
const MOVES = 300_000;

/** Less than this, in seconds, is not worth changing the order that people have seen. */
const SAME = 1e-6;

/**
 * The order of the queue with the least driving between routes. Exact up to 12 free routes; beyond, a local search from the
 * greedy order and from the given one, so never worse than either. Pure and deterministic; bounded by work. Of equally good
 * orders the given one stays. Throws RangeError for a travel time that is not finite or negative.
 */
export function optimiseOrder(problem: OrderProblem): RouteOrder {
  const costs = costsOf(problem);
  const given = problem.routes.map((_, index) => index);
  const before = problem.keepFirst ? given[0] : undefined;
  const free = before === undefined ? given : given.slice(1);
  const whole = (order: readonly number[]): RouteOrder => {
    const full = before === undefined ? order : [before, ...order];
    return { order: full, emptySeconds: costOfOrder(costs, full) };
  };
  const candidates =
    free.length <= EXACT_UP_TO
      ? [exactOrder(costs, free, before)]
      : [greedyOrder(costs, free, before), free].map((start) => improveOrder(costs, start, before, MOVES));
  let best = whole(free);
  for (const found of candidates.map(whole)) {
    if (found.emptySeconds < best.emptySeconds - SAME) best = found;
  }
  return best;
}
