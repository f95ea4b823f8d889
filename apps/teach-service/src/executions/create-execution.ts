import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { MAX_TASK_STEPS, type TaskStep } from '@teleop/contracts';
import { Logger, LOGGER } from '@teleop/service-kit';
import { expandSteps } from '../missions/domain/expand-steps';
import type { MissionRowWithSteps } from '../missions/mission-record';
import { MissionStore } from '../missions/mission-store';
import { summaryOf } from '../missions/mission-views';
import { ReferencedMissions } from '../missions/referenced-missions';
import { Robots } from '../missions/robots';
import { problem } from '../problems';
import type { ExecutionRow } from './execution-record';
import { ExecutionStore } from './execution-store';
import { TaskLink } from './task-link';

export interface ExecutionRequest {
  readonly missionId: string;
  readonly robotId: string | null;
  readonly userId: string;
  readonly correlationId: string | null;
}

/** Flow E. */
@Injectable()
export class CreateExecution {
  constructor(
    private readonly missions: MissionStore,
    private readonly referenced: ReferencedMissions,
    private readonly robots: Robots,
    private readonly store: ExecutionStore,
    private readonly link: TaskLink,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /**
   * Throws 404 and 409, with nothing recorded, for what is certain beforehand. What robot-gateway refuses later fails the
   * execution; when it cannot be asked now, the sweep does, also after this process has died.
   */
  async run(request: ExecutionRequest): Promise<ExecutionRow> {
    const { missionId, robotId, userId, correlationId } = request;
    const mission = await this.missions.find(missionId);
    if (mission === undefined) throw problem('mission_unknown');
    if (mission.status !== 'PUBLISHED') throw problem('mission_not_published');
    const steps = await this.stepsOf(mission);
    if (steps.length === 0) throw problem('mission_empty');
    if (robotId !== null) await this.mustBeThere(robotId);
    const { execution_id: executionId } = await this.store.insert({
      executionId: randomUUID(),
      robotId,
      request: {
        taskId: randomUUID(),
        missionId,
        missionVersion: mission.version,
        ...(robotId !== null && { robotId }),
        requiredCapabilities: summaryOf(mission).requiredCapabilities,
        steps,
        createdBy: userId,
        correlationId,
      },
    });
    await this.link.create(executionId).catch((error: unknown) => {
      this.log.warn({ err: error, executionId }, 'the task could not be asked for; it will be again');
    });
    const row = await this.store.find(executionId);
    if (row === undefined) throw new Error(`execution ${executionId} is gone`);
    return row;
  }

  private async stepsOf(mission: MissionRowWithSteps): Promise<TaskStep[]> {
    const referenced = await this.referenced.of(mission.steps_json);
    return expandSteps(mission.steps_json, referenced, MAX_TASK_STEPS);
  }

  private async mustBeThere(robotId: string): Promise<void> {
    const robot = await this.robots.find(robotId);
    if (robot === undefined) throw problem('robot_unknown');
    if (!robot.connected) throw problem('robot_offline');
  }
}
