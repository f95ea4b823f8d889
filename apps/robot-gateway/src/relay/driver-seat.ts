import type { TurnState } from '../turns/turn-state';
import { LockRequests } from './lock-requests';
import type { RelayLimits } from './relay-ports';
import { TokenBucket } from './token-bucket';
import type { Wire } from './wire';

export type SeatTurn = Pick<TurnState, 'turn' | 'tokenHash' | 'userId' | 'expiresAt'>;

/** One socket of the driver whose turn it is, under the epoch it was let in with. */
export class DriverSeat {
  readonly bucket: TokenBucket;
  readonly locks: LockRequests;
  /** Monotonic milliseconds of the last frame, or of the connecting. */
  lastFrameAt: number;
  /** Monotonic milliseconds at which other replicas were last told of the seat. */
  announcedAt = -Infinity;
  /** Ends the subscription to frames of a robot at another replica. */
  stopHearing: () => void = () => undefined;
  #floodSince = -Infinity;
  #flooded = 0;

  constructor(
    readonly wire: Wire,
    readonly epoch: number,
    readonly turn: SeatTurn,
    private readonly limits: RelayLimits,
    now: number,
  ) {
    this.bucket = new TokenBucket(limits.driverFramesPerSecond);
    this.locks = new LockRequests(limits.lockAnswerMs);
    this.lastFrameAt = now;
  }

  /** Counts a frame beyond his share; true when he sends so many that reading them costs the others. */
  flooding(now: number): boolean {
    if (now - this.#floodSince >= 1_000) {
      this.#floodSince = now;
      this.#flooded = 0;
    }
    this.#flooded += 1;
    return this.#flooded > this.limits.floodFramesPerSecond;
  }
}
