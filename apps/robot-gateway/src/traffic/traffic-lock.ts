import type { TrafficPurpose, TrafficScope } from '@teleop/contracts';

export interface Teacher {
  readonly userId: string;
  readonly name: string;
}

export interface TrafficLock {
  readonly lockId: string;
  readonly robotId: string;
  readonly purpose: TrafficPurpose;
  readonly scope: TrafficScope;
  readonly acquiredAt: Date;
  /** In the database's clock. */
  readonly expiresAt: Date;
  readonly endReason: 'released' | 'expired' | null;
  readonly correlationId: string | null;
  /** Of a lock of purpose `teach`: who may drive the robot by hand meanwhile. */
  readonly teacher: Teacher | null;
}

export interface TrafficLockRow {
  readonly lock_id: string;
  readonly robot_id: string;
  readonly purpose: TrafficPurpose;
  readonly node_ids: string[];
  readonly path_ids: string[];
  readonly acquired_at: Date;
  readonly expires_at: Date;
  readonly end_reason: 'released' | 'expired' | null;
  readonly correlation_id: string | null;
  readonly teacher_id: string | null;
  readonly teacher_name: string | null;
}

export function trafficLockOf(row: TrafficLockRow): TrafficLock {
  const { teacher_id: userId, teacher_name: name } = row;
  return {
    lockId: row.lock_id,
    robotId: row.robot_id,
    purpose: row.purpose,
    scope: { nodeIds: row.node_ids, pathIds: row.path_ids },
    acquiredAt: row.acquired_at,
    expiresAt: row.expires_at,
    endReason: row.end_reason,
    correlationId: row.correlation_id,
    teacher: userId === null || name === null ? null : { userId, name },
  };
}
