import { Injectable } from '@nestjs/common';
import type { AskTrafficAcquire, TrafficScope } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { isNothing, NOTHING, scopeWithout, tidyScope, type Conflict } from './domain/scope';
import { BLOCKED_FOR } from './sql/blocked-for.sql';
import { CHANGE_SCOPE } from './sql/change-scope.sql';
import { END_TRAFFIC_LOCK } from './sql/end-traffic-lock.sql';
import { EXPIRE_TRAFFIC_LOCKS } from './sql/expire-traffic-locks.sql';
import { FIND_CONFLICTS } from './sql/find-conflicts.sql';
import { FORGET_TRAFFIC_LOCKS } from './sql/forget-traffic-locks.sql';
import { HOLD_ROBOT } from './sql/hold-robot.sql';
import { INSERT_TRAFFIC_LOCK } from './sql/insert-traffic-lock.sql';
import { LIST_TRAFFIC_LOCKS } from './sql/list-traffic-locks.sql';
import { LOCK_TRAFFIC } from './sql/lock-traffic.sql';
import { LOOK_AT_TRAFFIC } from './sql/look-at-traffic.sql';
import { READ_TRAFFIC_LOCK } from './sql/read-traffic-lock.sql';
import { RENEW_TRAFFIC_LOCK } from './sql/renew-traffic-lock.sql';
import { trafficLockOf, type TrafficLock, type TrafficLockRow } from './traffic-lock';

export type Refusal =
  | { readonly refused: 'conflict'; readonly conflicts: readonly Conflict[] }
  /** Another robot's lock has this id. */
  | { readonly refused: 'not_yours' }
  | { readonly refused: 'over' }
  | { readonly refused: 'robot_unknown' }
  /** To be taught, it would have to be free; in words. */
  | { readonly refused: 'robot_held'; readonly by: string };

export interface TrafficLook {
  /** A lock is to be written off. */
  readonly overdue: boolean;
  /** When something was last freed; not a date, but it changes with it. */
  readonly freedAt: string | null;
  /** Teach locks that have lost their robot's lease. */
  readonly adrift: readonly string[];
}

export interface Change {
  readonly lock: TrafficLock;
  /** False: it was like this before, and there is nothing to tell. */
  readonly changed: boolean;
  /** What is no longer locked by it. */
  readonly freed: TrafficScope;
}

/**
 * Traffic locks in PostgreSQL. Every change begins by `robots.lock_traffic()`, so changes go one after the other and what
 * is read in one stays true until its commit; a trigger makes two overlapping live locks impossible all the same. In a
 * transaction that also takes a lease, traffic comes first.
 */
@Injectable()
export class TrafficLockStore {
  constructor(private readonly database: Database) {}

  /**
   * All of the scope or nothing. The id of a lock that is there is answered by that lock, whatever its scope is by now.
   * `obstacle` is asked last, when nothing else stands in the way.
   */
  async acquire(
    tx: Tx,
    ask: AskTrafficAcquire,
    obstacle?: () => Promise<Refusal | undefined>,
  ): Promise<Change | Refusal> {
    await tx.query(LOCK_TRAFFIC);
    const known = await this.read(tx, ask.lockId);
    if (known !== undefined) {
      if (known.lock.robotId !== ask.robotId) return { refused: 'not_yours' };
      return known.live ? { lock: known.lock, changed: false, freed: NOTHING } : { refused: 'over' };
    }
    if ((await tx.maybe(HOLD_ROBOT, [ask.robotId])) === undefined) return { refused: 'robot_unknown' };
    const scope = tidyScope(ask.scope);
    const conflicts = await this.conflicts(tx, ask.robotId, scope);
    if (conflicts.length > 0) return { refused: 'conflict', conflicts };
    const refusal = await obstacle?.();
    if (refusal !== undefined) return refusal;
    const row = await tx.one<TrafficLockRow>(INSERT_TRAFFIC_LOCK, [
      ask.lockId,
      ask.robotId,
      ask.purpose ?? 'other',
      scope.nodeIds,
      scope.pathIds,
      ask.ttlSeconds,
      ask.correlationId ?? null,
      ask.teacher?.userId ?? null,
      ask.teacher?.name ?? null,
    ]);
    return { lock: trafficLockOf(row), changed: true, freed: NOTHING };
  }

  async renew(tx: Tx, lockId: string, ttlSeconds: number | undefined): Promise<TrafficLock | undefined> {
    await tx.query(LOCK_TRAFFIC);
    const row = await tx.maybe<TrafficLockRow>(RENEW_TRAFFIC_LOCK, [lockId, ttlSeconds ?? null]);
    return row === undefined ? undefined : trafficLockOf(row);
  }

  /** All of the new scope, or the lock keeps what it has. */
  async changeScope(tx: Tx, lockId: string, wanted: TrafficScope): Promise<Change | Refusal> {
    await tx.query(LOCK_TRAFFIC);
    const known = await this.read(tx, lockId);
    if (known?.live !== true) return { refused: 'over' };
    const before = known.lock.scope;
    const scope = tidyScope(wanted);
    const freed = scopeWithout(before, scope);
    if (isNothing(freed) && isNothing(scopeWithout(scope, before))) {
      return { lock: known.lock, changed: false, freed };
    }
    const conflicts = await this.conflicts(tx, known.lock.robotId, scope);
    if (conflicts.length > 0) return { refused: 'conflict', conflicts };
    const params = [lockId, scope.nodeIds, scope.pathIds, !isNothing(freed)];
    const row = await tx.maybe<TrafficLockRow>(CHANGE_SCOPE, params);
    return row === undefined ? { refused: 'over' } : { lock: trafficLockOf(row), changed: true, freed };
  }

  /** The lock that this ended; undefined when it was over, or never there. */
  async end(tx: Tx, lockId: string): Promise<TrafficLock | undefined> {
    await tx.query(LOCK_TRAFFIC);
    const row = await tx.maybe<TrafficLockRow>(END_TRAFFIC_LOCK, [lockId]);
    return row === undefined ? undefined : trafficLockOf(row);
  }

  /** Those that nobody renewed in time and that were not written off before. */
  async expire(tx: Tx): Promise<TrafficLock[]> {
    await tx.query(LOCK_TRAFFIC);
    return (await tx.query<TrafficLockRow>(EXPIRE_TRAFFIC_LOCKS)).map(trafficLockOf);
  }

  /** Undefined when it is over, or never was. Stays as it is until the commit. */
  async hold(tx: Tx, lockId: string): Promise<TrafficLock | undefined> {
    await tx.query(LOCK_TRAFFIC);
    const known = await this.read(tx, lockId);
    return known?.live === true ? known.lock : undefined;
  }

  async look(): Promise<TrafficLook> {
    const row = await this.database.one<{ overdue: boolean; freed_at: string | null; adrift: string[] }>(
      LOOK_AT_TRAFFIC,
    );
    return { overdue: row.overdue, freedAt: row.freed_at, adrift: row.adrift };
  }

  async live(robotId?: string): Promise<TrafficLock[]> {
    const rows = await this.database.query<TrafficLockRow>(LIST_TRAFFIC_LOCKS, [robotId ?? null]);
    return rows.map(trafficLockOf);
  }

  async blockedFor(robotId: string): Promise<TrafficScope> {
    const rows = await this.database.query<TrafficLockRow>(BLOCKED_FOR, [robotId]);
    return {
      nodeIds: rows.flatMap(({ node_ids: nodes }) => nodes),
      pathIds: rows.flatMap(({ path_ids: paths }) => paths),
    };
  }

  async forget(days: number): Promise<void> {
    await this.database.query(FORGET_TRAFFIC_LOCKS, [days]);
  }

  private async read(tx: Tx, lockId: string): Promise<{ lock: TrafficLock; live: boolean } | undefined> {
    const row = await tx.maybe<TrafficLockRow & { live: boolean }>(READ_TRAFFIC_LOCK, [lockId]);
    return row === undefined ? undefined : { lock: trafficLockOf(row), live: row.live };
  }

  private async conflicts(tx: Tx, robotId: string, { nodeIds, pathIds }: TrafficScope): Promise<Conflict[]> {
    const rows = await tx.query<TrafficLockRow>(FIND_CONFLICTS, [robotId, nodeIds, pathIds]);
    return rows.map((row) => ({
      robotId: row.robot_id,
      scope: { nodeIds: row.node_ids, pathIds: row.path_ids },
    }));
  }
}
