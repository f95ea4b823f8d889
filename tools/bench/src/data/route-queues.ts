import { randomFrom } from './random';

export interface OrderRound {
  /** Routes in a queue; the first of them stays the first. */
  readonly routes: number;
  readonly queues: number;
}

export interface BenchQueue {
  readonly routes: readonly { readonly start: string; readonly destination: string }[];
  readonly travelSeconds: (from: string, to: string) => number;
}

/**
 * A queue of errands between places of a square kilometre, driven at 1 m/s, northwards at half of it: the way back costs
 * something else. The times are looked up by name, as the service does.
 */
export function queueOf(seed: number, routes: number): BenchQueue {
  const random = randomFrom(seed);
  const places = Array.from({ length: 2 * routes }, () => ({ x: random() * 1_000, y: random() * 1_000 }));
  const byName = new Map(places.map((place, index) => [`place-${index}`, place]));
  return {
    routes: Array.from({ length: routes }, (_, index) => ({
      start: `place-${2 * index}`,
      destination: `place-${2 * index + 1}`,
    })),
    travelSeconds: (from, to) => {
      const [a, b] = [byName.get(from)!, byName.get(to)!];
      return Math.hypot(a.x - b.x, a.y - b.y) + Math.max(0, b.y - a.y);
    },
  };
}
