import { TokenBucket } from '../relay/token-bucket';

/** So many events a second of each robot, and a burst of as many; results of steps count apart. */
export class EventLimits {
  readonly #events = new Map<string, TokenBucket>();
  readonly #results = new Map<string, TokenBucket>();

  constructor(private readonly perSecond: number) {}

  /** A chatty robot must not lose the result of its step: those have a limit of their own. Monotonic milliseconds. */
  take(robotId: string, isStepResult: boolean, now: number): boolean {
    const buckets = isStepResult ? this.#results : this.#events;
    let bucket = buckets.get(robotId);
    if (bucket === undefined) buckets.set(robotId, (bucket = new TokenBucket(this.perSecond)));
    return bucket.take(now);
  }

  forget(robotId: string): void {
    this.#events.delete(robotId);
    this.#results.delete(robotId);
  }
}
