import { Injectable } from '@nestjs/common';
import type { RobotDescription } from '@teleop/contracts';
import { InjectConfig, ProblemError } from '@teleop/service-kit';
import { problem } from '../problems';
import { publishable, type PublishedAs } from './domain/publishable';
import type { MissionFault } from './domain/step-fault';
import { mustMatch } from './etag';
import type { MissionRowWithSteps } from './mission-record';
import type { MissionSettings } from './mission-settings';
import { MissionStore } from './mission-store';
import { ReferencedMissions, TooManyReferences } from './referenced-missions';
import { Robots } from './robots';

export interface PublishRequest {
  readonly missionId: string;
  /** Whose equipment counts; absent: of the robot it was taught on, if it was. */
  readonly robotId?: string | null;
  readonly ifMatch: string | undefined;
}

/** Flow D. What is published was checked as it stands there: a draft that changes meanwhile is checked anew. */
@Injectable()
export class PublishMission {
  constructor(
    private readonly store: MissionStore,
    private readonly referenced: ReferencedMissions,
    private readonly robots: Robots,
    @InjectConfig() private readonly config: MissionSettings,
  ) {}

  /** One that is no draft is answered as it is. Throws 404, 412, and 422 with everything that is wrong with it. */
  async run({ missionId, robotId, ifMatch }: PublishRequest): Promise<MissionRowWithSteps> {
    for (let attempt = 0; attempt < this.config.MISSION_CHANGE_ATTEMPTS; attempt += 1) {
      const row = await this.store.find(missionId);
      if (row === undefined) throw problem('mission_unknown');
      mustMatch(ifMatch, row);
      if (row.status !== 'DRAFT') return row;
      const published = await this.store.publish(row, await this.check(row, robotId));
      if (published !== undefined) return published;
    }
    throw problem('mission_busy');
  }

  private async check(row: MissionRowWithSteps, robotId: string | null | undefined): Promise<PublishedAs> {
    const named = robotId ?? row.last_teach_robot_id;
    const robot = named === null ? undefined : await this.robots.find(named);
    const result = publishable({
      missionId: row.mission_id,
      steps: row.steps_json,
      referenced: await this.readReferenced(row),
      robot,
    });
    const faults = [...unknownRobot(robotId, robot), ...(result.ok ? [] : result.faults)];
    if (result.ok && faults.length === 0) return result.as;
    throw refusal(faults);
  }

  private async readReferenced(row: MissionRowWithSteps) {
    try {
      return await this.referenced.of(row.steps_json);
    } catch (error) {
      if (!(error instanceof TooManyReferences)) throw error;
      const message = `refers to more than ${this.config.MISSION_MAX_REFERENCES} missions over all levels`;
      throw refusal([{ stepId: null, path: 'steps', code: 'limit_exceeded', message }]);
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

function refusal(errors: readonly MissionFault[]): ProblemError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ProblemError(422, 'VALIDATION_FAILED', `${first?.path}: ${first?.message}${more}`, { errors });
}
