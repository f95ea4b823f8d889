import { Injectable } from '@nestjs/common';
import { Clock, Metrics } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { LeaseBook } from '../lease/lease-book';
import { isHeld } from '../lease/lease-state';
import { RouteBook } from '../routes/route-book';
import { LiveRobots } from '../telemetry/live-robots';

/** What an operator asks about the fleet, as this replica knows it. */
@Injectable()
export class FleetMetrics {
  constructor(
    metrics: Metrics,
    fleet: Fleet,
    live: LiveRobots,
    leases: LeaseBook,
    routes: RouteBook,
    clock: Clock,
  ) {
    const count = (has: (robotId: string) => boolean) => () =>
      [...fleet.all()].filter(({ robotId }) => has(robotId)).length;
    metrics.observed('robots_registered', 'Robots there are', () => [...fleet.all()].length);
    metrics.observed(
      'robots_reporting',
      'Robots whose telemetry is fresh',
      count((robotId) => live.connected(robotId)),
    );
    metrics.observed(
      'robots_speaking_here',
      'Robots whose newest telemetry came to this replica',
      count((robotId) => live.of(robotId)?.here === true && live.connected(robotId)),
    );
    metrics.observed(
      'robots_held',
      'Robots that somebody commands or has locked',
      count(
        (robotId) => isHeld(leases.of(robotId), clock.monotonic()) || leases.lockOf(robotId) !== undefined,
      ),
    );
    metrics.observed('robot_routes_waiting', 'Routes in queues', () =>
      [...routes.robotIds()].reduce((sum, robotId) => sum + routes.of(robotId).queued, 0),
    );
  }
}
