import fc from 'fast-check';
import { EXACT_UP_TO } from './exact-order';
import { greedyOrder } from './greedy-order';
import { optimiseOrder } from './optimise-order';
import { costOfOrder, costsOf, type OrderProblem } from './order-problem';

/** A queue over `places`, whose travel times are a table that need not be symmetric or keep the triangle inequality. */
function problems(routes: { min: number; max: number }): fc.Arbitrary<OrderProblem> {
  return fc.integer({ min: 1, max: 12 }).chain((places) => {
    const place = fc.nat(places - 1).map((index) => `p${index}`);
    const seconds = fc.oneof(fc.constantFrom(0, 1, 2, 60), fc.double({ min: 0, max: 100, noNaN: true }));
    return fc
      .record({
        position: fc.option(place, { nil: undefined }),
        routes: fc.array(fc.record({ start: place, destination: place }), {
          minLength: routes.min,
          maxLength: routes.max,
          size: 'max',
        }),
        keepFirst: fc.boolean(),
        table: fc.array(seconds, { minLength: places * places, maxLength: places * places }),
      })
      .map(({ table, ...problem }) => ({
        ...problem,
        travelSeconds: (from: string, to: string) =>
          from === to ? 0 : table[Number(from.slice(1)) * places + Number(to.slice(1))]!,
      }));
  });
}

function* permutations(items: readonly number[]): Generator<number[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
  }
}

const given = ({ routes }: OrderProblem) => routes.map((_, index) => index);
const seconds = (problem: OrderProblem, order: readonly number[]) => costOfOrder(costsOf(problem), order);

function expectSound(problem: OrderProblem) {
  const result = optimiseOrder(problem);
  expect([...result.order].sort((a, b) => a - b)).toEqual(given(problem));
  if (problem.keepFirst && problem.routes.length > 0) expect(result.order[0]).toBe(0);
  expect(result.emptySeconds).toBe(seconds(problem, result.order));
  expect(result.emptySeconds).toBeLessThanOrEqual(seconds(problem, given(problem)));
  return result;
}

describe('the order of a queue', () => {
  it('is the best there is, by trying all of a few', () => {
    fc.assert(
      fc.property(problems({ min: 0, max: 6 }), (problem) => {
        const { emptySeconds } = expectSound(problem);
        for (const order of permutations(given(problem))) {
          if (problem.keepFirst && order[0] !== 0) continue;
          expect(emptySeconds).toBeLessThanOrEqual(seconds(problem, order) + 1e-6);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is never worse than the greedy one or the given one, however many routes there are', () => {
    const better = { than: 0 };
    fc.assert(
      fc.property(problems({ min: 2, max: 40 }), (problem) => {
        const { emptySeconds } = expectSound(problem);
        const before = problem.keepFirst ? 0 : undefined;
        const free = before === undefined ? given(problem) : given(problem).slice(1);
        const greedy = greedyOrder(costsOf(problem), free, before);
        const whole = before === undefined ? greedy : [before, ...greedy];
        expect(emptySeconds).toBeLessThanOrEqual(seconds(problem, whole) + 1e-6);
        if (free.length > EXACT_UP_TO && emptySeconds < seconds(problem, whole) - 1e-6) better.than += 1;
      }),
      { numRuns: 200 },
    );
    // The local search earns its keep.
    expect(better.than).toBeGreaterThan(20);
  });

  it('is the same for the same queue, and no worse when it is made again', () => {
    fc.assert(
      fc.property(problems({ min: 2, max: 25 }), (problem) => {
        const { order, emptySeconds } = optimiseOrder(problem);
        expect(optimiseOrder(problem).order).toEqual(order);
        const routes = order.map((index) => problem.routes[index]!);
        expect(optimiseOrder({ ...problem, routes }).emptySeconds).toBeLessThanOrEqual(emptySeconds + 1e-6);
      }),
      { numRuns: 100 },
    );
  });

  it('does not change a queue that nothing makes better', () => {
    const routes = Array.from({ length: 30 }, () => ({ start: 'a', destination: 'b' }));
    const problem: OrderProblem = {
      routes,
      keepFirst: false,
      travelSeconds: (from, to) => (from === to ? 0 : 7),
    };
    expect(optimiseOrder(problem).order).toEqual(given(problem));
    expect(optimiseOrder({ ...problem, routes: routes.slice(0, 9) }).order).toEqual(
      given(problem).slice(0, 9),
    );
  });

  it('is found in bounded work for a queue as long as queues may be', () => {
    const routes = Array.from({ length: 500 }, (_, index) => ({
      start: String((index * 7919) % 1_000),
      destination: String((index * 104_729) % 1_000),
    }));
    const travelSeconds = (from: string, to: string) => Math.abs(Number(from) - Number(to));
    expectSound({ routes, keepFirst: true, travelSeconds });
  });

  it.each([NaN, -1, Infinity])('cannot be found by a travel time of %p', (bad) => {
    const routes = [
      { start: 'a', destination: 'b' },
      { start: 'c', destination: 'd' },
    ];
    expect(() => optimiseOrder({ routes, keepFirst: false, travelSeconds: () => bad })).toThrow(
      'travel time from "b" to "c"',
    );
  });
});
