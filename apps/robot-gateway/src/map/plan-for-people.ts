import { Injectable } from '@nestjs/common';
import type { MapPathAnswer, MapPathQuery } from '@teleop/contracts';
import { ProblemError } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { Traffic } from '../traffic/traffic';
import { MapStore } from './map-store';

/** The path a robot would take now, or why it could not. */
@Injectable()
export class PlanForPeople {
  constructor(
    private readonly maps: MapStore,
    private readonly traffic: Traffic,
    private readonly fleet: Fleet,
  ) {}

  /** Throws 404 for what is not there, and 409 when others’ traffic locks are in the way. */
  async plan({ from, to, robotId }: MapPathQuery): Promise<MapPathAnswer> {
    const robot = robotId === undefined ? undefined : this.fleet.wanted(robotId);
    const blocked = robot === undefined ? undefined : await this.traffic.blockedFor(robot.robotId);
    const map = this.maps.current();
    if (map === undefined) throw noMap();
    for (const node of [from, to]) {
      if (map.knows(node)) continue;
      throw new ProblemError(404, 'NODE_NOT_FOUND', `The map has no node ${JSON.stringify(node)}`);
    }
    const maxSpeed = robot?.limits.maxLinearVelocity;
    const plan = map.plan({ from, to, blocked, maxSpeed });
    if (plan === undefined) {
      if (map.plan({ from, to, maxSpeed }) !== undefined)
        throw new ProblemError(409, 'PATH_BLOCKED', 'Other robots have locked every way there');
      throw new ProblemError(404, 'PATH_NOT_FOUND', 'No way leads there');
    }
    return {
      nodeIds: [...plan.nodeIds],
      pathIds: [...plan.pathIds],
      lengthM: plan.lengthM,
      etaSeconds: plan.etaSeconds,
      mapVersionId: map.mapVersionId,
    };
  }
}

export function noMap(): ProblemError {
  return new ProblemError(404, 'MAP_NOT_SET', 'No map was set yet');
}
