import type { RobotsConfig } from '../config';
import type { TurnState } from '../turns/turn-state';
import type { DriverSeat, SeatTurn } from './driver-seat';
import type { FrameCounters } from './frame-counters';

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

/** Times in milliseconds. */
export interface RelayLimits {
  readonly deadmanMs: number;
  readonly inactiveMs: number;
  readonly robotBufferBytes: number;
  readonly driverBufferBytes: number;
  readonly driverFramesPerSecond: number;
  readonly robotFramesPerSecond: number;
  readonly floodFramesPerSecond: number;
  readonly lockAnswerMs: number;
  readonly seatHeartbeatMs: number;
  readonly seatLostMs: number;
  readonly robotPresenceMs: number;
  readonly maxLateMs: number;
}

export function relayLimits(config: RobotsConfig): RelayLimits {
  return {
    deadmanMs: config.DRIVE_DEADMAN_MS,
    inactiveMs: config.DRIVER_INACTIVE_MS,
    robotBufferBytes: config.DRIVE_MAX_BUFFER_BYTES,
    driverBufferBytes: config.DRIVER_MAX_BUFFER_BYTES,
    driverFramesPerSecond: config.DRIVE_MAX_FRAMES_PER_S,
    robotFramesPerSecond: config.ROBOT_MAX_FRAMES_PER_S,
    floodFramesPerSecond: config.DRIVE_FLOOD_FRAMES_PER_S,
    lockAnswerMs: config.LOCK_ANSWER_MS,
    seatHeartbeatMs: config.SEAT_HEARTBEAT_MS,
    seatLostMs: config.SEAT_LOST_MS,
    robotPresenceMs: config.ROBOT_PRESENCE_MS,
    maxLateMs: config.FRAME_MAX_LATE_MS,
  };
}
