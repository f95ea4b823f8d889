import { FloodGate } from './flood-gate';
import { LockRequests } from './lock-requests';
import type { RelayLimits } from './relay-ports';
import type { Seat, SeatTurn, Tenure } from './seat';
import { closeWire, CLOSED, type Wire } from './wire';

/** One socket of the driver whose turn it is, under the epoch it was let in with. */
export class DriverSeat implements Seat {
  readonly gate: FloodGate;
  readonly locks: LockRequests;
  readonly tenure: Tenure;
  lastFrameAt: number;
  announcedAt = -Infinity;
  stopHearing: () => void = () => undefined;

  constructor(
    readonly wire: Wire,
    readonly epoch: number,
    readonly turn: SeatTurn,
    limits: RelayLimits,
    now: number,
  ) {
    this.tenure = { kind: 'session', turn };
    this.gate = new FloodGate(limits.driverFramesPerSecond, limits.floodFramesPerSecond);
    this.locks = new LockRequests(limits.lockAnswerMs);
    this.lastFrameAt = now;
  }

  end(why: 'over' | 'replaced'): void {
    closeWire(this.wire, why === 'over' ? CLOSED.sessionEnded : CLOSED.replaced);
  }
}
