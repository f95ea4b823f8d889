import type { ManualKind, Seat, Tenure } from './seat';

/**
 * A person who drives by hand from this replica, under one epoch. His sockets stay open when it ends: he may get the
 * lock again.
 */
export class ManualSeat implements Seat {
  readonly tenure: Tenure;
  lastFrameAt: number;
  announcedAt = -Infinity;
  stopHearing: () => void = () => undefined;

  constructor(
    readonly epoch: number,
    kind: ManualKind,
    userId: string,
    now: number,
  ) {
    this.tenure = { kind, userId };
    this.lastFrameAt = now;
  }

  end(): void {
    // The seat is all there was.
  }
}
