import { Injectable } from '@nestjs/common';

/** The only source of time: injected, so that tests can hold it still. */
@Injectable()
export class Clock {
  /** Milliseconds since the epoch, UTC; may jump when the machine's clock is set. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds from an arbitrary point; never jumps. For durations and deadlines. */
  monotonic(): number {
    return performance.now();
  }
}
