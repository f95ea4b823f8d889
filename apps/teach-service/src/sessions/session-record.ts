import type { TeachSession, TeachSessionStatus, TrafficScope } from '@teleop/contracts';
import type { Failure } from './domain/session-status';

/** `teach.teach_session`, as pg reads it. */
export interface SessionRow {
  readonly teach_session_id: string;
  readonly session_no: string;
  readonly robot_id: string;
  readonly status: TeachSessionStatus;
  readonly mission_name: string | null;
  readonly created_by: string;
  readonly created_by_name: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly draft_mission_id: string | null;
  readonly traffic_lock_id: string | null;
  readonly failure_reason: Failure | null;
  /** What the operator wants locked from the start. */
  readonly region_json: TrafficScope;
  /** What is to be locked, or was when it last recorded. */
  readonly scope_json: TrafficScope;
  /** What traffic has confirmed. */
  readonly locked_scope_json: TrafficScope | null;
  readonly correlation_id: string | null;
}

export function viewOf(row: SessionRow): TeachSession {
  return {
    teachSessionId: row.teach_session_id,
    robotId: row.robot_id,
    status: row.status,
    missionName: row.mission_name,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    draftMissionId: row.draft_mission_id,
    trafficLockId: row.traffic_lock_id,
    scope: row.scope_json,
    reason: row.failure_reason,
  };
}
