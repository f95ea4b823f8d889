import { Injectable } from '@nestjs/common';
import { RoutePlanner } from '../map/route-planner';
import { Traffic } from '../traffic/traffic';

/** How a robot gets from one node to another now. */
export type PathAnswer =
  | { readonly nodeIds: readonly string[] }
  /** Others hold what it would have to pass. */
  | 'blocked'
  /** The map does not know the nodes, by these ids: the robot finds its own way. */
  | 'unknown';

/** Ways of routes on the map, around what other robots have locked. */
@Injectable()
export class MapPaths {
  constructor(
    private readonly planner: RoutePlanner,
    private readonly traffic: Traffic,
  ) {}

  /** `start` and `destination` as people named them: nodes of the map, or of the robot's own. */
  async find(robotId: string, start: string, destination: string): Promise<PathAnswer> {
    const blocked = await this.traffic.blockedFor(robotId);
    const ends = [start, destination];
    if (!ends.every((node) => this.planner.knows(node))) {
      // Locks may name nodes that no map knows; the robot then goes neither to nor from them.
      return ends.some((node) => blocked.nodeIds.has(node)) ? 'blocked' : 'unknown';
    }
    const plan = this.planner.plan({ from: start, to: destination, robotId, blocked });
    if (plan === undefined) {
      // Without traffic there is a way: it will be free again. If there is none at all, the robot has to say so itself.
      return this.planner.plan({ from: start, to: destination, robotId }) === undefined
        ? 'unknown'
        : 'blocked';
    }
    const { nodeIds } = plan;
    // Named by its name rather than its id, the robot would not find its node in the path.
    return nodeIds[0] === start && nodeIds.at(-1) === destination ? { nodeIds } : 'unknown';
  }
}
