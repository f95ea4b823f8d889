import type { TurnState } from '../turns/turn-state';
import type { DriverSeat, SeatTurn } from './driver-seat';
import type { FrameCounters } from './frame-counters';
import type { RelayLimits } from './relay-limits';

/** The way to the other replicas. Nothing here waits; what cannot be sent now is not sent. */
export interface ReplicaLink {
  seatHere(robotId: string, seat: DriverSeat): void;
  seatGone(robotId: string, epoch: number): void;
  robotHere(robotId: string, generation: number): void;
  robotGone(robotId: string, generation: number): void;
  /** False when the replicas cannot reach each other. */
  toRobot(robotId: string, epoch: number, data: Buffer, binary: boolean): boolean;
  toDriver(robotId: string, epoch: number, data: Buffer, binary: boolean): boolean;
}

export interface RelayPorts {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly limits: RelayLimits;
  readonly counters: FrameCounters;
  readonly link: ReplicaLink;
  readonly turnOf: (robotId: string) => TurnState | undefined;
}

/** A seat at another replica, as its heartbeats tell of it. */
export interface RemoteSeatHeard {
  readonly replica: string;
  readonly epoch: number;
  readonly turn: SeatTurn;
}

export interface RemoteRobotHeard {
  readonly replica: string;
  readonly generation: number;
}
