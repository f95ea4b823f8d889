import type { OrderCosts } from './order-problem';

/** Routes that are moved together at most. */
const LONGEST_BLOCK = 3;
/** Seconds that a change must save: less is rounding, and rounding could go round in circles. */
const WORTH = 1e-9;

/**
 * Makes an order better until no move helps, or `moves` have been judged: a bound by work, not by time, so that the same
 * queue always gets the same order. Moves: a block of one to three routes elsewhere (Or 1976), and a stretch driven in
 * reverse order (2-opt), whose every step is counted anew because the way back may cost something else.
 */
export function improveOrder(
  costs: OrderCosts,
  start: readonly number[],
  before: number | undefined,
  moves: number,
): number[] {
  const search = new Search(costs, start, before, moves);
  for (let helped = true; helped && search.left > 0;) {
    helped = search.relocate();
    helped = search.reverse() || helped;
  }
  return search.order;
}

class Search {
  readonly order: number[];

  constructor(
    private readonly costs: OrderCosts,
    start: readonly number[],
    private readonly before: number | undefined,
    public left: number,
  ) {
    this.order = [...start];
  }

  /** One pass over all blocks, each moved to the first place that helps; false when none did. */
  relocate(): boolean {
    let helped = false;
    for (let block = 1; block <= Math.min(LONGEST_BLOCK, this.order.length - 1); block += 1) {
      for (let from = 0; from + block <= this.order.length; from += 1) {
        const to = this.placeFor(from, block);
        if (to === undefined) continue;
        const moved = this.order.splice(from, block);
        this.order.splice(to > from ? to - block : to, 0, ...moved);
        helped = true;
      }
    }
    return helped;
  }

  /** One pass over all stretches, each turned round when that helps; false when none did. */
  reverse(): boolean {
    let helped = false;
    for (let from = 0; from < this.order.length - 1; from += 1) {
      const to = this.endToTurn(from);
      if (to === undefined) continue;
      this.order.splice(from, to - from + 1, ...this.order.slice(from, to + 1).reverse());
      helped = true;
    }
    return helped;
  }

  /** The block comes between what is now at the place before and at the place that is returned. */
  private placeFor(from: number, block: number): number | undefined {
    const removed = this.step(from - 1, from) + this.step(from + block - 1, from + block);
    const saved = removed - this.step(from - 1, from + block);
    if (saved <= WORTH) return undefined;
    for (let to = 0; to <= this.order.length && this.left > 0; to += 1) {
      if (to >= from && to <= from + block) continue;
      this.left -= 1;
      const joined = this.step(to - 1, from) + this.step(from + block - 1, to);
      if (saved - (joined - this.step(to - 1, to)) > WORTH) return to;
    }
    return undefined;
  }

  private endToTurn(from: number): number | undefined {
    let forwards = 0;
    let backwards = 0;
    for (let to = from + 1; to < this.order.length && this.left > 0; to += 1) {
      this.left -= 1;
      forwards += this.step(to - 1, to);
      backwards += this.step(to, to - 1);
      const now = this.step(from - 1, from) + forwards + this.step(to, to + 1);
      const turned = this.step(from - 1, to) + backwards + this.step(from, to + 1);
      if (now - turned > WORTH) return to;
    }
    return undefined;
  }

  /** Seconds from the route at one place to the route at another; place -1 is what comes before, past the end costs nothing. */
  private step(place: number, to: number): number {
    const route = this.order[to];
    if (route === undefined) return 0;
    const { size, first, next } = this.costs;
    const last = place < 0 ? this.before : this.order[place];
    return last === undefined ? first[route]! : next[last * size + route]!;
  }
}
