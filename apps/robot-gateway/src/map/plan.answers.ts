import { Injectable } from '@nestjs/common';
import { planPath, type AskPlan, type PlanAnswer } from '@teleop/contracts';
import { Answers, refuse } from '@teleop/messaging';
import { Fleet } from '../fleet/fleet';
import { Traffic } from '../traffic/traffic';
import type { Plan } from './domain/active-map';
import { MapStore } from './map-store';

/** Paths as other services ask for them, to see beforehand how a mission would go. */
@Injectable()
export class PlanAnswers {
  constructor(
    private readonly maps: MapStore,
    private readonly traffic: Traffic,
    private readonly fleet: Fleet,
  ) {}

  @Answers(planPath)
  async plan({ robotId, from, to, ignoreTraffic = false }: AskPlan): Promise<PlanAnswer> {
    const robot = robotId === undefined ? undefined : this.fleet.find(robotId);
    if (robotId !== undefined && robot === undefined) {
      throw refuse(planPath, 'robot_unknown', `there is no robot ${robotId}`);
    }
    const locked = await this.traffic.lockedByOthers(robotId);
    const map = this.maps.current();
    for (const node of [from, to]) {
      if (map?.knows(node) === true) continue;
      const why = map === undefined ? 'no map was set yet' : `the map has no node ${JSON.stringify(node)}`;
      throw refuse(planPath, 'node_unknown', why);
    }
    const request = { from, to, maxSpeed: robot?.limits.maxLinearVelocity };
    const blocked = {
      nodeIds: locked.flatMap(({ scope }) => scope.nodeIds),
      pathIds: locked.flatMap(({ scope }) => scope.pathIds),
    };
    const free = ignoreTraffic ? undefined : map?.plan({ ...request, blocked });
    if (free !== undefined) return answerOf(free, []);
    const plan = map?.plan(request);
    if (plan === undefined) throw refuse(planPath, 'no_path', `no way leads from ${from} to ${to}`);
    return answerOf(plan, locked);
  }
}

type Locked = PlanAnswer['blockedBy'];

function answerOf({ nodeIds, pathIds, lengthM, etaSeconds }: Plan, locked: Locked): PlanAnswer {
  // The node it stands on does not hold it up.
  const entered = new Set(nodeIds.slice(1));
  const driven = new Set(pathIds);
  const blockedBy = locked
    .map(({ robotId, scope }) => ({
      robotId,
      scope: {
        nodeIds: scope.nodeIds.filter((id) => entered.has(id)),
        pathIds: scope.pathIds.filter((id) => driven.has(id)),
      },
    }))
    .filter(({ scope }) => scope.nodeIds.length + scope.pathIds.length > 0);
  return { nodeIds: [...nodeIds], pathIds: [...pathIds], lengthM, etaSeconds, blockedBy };
}
