import type { Clock } from '@teleop/service-kit';

/** Clock and timers, handed in so that tests can hold them still. */
export interface Timing {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** Calls back after `ms`; returns the way to stop that. */
  readonly later: (ms: number, work: () => void) => () => void;
}

export function timingOf(clock: Clock): Timing {
  return {
    now: () => clock.monotonic(),
    later: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  };
}
