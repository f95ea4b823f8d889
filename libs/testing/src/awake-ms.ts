const TICK_MS = 5;
/** What a tick may be late before we call it held up: a busy loop's usual delay. */
const USUAL_MS = 15;

let held = 0;
let last = performance.now();
let ticking: NodeJS.Timeout | undefined;

/**
 * Milliseconds like `performance.now()`, without those in which this process was held up by the machine (another's turn on the CPU, a
 * paused container). A bound of time is about the code: a build server that stops all of us for 300 ms says nothing about it. What
 * holds up the event loop from within is left out as well: bounds for that are measured in tools/bench.
 */
export function awakeMs(): number {
  ticking ??= setInterval(awakeMs, TICK_MS).unref();
  const now = performance.now();
  held += Math.max(0, now - last - USUAL_MS);
  last = now;
  return now - held;
}
