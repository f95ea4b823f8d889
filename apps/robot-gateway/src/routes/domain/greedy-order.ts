import type { OrderCosts } from './order-problem';

/** Always the free route that begins nearest to where the robot is; of equally near ones the earlier. */
export function greedyOrder(
  costs: OrderCosts,
  free: readonly number[],
  before: number | undefined,
): number[] {
  const left = [...free];
  const order: number[] = [];
  let last = before;
  while (left.length > 0) {
    let nearest = 0;
    for (let index = 1; index < left.length; index += 1) {
      if (step(costs, last, left[index]!) < step(costs, last, left[nearest]!)) nearest = index;
    }
    [last] = left.splice(nearest, 1);
    order.push(last!);
  }
  return order;
}

function step({ size, first, next }: OrderCosts, last: number | undefined, route: number): number {
  return last === undefined ? first[route]! : next[last * size + route]!;
}
