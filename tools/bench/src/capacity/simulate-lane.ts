/** Work that one thread is given, in the order in which it comes. Times in milliseconds. */
export interface LaneLoad {
  /** Frames a second, and what each takes. */
  readonly frames: number;
  readonly frameMs: number;
  /** Telemetry a second, and what each takes. */
  readonly telemetry: number;
  readonly telemetryMs: number;
  /** Pauses of the garbage collector: so many a second of work, each so long. */
  readonly pausesPerBusySecond: number;
  readonly pauseMs: number;
}

export interface LaneResult {
  readonly busy: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The same numbers for the same seed: results are committed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * How long a drive frame waits and is worked on when one thread serves many drivers and robots: arrivals at random (clients are
 * not in step), first come first served, pauses that grow with the work done. A queue of one server, event by event.
 */
export function simulateLane(load: LaneLoad, seconds: number, seed = 1): LaneResult {
  const random = seededRandom(seed);
  const between = (perSecond: number) =>
    perSecond === 0 ? Infinity : (-Math.log(1 - random()) / perSecond) * 1_000;
  const waits: number[] = [];
  const endMs = seconds * 1_000;
  let nextFrame = between(load.frames);
  let nextTelemetry = between(load.telemetry);
  let freeAt = 0;
  let worked = 0;
  let sincePause = 0;
  const pauseEvery = load.pausesPerBusySecond === 0 ? Infinity : 1_000 / load.pausesPerBusySecond;

  while (Math.min(nextFrame, nextTelemetry) < endMs) {
    const isFrame = nextFrame <= nextTelemetry;
    const at = isFrame ? nextFrame : nextTelemetry;
    let takes = isFrame ? load.frameMs : load.telemetryMs;
    sincePause += takes;
    if (sincePause >= pauseEvery) {
      sincePause = 0;
      takes += load.pauseMs;
    }
    freeAt = Math.max(freeAt, at) + takes;
    worked += takes;
    if (isFrame) {
      waits.push(freeAt - at);
      nextFrame = at + between(load.frames);
    } else {
      nextTelemetry = at + between(load.telemetry);
    }
  }
  waits.sort((a, b) => a - b);
  const quantile = (share: number) =>
    waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  const meanMs = waits.reduce((sum, wait) => sum + wait, 0) / Math.max(1, waits.length);
  return { busy: worked / endMs, meanMs, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
