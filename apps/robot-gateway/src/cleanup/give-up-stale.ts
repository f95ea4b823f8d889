import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Notifications } from '../events/notifications';
import { Fleet } from '../fleet/fleet';
import { RobotSituations } from '../lease/robot-situation';
import { FORGET_ROBOT_URL } from '../fleet/sql/set-robot-url.sql';
import { RobotHints } from '../replicas/robot-hints';
import { inWords } from '../routes/route-queue';
import { RouteBook } from '../routes/route-book';
import { RouteStore, type Ends } from '../routes/route-store';
import { LiveRobots } from '../telemetry/live-robots';
import { STALE_ROBOTS } from './sql/cleanup.sql';

/**
 * Robots that were not heard of for too long: the route under way is given up, so that the queue is not stuck for ever,
 * and their address is forgotten.
 */
@Injectable()
export class GiveUpStale {
  readonly #listeningSince: number;

  constructor(
    private readonly database: Database,
    private readonly fleet: Fleet,
    private readonly live: LiveRobots,
    private readonly situations: RobotSituations,
    private readonly routes: RouteStore,
    private readonly outlines: RouteBook,
    private readonly hints: RobotHints,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {
    this.#listeningSince = clock.monotonic();
  }

  async run(): Promise<void> {
    // While no gateway ran, no robot could be heard: that is not the robots' silence.
    if (this.clock.monotonic() - this.#listeningSince < this.config.ROBOT_STALE_MS) return;
    const silent = [...this.fleet.all()].filter(({ robotId, url }) => {
      const { active, dispatching } = this.outlines.of(robotId);
      return (url !== null || active || dispatching) && !this.live.connected(robotId);
    });
    if (silent.length === 0) return;
    const stale = await this.database.query<{ robot_id: string }>(STALE_ROBOTS, [
      silent.map(({ robotId }) => robotId),
      this.config.ROBOT_STALE_MS,
    ]);
    for (const { robot_id: robotId } of stale) await this.giveUp(robotId);
  }

  private async giveUp(robotId: string): Promise<void> {
    const { lost, moved } = await this.database.transaction(async (tx) => {
      const { route } = await this.situations.take(tx, robotId);
      // Back since it was found.
      if (this.live.connected(robotId)) return { lost: undefined, moved: false };
      const ends: Ends | undefined =
        route && (await this.routes.finish(tx, route.routeId, route.attempt, 'lost'));
      const changed = await tx.maybe(FORGET_ROBOT_URL, [robotId, this.config.ROBOT_STALE_MS]);
      return { lost: ends, moved: changed !== undefined };
    });
    if (moved) this.hints.give(robotId, 'robot');
    if (lost === undefined) return;
    await this.outlines.refresh(robotId);
    this.hints.give(robotId, 'routes');
    this.notifications.tell({
      robotId,
      priority: 'ERROR',
      event: 'ROUTE',
      message: `The route ${inWords(lost)} was given up: the robot has not been heard of`,
      timestamp: new Date(this.clock.now()).toISOString(),
    });
  }
}
