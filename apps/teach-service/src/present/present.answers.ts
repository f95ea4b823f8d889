import { Injectable } from '@nestjs/common';
import {
  teachPresent,
  type AskTeachPresent,
  type ExecutionStatus,
  type TeachPresent,
  type TrafficScope,
} from '@teleop/contracts';
import { Answers } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import type { PresentSettings } from './present-settings';
import { READ_RECORDINGS, READ_UNDER_WAY } from './sql/read-present.sql';

interface RecordingRow {
  readonly teach_session_id: string;
  readonly robot_id: string;
  readonly status: 'RECORDING';
  readonly draft_mission_id: string | null;
  readonly traffic_lock_id: string;
  readonly locked_scope_json: TrafficScope | null;
}

interface UnderWayRow {
  readonly execution_id: string;
  readonly mission_id: string;
  readonly robot_id: string | null;
  readonly task_id: string | null;
  readonly status: ExecutionStatus;
  readonly paused: boolean;
  readonly current_step: number;
  readonly total_steps: number;
  readonly reason: string | null;
}

/** What goes on just now, for watchers that join. */
@Injectable()
export class PresentAnswers {
  constructor(
    private readonly database: Database,
    @InjectConfig() private readonly config: PresentSettings,
  ) {}

  @Answers(teachPresent)
  async present({ robotId }: AskTeachPresent): Promise<TeachPresent> {
    const params = [robotId ?? null, this.config.TEACH_PRESENT_MAX];
    const [recordings, underWay] = await Promise.all([
      this.database.query<RecordingRow>(READ_RECORDINGS, params),
      this.database.query<UnderWayRow>(READ_UNDER_WAY, params),
    ]);
    return {
      sessions: recordings.map((row) => ({
        teachSessionId: row.teach_session_id,
        robotId: row.robot_id,
        status: row.status,
        ...(row.draft_mission_id !== null && { draftMissionId: row.draft_mission_id }),
      })),
      locks: recordings.map((row) => ({
        teachSessionId: row.teach_session_id,
        robotId: row.robot_id,
        lockId: row.traffic_lock_id,
        ...(row.locked_scope_json !== null && { scope: row.locked_scope_json }),
      })),
      executions: underWay.map((row) => ({
        executionId: row.execution_id,
        missionId: row.mission_id,
        status: row.status,
        paused: row.paused,
        currentStep: row.current_step,
        totalSteps: row.total_steps,
        ...(row.robot_id !== null && { robotId: row.robot_id }),
        ...(row.task_id !== null && { taskId: row.task_id }),
        ...(row.reason !== null && { reason: row.reason }),
      })),
    };
  }
}
