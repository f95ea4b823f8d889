import type { TaskStep } from '@teleop/contracts';

export interface StepTimeLimits {
  /** Seconds that a drive is thought to take when the map cannot say. */
  readonly travelSeconds: number;
  /** So much longer than thought may a step take: times this, and so many seconds. */
  readonly factor: number;
  readonly marginSeconds: number;
}

/** Seconds until a step counts as failed. `etaSeconds`: of its drive, when the map knows. */
export function timeoutOf(
  step: Pick<TaskStep, 'type' | 'requiredTimeSeconds'>,
  etaSeconds: number | undefined,
  limits: StepTimeLimits,
): number {
  const drive = step.type === 'moveToPoint' ? (etaSeconds ?? limits.travelSeconds) : 0;
  const thought = Math.max(drive, step.requiredTimeSeconds ?? 0);
  return Math.ceil(thought * limits.factor + limits.marginSeconds);
}
