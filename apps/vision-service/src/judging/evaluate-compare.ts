import { isComplete, type ByCamera, type CameraCounts, type PartialCounts } from './counts';

/**
 * Why a result must not be paid for. NOT_CONSERVED: objects appeared or vanished. CAMERA_UNREADABLE: no usable answer for
 * a camera. NO_MAJORITY: the frames of a camera do not agree on a count.
 */
export type AbnormalReason = 'NOT_CONSERVED' | 'CAMERA_UNREADABLE' | 'NO_MAJORITY';

export interface Verdict {
  readonly abnormal: boolean;
  /** Of the first camera that is not consistent; undefined when all are. */
  readonly reason: AbnormalReason | undefined;
  /** Sum of |change on the left| over the cameras that are consistent. */
  readonly successCount: number;
}

/** Both rules of the source: the totals are equal, and what left one side arrived on the other (dl == -dr). */
export function isConsistent({ start, end }: CameraCounts): boolean {
  const conserved = start.left + start.right === end.left + end.right;
  const mirrored = end.left - start.left === -(end.right - start.right);
  return conserved && mirrored;
}

/**
 * The source's `evaluate_compare_result`. `cameras` are all that were sent: one without counts is as abnormal as one
 * whose counts do not add up.
 */
export function evaluateCompare(
  cameras: readonly string[],
  views: ByCamera<PartialCounts>,
  unread: AbnormalReason = 'CAMERA_UNREADABLE',
): Verdict {
  let reason: AbnormalReason | undefined;
  let successCount = 0;
  for (const camera of cameras) {
    const counts = views[camera];
    if (!isComplete(counts)) reason ??= unread;
    else if (!isConsistent(counts)) reason ??= 'NOT_CONSERVED';
    else successCount += Math.abs(counts.end.left - counts.start.left);
  }
  const abnormal = reason !== undefined || cameras.length === 0;
  return { abnormal, reason: cameras.length === 0 ? unread : reason, successCount };
}
