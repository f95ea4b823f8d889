import { Injectable } from '@nestjs/common';
import { RoutePlanner } from '../map/route-planner';
import { Traffic } from '../traffic/traffic';

/** How a robot gets from one node to another now. */
export type PathAnswer =
  | { readonly nodeIds: readonly string[] }
  /** Others hold what it would have to pass. */
  | 'blocked'
  /** The map does not know the nodes: the robot finds its own way. */
  | 'unknown';

/** Ways of routes on the map, around what other robots have locked. */
@Injectable()
export class MapPaths {
  constructor(
    private readonly planner: RoutePlanner,
    private readonly traffic: Traffic,
  ) {}

  async find(robotId: string, start: string, destination: string): Promise<PathAnswer> {
    if (!this.planner.knows(start) || !this.planner.knows(destination)) return 'unknown';
    const blocked = await this.traffic.blockedFor(robotId);
    const plan = this.planner.plan({ from: start, to: destination, robotId, blocked });
    if (plan !== undefined) return { nodeIds: plan.nodeIds };
    // Without traffic there is a way: it will be free again. If there is none at all, the robot has to say so itself.
    return this.planner.plan({ from: start, to: destination, robotId }) === undefined ? 'unknown' : 'blocked';
  }
}
