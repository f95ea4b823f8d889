/** A CANCEL that a robot owes an answer to. Times in milliseconds. */
export interface PendingStop {
  readonly sinceMs: number;
  /** Since it was last tried; undefined: never. */
  readonly triedMs: number | undefined;
  /** Since it was last put on the robot's socket; undefined: never, for all that is known. */
  readonly sentMs: number | undefined;
  /** Telemetry, and how old it is. */
  readonly robot: { readonly driveMode: unknown; readonly ageMs: number } | undefined;
}

export interface StopTimes {
  readonly retryMs: number;
  readonly ackMs: number;
  readonly keepMs: number;
}

export type StopAction = 'nothing' | 'send' | 'settled' | 'give_up';

/**
 * The robot acknowledges, or shows by its telemetry that it is not at a step any more. A robot that does neither is not
 * told again while it may be at another order: old firmware would take a CANCEL to be about that.
 */
export function stopAction({ sinceMs, triedMs, sentMs, robot }: PendingStop, times: StopTimes): StopAction {
  if (sentMs !== undefined) {
    const heardSince = robot !== undefined && robot.ageMs < sentMs;
    if (heardSince && robot.driveMode !== 'TASK') return 'settled';
    if (heardSince && sentMs >= times.ackMs && sinceMs < times.keepMs) return 'send';
  }
  if (sinceMs >= times.keepMs) return 'give_up';
  if (sentMs === undefined && (triedMs === undefined || triedMs >= times.retryMs)) return 'send';
  return 'nothing';
}
