import type { RelayLimits } from './relay-ports';
import type { ManualKind, Seat, Tenure } from './seat';
import { TokenBucket } from './token-bucket';

/**
 * A person who drives by hand from this replica, under one epoch. His sockets stay open when it ends: he may get the
 * lock again.
 */
export class ManualSeat implements Seat {
  readonly bucket: TokenBucket;
  readonly tenure: Tenure;
  lastFrameAt: number;
  announcedAt = -Infinity;
  stopHearing: () => void = () => undefined;

  constructor(
    readonly epoch: number,
    kind: ManualKind,
    userId: string,
    limits: RelayLimits,
    now: number,
  ) {
    this.tenure = { kind, userId };
    this.bucket = new TokenBucket(limits.manualFramesPerSecond);
    this.lastFrameAt = now;
  }

  end(): void {
    // The seat is all there was.
  }
}
