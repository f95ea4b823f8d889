import { Injectable } from '@nestjs/common';
import { RoutePlanner } from '../map/route-planner';
import { LiveRobots } from '../telemetry/live-robots';
import { Traffic, type Blocked } from '../traffic/traffic';
import { destinationOf } from './domain/tour';

export type Way =
  /** `path` and `etaSeconds` when the map knows both ends and a way between them. */
  | { readonly kind: 'free'; readonly path?: readonly string[]; readonly etaSeconds?: number }
  /** There is one, but others have locked something on it. */
  | { readonly kind: 'blocked' };

const NO_MAP: Way = { kind: 'free' };

/** How robots get to where a task's steps lead, past what others have locked. */
@Injectable()
export class TaskTravel {
  constructor(
    private readonly planner: RoutePlanner,
    private readonly traffic: Traffic,
    private readonly live: LiveRobots,
  ) {}

  /** From where the robot is to where the step leads. A step that leads nowhere on the map is free. */
  async wayOf(robotId: string, payload: Record<string, unknown>): Promise<Way> {
    const to = destinationOf(payload);
    if (to === undefined || !this.planner.knows(to)) return NO_MAP;
    return this.way(robotId, to, await this.traffic.blockedFor(robotId));
  }

  way(robotId: string, to: string, blocked: Blocked): Way {
    const from = this.whereIs(robotId);
    if (from === undefined) return NO_MAP;
    const plan = this.planner.plan({ robotId, from, to, blocked });
    if (plan === undefined) {
      // Without a way at all it is not the others who are in the way: the robot may know better than the map.
      return this.planner.plan({ robotId, from, to }) === undefined ? NO_MAP : { kind: 'blocked' };
    }
    const { nodeIds, etaSeconds } = plan;
    // Named by its name rather than its id: the robot would not find the end of the path.
    return { kind: 'free', etaSeconds, ...(nodeIds.at(-1) === to && { path: nodeIds }) };
  }

  blockedFor(robotId: string): Promise<Blocked> {
    return this.traffic.blockedFor(robotId);
  }

  /** Seconds of the drives behind the first, without traffic; 0 for what the map does not know. */
  tourSeconds(robotId: string, tour: readonly string[]): number {
    let seconds = 0;
    for (const [index, to] of tour.entries()) {
      const from = tour[index - 1];
      if (from !== undefined) seconds += this.planner.plan({ robotId, from, to })?.etaSeconds ?? 0;
    }
    return seconds;
  }

  /** The node it is at, or passed last. */
  private whereIs(robotId: string): string | undefined {
    const { currentPosition, lastNode } = this.live.stateOf(robotId) ?? {};
    return [currentPosition, lastNode].find(
      (node): node is string => typeof node === 'string' && this.planner.knows(node),
    );
  }
}
