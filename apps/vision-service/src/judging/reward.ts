import type { Verdict } from './evaluate-compare';

export const POINTS_PER_OBJECT = 100;

export interface Outcome {
  readonly status: 'success' | 'failed';
  readonly rewardPoints: number;
}

/** The source's rule: nothing is paid for an abnormal result, nor when nothing was moved; else 100 points an object. */
export function outcomeOf(verdict: Verdict): Outcome {
  if (verdict.abnormal || verdict.successCount <= 0) return { status: 'failed', rewardPoints: 0 };
  return { status: 'success', rewardPoints: POINTS_PER_OBJECT * verdict.successCount };
}
