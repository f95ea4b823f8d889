import { Ring } from '../orders/ring';

export type StopCause = 'command' | 'deadman' | 'lease' | 'disconnected' | 'mode' | 'order' | 'power';

/** A start or stop of moving by hand. */
export interface HandMove {
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
  readonly moving: boolean;
  readonly epoch: number | null;
  /** Of a stop. */
  readonly cause?: StopCause;
}

/** Wheels under manual drive: velocities that hold until the next command, a stop, or the deadman's time. */
export class HandDrive {
  /** m/s, rad/s. */
  linear = 0;
  angular = 0;
  /** The lease's epoch under which it moves. */
  epoch: number | null = null;
  startedAt: number | null = null;
  stoppedAt: number | null = null;
  stopCause: StopCause | null = null;
  #commandedAt = -Infinity;
  readonly #moves = new Ring<HandMove>(10_000);

  constructor(private readonly deadmanMs: number) {}

  get moving(): boolean {
    return this.linear !== 0 || this.angular !== 0;
  }

  get commandedAt(): number {
    return this.#commandedAt;
  }

  /** Every start and stop, oldest first. */
  get moves(): readonly HandMove[] {
    return this.#moves.entries;
  }

  drive(linear: number, angular: number, epoch: number | null, now: number): void {
    this.#commandedAt = now;
    if (linear === 0 && angular === 0) return void this.stop('command', now);
    if (!this.moving) {
      this.startedAt = now;
      this.#moves.push({ at: now, moving: true, epoch });
    }
    this.linear = linear;
    this.angular = angular;
    this.epoch = epoch;
  }

  touch(now: number): void {
    this.#commandedAt = now;
  }

  overdue(now: number): boolean {
    return this.moving && now - this.#commandedAt >= this.deadmanMs;
  }

  /** True when it was moving. */
  stop(cause: StopCause, now: number): boolean {
    if (!this.moving) return false;
    this.linear = 0;
    this.angular = 0;
    this.stoppedAt = now;
    this.stopCause = cause;
    this.#moves.push({ at: now, moving: false, epoch: this.epoch, cause });
    return true;
  }
}
