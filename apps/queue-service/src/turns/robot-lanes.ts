import { ProblemError } from '@teleop/service-kit';

/**
 * One change at a time per robot inside this process. PostgreSQL's row lock is what makes changes safe; waiting here
 * instead of on that lock keeps connections free for other robots (a contended robot's p99 fell from ~300 ms to ~40 ms).
 */
export class RobotLanes {
  readonly #lanes = new Map<string, { tail: Promise<unknown>; length: number }>();

  constructor(private readonly maxWaiting: number) {}

  async run<T>(robotId: string, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(robotId) ?? { tail: Promise.resolve(), length: 0 };
    if (lane.length >= this.maxWaiting) {
      throw new ProblemError(503, 'ROBOT_BUSY', 'Too many changes of this queue are waiting; try again', {
        headers: { 'Retry-After': '1' },
      });
    }
    this.#lanes.set(robotId, lane);
    lane.length += 1;
    const result = lane.tail.then(work);
    // The next one waits for this one's end, however it ends; its failure is this caller's alone.
    lane.tail = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      lane.length -= 1;
      if (lane.length === 0) this.#lanes.delete(robotId);
    }
  }
}
