/** Seconds to drive from one place to another; finite and not negative. Not symmetric: there are one-way paths. */
export type TravelSeconds = (from: string, to: string) => number;

export interface Errand {
  readonly start: string;
  readonly destination: string;
}

export interface OrderProblem {
  /** Where the robot will be before the first route; absent: anywhere, the way to the first route costs nothing. */
  readonly position?: string;
  readonly routes: readonly Errand[];
  /** The first route is under way or promised: it stays the first. */
  readonly keepFirst: boolean;
  readonly travelSeconds: TravelSeconds;
}

export interface RouteOrder {
  /** Places of the routes in the given list, in the new order. */
  readonly order: readonly number[];
  /** Seconds without a route, driven from one's end to the next one's start. What the routes take does not depend on the order. */
  readonly emptySeconds: number;
}

/**
 * The numbers of a problem: `first[j]` is what it costs to begin with route j, `next[i * size + j]` to do j after i.
 * Throws RangeError for a travel time that is not finite or negative: no order could be compared by it.
 */
export interface OrderCosts {
  readonly size: number;
  readonly first: Float64Array;
  readonly next: Float64Array;
}

export function costsOf({ position, routes, travelSeconds }: OrderProblem): OrderCosts {
  const size = routes.length;
  const seconds = (from: string, to: string): number => {
    const value = travelSeconds(from, to);
    if (value >= 0 && Number.isFinite(value)) return value;
    throw new RangeError(`travel time from ${JSON.stringify(from)} to ${JSON.stringify(to)}: ${value}`);
  };
  const first = Float64Array.from(routes, ({ start }) =>
    position === undefined ? 0 : seconds(position, start),
  );
  const next = new Float64Array(size * size);
  for (const [i, { destination }] of routes.entries()) {
    for (const [j, { start }] of routes.entries())
      if (i !== j) next[i * size + j] = seconds(destination, start);
  }
  return { size, first, next };
}

export function costOfOrder({ size, first, next }: OrderCosts, order: readonly number[]): number {
  let sum = order.length === 0 ? 0 : first[order[0]!]!;
  for (let place = 1; place < order.length; place += 1)
    sum += next[order[place - 1]! * size + order[place]!]!;
  return sum;
}
