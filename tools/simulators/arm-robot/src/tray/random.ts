// Held locally: inside a test runner's sandbox each look at a global costs more than the sum itself.
const { cos, imul, log, PI, sqrt } = Math;

/** A repeatable source of numbers in [0, 1): the same seed gives the same pictures (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GRAINS = 8_192;
let table: Float32Array | undefined;

/** Normally distributed numbers, mean 0, deviation 1, quick enough for every pixel: drawn from a table. */
export function grains(seed: number): () => number {
  if (table === undefined) {
    const random = seeded(1);
    table = Float32Array.from(
      { length: GRAINS },
      () => sqrt(-2 * log(1 - random())) * cos(2 * PI * random()),
    );
  }
  const drawn = table;
  let state = seed >>> 0;
  return () => {
    state = (imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return drawn[state >>> 19]!;
  };
}
