import type { TeachSessionStatus } from '@teleop/contracts';

/**
 * A session waits to be started, records, and is stopped; it may then be started again. What has FAILED stays so: nobody
 * saw how the recording ended.
 */
export const SESSION_TRANSITIONS: Readonly<Record<TeachSessionStatus, readonly TeachSessionStatus[]>> = {
  DRAFT: ['RECORDING', 'FAILED'],
  RECORDING: ['STOPPED', 'FAILED'],
  STOPPED: ['RECORDING', 'FAILED'],
  FAILED: [],
};

export function mayBecome(from: TeachSessionStatus, to: TeachSessionStatus): boolean {
  return SESSION_TRANSITIONS[from].includes(to);
}

/** Why a session FAILED. */
export const FAILURES = [
  /** It was not connected when the session was to begin. */
  'robot_offline',
  /** It went away, or was removed, while it was taught. */
  'robot_lost',
  /** The lock ended, or somebody else has got the robot. */
  'traffic_lock_lost',
  /** What the robot was led into is another robot's. */
  'traffic_lock_conflict',
  /** Traffic could not be reached for as long as the lock lives. */
  'traffic_unreachable',
  /** Nobody recorded for as long as the lock lives. */
  'service_lost',
] as const;
export type Failure = (typeof FAILURES)[number];
