import type { RobotCapabilities, RobotLimits } from '@teleop/contracts';

/** A robot as its row says. */
export interface RobotRecord {
  readonly robotId: string;
  readonly name: string;
  /** SHA-256 of its key, lower-case hex; null: no key opens it. */
  readonly apiKeyHash: string | null;
  readonly capabilities: RobotCapabilities;
  readonly limits: RobotLimits;
  /** Where its own HTTP server answers, without a slash at the end. */
  readonly url: string | null;
  /** Telemetry as last written down, and when; newer may be in memory. */
  readonly lastState: Record<string, unknown> | null;
  readonly lastStateAt: Date | null;
  readonly createdAt: Date;
}
