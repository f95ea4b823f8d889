import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { LeaseStore, type HeldLease } from './lease-store';
import { READ_SITUATION } from './sql/read-situation.sql';

export interface RouteUnderWay {
  readonly routeId: string;
  readonly status: 'dispatching' | 'active';
  /** The NAVIGATE that carries it, by which new firmware names it. */
  readonly dispatchId: string;
  /** How often it was sent, this time included. */
  readonly attempt: number;
  readonly destination: string;
  /** Milliseconds since it was (to be) sent. */
  readonly dispatchedMs: number;
}

/** Everything that decides who or what may command a robot now. Holds until the transaction that read it ends. */
export interface RobotSituation {
  readonly lease: HeldLease;
  /** The manual-drive lock, while it has not expired. */
  readonly lock:
    { readonly userId: string; readonly name: string; readonly role: 'Admin' | 'Operator' } | undefined;
  readonly route: RouteUnderWay | undefined;
  /** Milliseconds since a person last sent the robot somewhere or called it off; Infinity when that is long ago. */
  readonly orderedMs: number;
  /** What he ordered then. */
  readonly orderedId: string | undefined;
  /** A person's NAVIGATE that is newer than every route that was sent, and did not fail. */
  readonly orderId: string | undefined;
  /** A task is running on the robot, or paused on it. */
  readonly taskId: string | undefined;
}

interface SituationRow {
  readonly lock_user_id: string | null;
  readonly lock_name: string | null;
  readonly lock_role: 'Admin' | 'Operator' | null;
  readonly route_id: string | null;
  readonly route_status: 'dispatching' | 'active' | null;
  readonly dispatch_id: string | null;
  readonly attempts: number | null;
  readonly destination: string | null;
  readonly dispatched_ms: number | null;
  readonly ordered_ms: number | null;
  readonly ordered_id: string | null;
  readonly order_id: string | null;
  readonly task_id?: string | null;
  readonly teach_id: string | null;
  readonly teacher_id: string | null;
  readonly teacher_name: string | null;
}

/**
 * A robot that is taught stays so when an Admin's hand that came in between is gone, in the moment until its teach lock
 * has the lease again: nobody else takes it meanwhile.
 */
function whoHas(lease: HeldLease, row: SituationRow): HeldLease {
  if (lease.live || row.teach_id === null) return lease;
  return { ...lease, kind: 'teach', live: true, userId: row.teacher_id, holderName: row.teacher_name };
}

@Injectable()
export class RobotSituations {
  constructor(private readonly leases: LeaseStore) {}

  /** Takes the robot's row first: whoever decides about the same robot waits until this transaction ends. */
  async take(tx: Tx, robotId: string): Promise<RobotSituation> {
    const lease = await this.leases.lock(tx, robotId);
    const row = await tx.one<SituationRow>(READ_SITUATION, [robotId]);
    const {
      lock_user_id: userId,
      lock_name: name,
      lock_role: role,
      route_id: routeId,
      route_status: status,
    } = row;
    const { dispatch_id: dispatchId, attempts: attempt, destination } = row;
    return {
      lease: whoHas(lease, row),
      lock: userId === null || name === null || role === null ? undefined : { userId, name, role },
      route:
        routeId === null || status === null || dispatchId === null || attempt === null || destination === null
          ? undefined
          : { routeId, status, dispatchId, attempt, destination, dispatchedMs: row.dispatched_ms ?? 0 },
      orderedMs: row.ordered_ms ?? Infinity,
      orderedId: row.ordered_id ?? undefined,
      orderId: row.order_id ?? undefined,
      taskId: row.task_id ?? undefined,
    };
  }
}
