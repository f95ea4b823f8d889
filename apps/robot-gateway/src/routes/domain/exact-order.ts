import type { OrderCosts } from './order-problem';

/** Free routes up to which the best order is found; memory and time double with each further one. */
export const EXACT_UP_TO = 12;

/**
 * The best order of the free routes (all, or all but the first), by dynamic programming over the set of those done and the
 * last of them (Held and Karp 1962): 2^n · n² steps, about 600,000 for 12. `before`: the route that stays first.
 */
export function exactOrder(costs: OrderCosts, free: readonly number[], before: number | undefined): number[] {
  const count = free.length;
  if (count === 0) return [];
  const { size, next } = costs;
  const enter = free.map((route) =>
    before === undefined ? costs.first[route]! : next[before * size + route]!,
  );
  const between = Float64Array.from({ length: count * count }, (_, cell) => {
    const [from, to] = [free[Math.floor(cell / count)]!, free[cell % count]!];
    return next[from * size + to]!;
  });
  const sets = 1 << count;
  const best = new Float64Array(sets * count).fill(Infinity);
  const previous = new Int8Array(sets * count).fill(-1);
  for (let last = 0; last < count; last += 1) best[(1 << last) * count + last] = enter[last]!;
  for (let done = 1; done < sets; done += 1) {
    for (let last = 0; last < count; last += 1) {
      const soFar = best[done * count + last]!;
      if (soFar === Infinity) continue;
      for (let to = 0; to < count; to += 1) {
        if ((done & (1 << to)) !== 0) continue;
        const cell = (done | (1 << to)) * count + to;
        const seconds = soFar + between[last * count + to]!;
        if (seconds >= best[cell]!) continue;
        best[cell] = seconds;
        previous[cell] = last;
      }
    }
  }
  return traced(best, previous, free);
}

function traced(best: Float64Array, previous: Int8Array, free: readonly number[]): number[] {
  const count = free.length;
  let done = (1 << count) - 1;
  let last = 0;
  for (let end = 1; end < count; end += 1) {
    if (best[done * count + end]! < best[done * count + last]!) last = end;
  }
  const order: number[] = [];
  while (last !== -1) {
    order.push(free[last]!);
    const before = previous[done * count + last]!;
    done &= ~(1 << last);
    last = before;
  }
  return order.reverse();
}
