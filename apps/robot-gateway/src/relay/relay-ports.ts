import type { RobotsConfig } from '../config';
import type { TurnState } from '../turns/turn-state';
import type { LeaseState } from '../lease/lease-state';
import type { FrameCounters } from './frame-counters';
import type { RobotPeer } from './robot-peer';
import type { Seat, Tenure } from './seat';

/** The way to the other replicas. Nothing here waits; what cannot be sent now is not sent. */
export interface ReplicaLink {
  seatHere(robotId: string, seat: Seat): void;
  seatGone(robotId: string, epoch: number): void;
  robotHere(robotId: string, generation: number): void;
  robotGone(robotId: string, generation: number): void;
  /** False when the replicas cannot reach each other. */
  toRobot(robotId: string, epoch: number, data: Buffer, binary: boolean): boolean;
  /** A drive frame that the robot's replica seals with its number as it goes out. */
  toRobotUnsealed(robotId: string, epoch: number, frame: string): boolean;
  toDriver(robotId: string, epoch: number, data: Buffer, binary: boolean): boolean;
}

export interface RelayPorts {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly limits: RelayLimits;
  readonly counters: FrameCounters;
  readonly link: ReplicaLink;
  readonly turnOf: (robotId: string) => TurnState | undefined;
  readonly leaseOf: (robotId: string) => LeaseState | undefined;
  /** Wall-clock milliseconds: what the numbers of commands are made of. */
  readonly wallClock: () => number;
  /** What a robot says to the gateway itself: acknowledgements, events. */
  readonly robotSaid: (robotId: string, data: Buffer) => void;
  /** What it says of its state while it is taught. */
  readonly robotTaught: (robotId: string, robot: RobotPeer, data: Buffer) => void;
}

/** A seat at another replica, as its heartbeats tell of it. */
export interface RemoteSeatHeard {
  readonly replica: string;
  readonly epoch: number;
  readonly tenure: Tenure;
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
  readonly maxListeners: number;
  readonly remoteBytesPerSecond: number;
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
    maxListeners: config.ROBOT_MAX_LISTENERS,
    remoteBytesPerSecond: config.ROBOT_REMOTE_BYTES_PER_S,
    lockAnswerMs: config.LOCK_ANSWER_MS,
    seatHeartbeatMs: config.SEAT_HEARTBEAT_MS,
    seatLostMs: config.SEAT_LOST_MS,
    robotPresenceMs: config.ROBOT_PRESENCE_MS,
    maxLateMs: config.FRAME_MAX_LATE_MS,
  };
}
