const TICK_MS = 5;
/** What a tick may be late before we call it held up: the usual delay of a busy loop. */
const USUAL_MS = 15;
/** The watch ends by itself this long after it was last asked for: jest keeps the timers of test files that are over. */
const WATCHED_MS = 120_000;

const { setInterval, clearInterval } = globalThis; // not those of a test's fake clock
const holdUps: { from: number; to: number }[] = [];
let ticking: NodeJS.Timeout | undefined;
let last = 0;
let until = 0;

/** Begins to note when this process is held up; `awakeBetween` looks back at that. */
export function watchHoldUps(): void {
  until = performance.now() + WATCHED_MS;
  if (ticking !== undefined) return;
  last = performance.now();
  ticking = setInterval(() => {
    note();
    if (last < until) return;
    clearInterval(ticking);
    ticking = undefined;
  }, TICK_MS).unref();
}

/**
 * Milliseconds between two moments of `performance.now()`, without those in which this process was held up by the machine (another's
 * turn on the CPU, a paused container) since `watchHoldUps`. A bound of time is about the code: a build server that stops all of us
 * for 300 ms says nothing about it. What holds up the event loop from within is left out as well; its bounds are in tools/bench.
 */
export function awakeBetween(from: number, to: number): number {
  if (ticking !== undefined) note();
  return holdUps.reduce(
    (ms, held) => ms - Math.max(0, Math.min(to, held.to) - Math.max(from, held.from)),
    to - from,
  );
}

function note(): void {
  const now = performance.now();
  if (now - last > USUAL_MS) holdUps.push({ from: last, to: now });
  last = now;
}
