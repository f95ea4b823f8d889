import { Injectable } from '@nestjs/common';
import type { RobotDescription } from '@teleop/contracts';
import { InjectConfig } from '@teleop/service-kit';
import { publishable, type PublishedAs } from './domain/publishable';
import type { Referenced } from './domain/mission-graph';
import type { MissionFault } from './domain/step-fault';
import type { MissionRowWithSteps } from './mission-record';
import type { MissionSettings } from './mission-settings';
import { ReferencedMissions, TooManyReferences } from './referenced-missions';
import { Robots } from './robots';

export interface CheckedMission {
  /** Everything that keeps it from being published. */
  readonly faults: readonly MissionFault[];
  /** What it would be published as; undefined when something is wrong with it. */
  readonly as: PublishedAs | undefined;
  readonly referenced: Referenced;
  readonly robot: RobotDescription | undefined;
}

/** A mission with all it refers to, before a robot. */
@Injectable()
export class CheckMission {
  constructor(
    private readonly referenced: ReferencedMissions,
    private readonly robots: Robots,
    @InjectConfig() private readonly config: MissionSettings,
  ) {}

  /** `robotId`: whose equipment counts; absent: of the robot it was taught on, if it was. */
  async run(row: MissionRowWithSteps, robotId: string | null | undefined): Promise<CheckedMission> {
    const named = robotId ?? row.last_teach_robot_id;
    const [robot, referenced] = await Promise.all([
      named === null ? undefined : this.robots.find(named),
      this.readReferenced(row),
    ]);
    const unknown = unknownRobot(robotId, robot);
    if (referenced === undefined) {
      const message = `refers to more than ${this.config.MISSION_MAX_REFERENCES} missions over all levels`;
      const tooMany = { stepId: null, path: 'steps', code: 'limit_exceeded', message } as const;
      return { faults: [...unknown, tooMany], as: undefined, referenced: new Map(), robot };
    }
    const result = publishable({ missionId: row.mission_id, steps: row.steps_json, referenced, robot });
    const faults = [...unknown, ...(result.ok ? [] : result.faults)];
    return { faults, as: result.ok && faults.length === 0 ? result.as : undefined, referenced, robot };
  }

  private async readReferenced(row: MissionRowWithSteps): Promise<Referenced | undefined> {
    try {
      return await this.referenced.of(row.steps_json);
    } catch (error) {
      if (error instanceof TooManyReferences) return undefined;
      throw error;
    }
  }
}

/** Only one that the caller names must be there: the robot a mission was taught on may be gone long since. */
function unknownRobot(
  named: string | null | undefined,
  robot: RobotDescription | undefined,
): readonly MissionFault[] {
  if (typeof named !== 'string' || robot !== undefined) return [];
  return [{ stepId: null, path: 'robotId', code: 'robot_unknown', message: `there is no robot ${named}` }];
}
