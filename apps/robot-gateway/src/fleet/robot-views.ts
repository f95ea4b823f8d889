import { Injectable } from '@nestjs/common';
import type { RobotCapabilities, RobotLimits, RobotView } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { Clock, ProblemError } from '@teleop/service-kit';
import { LiveRobots } from '../telemetry/live-robots';
import { READ_ROBOT_VIEWS } from './sql/read-robot-views.sql';

interface ViewRow {
  readonly robot_id: string;
  readonly name: string;
  readonly capabilities: RobotCapabilities;
  readonly limits: RobotLimits;
  readonly url: string | null;
  readonly last_state: Record<string, unknown> | null;
  readonly last_state_at: Date | null;
  readonly created_at: Date;
  readonly lock_holder: string | null;
  readonly lock_expires_at: Date | null;
  readonly route_id: string | null;
  readonly start_node: string | null;
  readonly destination: string | null;
  readonly added_at: Date | null;
  readonly added_by: string | null;
  readonly queue_length: number;
}

/** Robots as the fleet API shows them: their rows, and what they said last. */
@Injectable()
export class RobotViews {
  constructor(
    private readonly database: Database,
    private readonly live: LiveRobots,
    private readonly clock: Clock,
  ) {}

  async all(): Promise<RobotView[]> {
    return (await this.database.query<ViewRow>(READ_ROBOT_VIEWS, [null])).map((row) => this.view(row));
  }

  /** Throws 404 for a robot nobody registered. */
  async one(robotId: string): Promise<RobotView> {
    const row = await this.database.maybe<ViewRow>(READ_ROBOT_VIEWS, [robotId]);
    if (row === undefined) throw new ProblemError(404, 'ROBOT_NOT_FOUND', 'There is no robot with this id');
    return this.view(row);
  }

  private view(row: ViewRow): RobotView {
    return {
      robotId: row.robot_id,
      name: row.name,
      capabilities: row.capabilities,
      limits: row.limits,
      url: row.url,
      connected: this.live.connected(row.robot_id),
      ...this.lastState(row),
      lock: lockOf(row),
      activeRoute: activeRouteOf(row),
      queueLength: row.queue_length,
      createdAt: row.created_at.toISOString(),
    };
  }

  /** The row is written every few seconds only; what is in memory is newer. */
  private lastState(row: ViewRow): Pick<RobotView, 'lastState' | 'lastStateAt'> {
    const state = this.live.stateOf(row.robot_id);
    if (state === undefined)
      return { lastState: row.last_state, lastStateAt: row.last_state_at?.toISOString() ?? null };
    const at = new Date(this.clock.now() - this.live.ageMs(row.robot_id));
    return { lastState: { ...state }, lastStateAt: at.toISOString() };
  }
}

function lockOf({ lock_holder, lock_expires_at }: ViewRow): RobotView['lock'] {
  if (lock_holder === null || lock_expires_at === null) return null;
  return { holderName: lock_holder, expiresAt: lock_expires_at.toISOString() };
}

function activeRouteOf(row: ViewRow): RobotView['activeRoute'] {
  const { route_id, start_node, destination, added_at, added_by } = row;
  if (route_id === null || start_node === null || destination === null) return null;
  if (added_at === null || added_by === null) return null;
  return { id: route_id, start: start_node, destination, added_at: added_at.toISOString(), added_by };
}
