import type { RobotsConfig } from '../config';

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
