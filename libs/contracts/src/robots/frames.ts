import { fillSubject } from '../core/subject';

/**
 * High-rate frames between replicas of robot-gateway: core NATS, dropped rather than queued, never JetStream.
 * Those to robots and drivers carry in front what is needed to refuse a stale one (`replica-frame.ts` of robot-gateway), then the
 * frame's bytes as received.
 */
export const FRAME_SUBJECTS = {
  /** To the replica that holds the robot's socket. */
  toRobot: 'teleop.frames.to-robot.v2.{robotId}',
  /** To the replica that holds the driver's socket. */
  toDriver: 'teleop.frames.to-driver.v2.{robotId}',
  /** Seat and robot-socket announcements between replicas. */
  presence: 'teleop.frames.presence.v1.{robotId}',
  /** Commands that must arrive (NAVIGATE, CANCEL, steps): request-reply to the replica that holds the robot's socket. */
  command: 'teleop.frames.command.v1.{robotId}',
  /** Telemetry that one replica took in, for the others: that of many robots at once. */
  telemetry: 'teleop.frames.telemetry.v2',
  /** Who may command a robot, the moment it changed. */
  lease: 'teleop.frames.lease.v1.{robotId}',
  /** Something of the robot's changed in the database (its row, its routes, its tasks): look again. */
  changed: 'teleop.frames.changed.v1.{robotId}',
} as const;

export const FRAME_HEADERS = {
  epoch: 'Teleop-Epoch',
} as const;

export function frameSubject(kind: keyof typeof FRAME_SUBJECTS, robotId: string): string {
  return fillSubject(FRAME_SUBJECTS[kind], { robotId });
}
