import { LockRequests } from './lock-requests';
import type { RelayLimits } from './relay-ports';
import type { Seat, SeatTurn, Tenure } from './seat';
import { TokenBucket } from './token-bucket';
import { closeWire, CLOSED, type Wire } from './wire';

/** One socket of the driver whose turn it is, under the epoch it was let in with. */
export class DriverSeat implements Seat {
  readonly bucket: TokenBucket;
  readonly locks: LockRequests;
  readonly tenure: Tenure;
  lastFrameAt: number;
  announcedAt = -Infinity;
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
    this.tenure = { kind: 'session', turn };
    this.bucket = new TokenBucket(limits.driverFramesPerSecond);
    this.locks = new LockRequests(limits.lockAnswerMs);
    this.lastFrameAt = now;
  }

  end(why: 'over' | 'replaced'): void {
    closeWire(this.wire, why === 'over' ? CLOSED.sessionEnded : CLOSED.replaced);
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
