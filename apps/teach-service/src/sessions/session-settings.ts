import { setting, type ConfigOf } from '@teleop/service-kit';

export const sessionSettings = {
  /** Seconds that a teach lock lives without a heartbeat. */
  TEACH_LOCK_TTL_S: setting.int({ default: 10, min: 1, max: 300 }),
  /** Milliseconds between heartbeats of a teach lock. */
  TEACH_HEARTBEAT_MS: setting.int({ default: 3_000, min: 20 }),
  /** Milliseconds between looks at the recordings that this replica keeps, and for those that nobody keeps. */
  TEACH_KEEP_MS: setting.int({ default: 250, min: 10 }),
  /** Milliseconds that a recording stays a replica's without its word. With a heartbeat's less than the lock lives. */
  TEACH_OWNER_MS: setting.int({ default: 4_000, min: 50 }),
  /** Milliseconds that a robot may be away, by robot-gateway's word and its own silence, before its session FAILs. */
  TEACH_ROBOT_LOST_MS: setting.int({ default: 5_000, min: 50 }),
  /** Milliseconds that a stop waits for what is still on its way to be written. */
  TEACH_DRAIN_MS: setting.int({ default: 2_000, min: 0 }),
};

export type SessionSettings = ConfigOf<typeof sessionSettings>;
