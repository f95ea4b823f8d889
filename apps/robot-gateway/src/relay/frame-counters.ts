export const DROP_REASONS = [
  /** The driver sends more than his share. */
  'flood',
  'robot_flood',
  'robot_offline',
  'robot_slow',
  'driver_slow',
  /** The robot speaks and nobody drives it. */
  'no_driver',
  /** Sent under a lease that has ended or been taken over. */
  'stale_epoch',
  /** Came from another replica too late to be obeyed. */
  'late',
  'replicas_apart',
  /** Sent by hand by somebody who does not hold the robot. */
  'not_holder',
  /** A command by hand that is not one, or not allowed to this role. */
  'not_allowed',
] as const;

export const STOP_REASONS = [
  'deadman',
  'driver_gone',
  'replaced',
  'turn_over',
  'seat_lost',
  'shutdown',
  /** The lock was released, ran out or was taken away. */
  'lease_ended',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

const zeros = <K extends string>(keys: readonly K[]): Record<K, number> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;

/** Plain numbers, because a labelled Prometheus counter would cost more than passing the frame on; flushed every second. */
export class FrameCounters {
  toRobot = 0;
  toDriver = 0;
  betweenReplicas = 0;
  /** Leases this replica saw go to a new epoch. */
  grants = 0;
  /** Milliseconds by which each frame of another replica was later than the quickest, since the last flush. */
  readonly lateMs: number[] = [];
  readonly dropped = zeros(DROP_REASONS);
  readonly stops = zeros(STOP_REASONS);
}
