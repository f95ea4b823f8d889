import type { MissionStatus } from '@teleop/contracts';
import type { MissionStep } from './domain/steps';

/** A row of teach.mission. */
export interface MissionRow {
  readonly mission_id: string;
  /** bigint: text. */
  readonly mission_no: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: number;
  readonly revision: number;
  readonly status: MissionStatus;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly required_has_hoist: boolean;
  readonly required_has_telescope: boolean;
  readonly required_has_rotate: boolean;
  readonly required_has_grip: boolean;
  readonly required_capabilities_json: object | null;
  readonly estimated_action_time_seconds: number | null;
  readonly source_mission_id: string | null;
  readonly last_teach_robot_id: string | null;
  readonly steps_count: number;
}

export interface MissionRowWithSteps extends MissionRow {
  readonly steps_json: readonly MissionStep[];
}

export interface NewMission {
  readonly missionId: string;
  readonly name: string;
  readonly description: string | null;
  readonly steps: readonly MissionStep[];
  readonly createdBy: string;
  /** Of the mission it is a copy of; 0 for a new one. */
  readonly version?: number;
  readonly sourceMissionId?: string;
  /** The robot it is taught on. */
  readonly robotId?: string;
}
