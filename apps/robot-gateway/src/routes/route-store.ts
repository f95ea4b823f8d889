import { Injectable } from '@nestjs/common';
import type { RouteView } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import type { RouteStatus } from './domain/route-status';
import * as sql from './sql/routes.sql';

interface RouteRow {
  readonly route_id: string;
  readonly start_node: string;
  readonly destination: string;
  readonly added_at: Date;
  readonly added_by: string;
  readonly status: RouteStatus;
}

export interface NewRoute {
  readonly routeId: string;
  readonly robotId: string;
  readonly start: string;
  readonly destination: string;
  readonly addedById: string;
  readonly addedBy: string;
}

export interface WaitingRoute {
  readonly routeId: string;
  /** Of an attempt that may have reached the robot. */
  readonly dispatchId?: string;
  readonly start: string;
  readonly destination: string;
}

export interface Ends {
  readonly start: string;
  readonly destination: string;
}

/** What a robot's queue holds, in numbers. */
export interface RouteOutline {
  readonly queued: number;
  readonly active: boolean;
  readonly dispatching: boolean;
}

type OutlineRow = RouteOutline & { readonly robot_id: string };

export type ListedRoute = RouteView & { readonly waiting: boolean };

function viewOf(row: RouteRow): ListedRoute {
  return {
    id: row.route_id,
    start: row.start_node,
    destination: row.destination,
    added_at: row.added_at.toISOString(),
    added_by: row.added_by,
    waiting: row.status === 'queued',
  };
}

const endsOf = (row: { start_node: string; destination: string } | undefined): Ends | undefined =>
  row && { start: row.start_node, destination: row.destination };

/** The queue of routes in PostgreSQL. What changes it runs in a transaction that holds the robot's situation. */
@Injectable()
export class RouteStore {
  constructor(private readonly database: Database) {}

  /** The one under way first, then those that wait. */
  async list(robotId: string, tx: Tx = this.database): Promise<ListedRoute[]> {
    return (await tx.query<RouteRow>(sql.READ_ROUTES, [robotId])).map(viewOf);
  }

  /** Undefined when as many wait as may. */
  async add(tx: Tx, route: NewRoute, atMost: number): Promise<ListedRoute | undefined> {
    const { routeId, robotId, start, destination, addedById, addedBy } = route;
    const params = [routeId, robotId, start, destination, addedById, addedBy, atMost];
    const row = await tx.maybe<RouteRow>(sql.ADD_ROUTE, params);
    return row && viewOf(row);
  }

  async statusOf(tx: Tx, robotId: string, routeId: string): Promise<RouteStatus | undefined> {
    return (await tx.maybe<{ status: RouteStatus }>(sql.READ_ROUTE_STATUS, [robotId, routeId]))?.status;
  }

  async next(tx: Tx, robotId: string): Promise<WaitingRoute | undefined> {
    const row = await tx.maybe<RouteRow & { dispatch_id: string | null }>(sql.NEXT_ROUTE, [robotId]);
    if (row === undefined) return undefined;
    const { route_id: routeId, start_node: start, destination, dispatch_id: dispatchId } = row;
    return { routeId, start, destination, ...(dispatchId === null ? {} : { dispatchId }) };
  }

  /** The number of the attempt. */
  async markDispatching(tx: Tx, routeId: string, dispatchId: string): Promise<number> {
    const row = await tx.one<{ attempts: number }>(sql.MARK_DISPATCHING, [routeId, dispatchId]);
    return row.attempts;
  }

  async stillSending(routeId: string, attempt: number): Promise<void> {
    await this.database.query(sql.STILL_SENDING, [routeId, attempt]);
  }

  /** `sentMs`: how long ago it was sent. */
  async markActive(
    routeId: string,
    attempt: number,
    sentMs: number,
    tx: Tx = this.database,
  ): Promise<boolean> {
    return (await tx.maybe(sql.MARK_ACTIVE, [routeId, attempt, sentMs])) !== undefined;
  }

  /** Its ends when it was under way by this very attempt. */
  async finish(
    tx: Tx,
    routeId: string,
    attempt: number,
    as: 'done' | 'canceled' | 'lost',
  ): Promise<Ends | undefined> {
    return endsOf(await tx.maybe(sql.FINISH_ROUTE, [routeId, attempt, as]));
  }

  async cancelWaiting(tx: Tx, robotId: string, routeId: string): Promise<boolean> {
    return (await tx.maybe(sql.CANCEL_WAITING, [robotId, routeId])) !== undefined;
  }

  /**
   * Back to the front, when it was under way by this very attempt. `anew`: it was interrupted and starts from its
   * beginning; else whether it reached the robot is not known, or it did not.
   */
  async requeue(tx: Tx, routeId: string, attempt: number, how: { anew: boolean }): Promise<boolean> {
    return (await tx.maybe(sql.REQUEUE_ROUTE, [routeId, attempt, how.anew])) !== undefined;
  }

  async requestCancel(tx: Tx, robotId: string): Promise<void> {
    await tx.query(sql.REQUEST_CANCEL, [robotId]);
  }

  async reorder(tx: Tx, robotId: string, routeIds: readonly string[]): Promise<void> {
    await tx.query(sql.REORDER, [robotId, routeIds]);
  }

  async outlines(): Promise<Map<string, RouteOutline>> {
    const rows = await this.database.query<OutlineRow>(sql.READ_OUTLINES);
    return new Map(rows.map((row) => [row.robot_id, row]));
  }

  async outline(robotId: string): Promise<RouteOutline | undefined> {
    return this.database.maybe<OutlineRow>(sql.READ_OUTLINE, [robotId]);
  }
}
