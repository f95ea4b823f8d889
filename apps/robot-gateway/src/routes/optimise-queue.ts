import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { RobotSituations } from '../lease/robot-situation';
import { RoutePlanner } from '../map/route-planner';
import { RobotHints } from '../replicas/robot-hints';
import { optimiseOrder } from './domain/optimise-order';
import { RouteStore } from './route-store';

/** Puts the waiting routes into the order that takes the least driving between them. The first one stays the first. */
@Injectable()
export class OptimiseQueue {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly routes: RouteStore,
    private readonly hints: RobotHints,
    private readonly planner: RoutePlanner,
  ) {}

  async run(robotId: string): Promise<void> {
    // The times are looked up before the transaction; a route that is added meanwhile costs one look of its own.
    const before = await this.routes.list(robotId);
    const places = before.flatMap(({ start, destination }) => [start, destination]);
    const travelSeconds = await this.planner.travelTimes(places);
    const reordered = await this.database.transaction(async (tx) => {
      await this.situations.take(tx, robotId);
      const routes = await this.routes.list(robotId, tx);
      const { order } = optimiseOrder({ routes, keepFirst: true, travelSeconds });
      const sorted = order.flatMap((place) => routes[place] ?? []);
      const waiting = sorted.filter(({ waiting: waits }) => waits).map(({ id }) => id);
      if (sorted.every(({ id }, place) => id === routes[place]?.id)) return false;
      await this.routes.reorder(tx, robotId, waiting);
      return true;
    });
    if (reordered) this.hints.give(robotId, 'routes');
  }
}
