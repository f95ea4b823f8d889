import { CAPABILITY_NAMES, type MissionSummary, type MissionView } from '@teleop/contracts';
import { checkSteps } from './domain/check-steps';
import type { MissionRow, MissionRowWithSteps } from './mission-record';

export function summaryOf(row: MissionRow): MissionSummary {
  const has = {
    hasGrip: row.required_has_grip,
    hasRotate: row.required_has_rotate,
    hasTelescope: row.required_has_telescope,
    hasHoist: row.required_has_hoist,
  };
  return {
    missionId: row.mission_id,
    name: row.name,
    description: row.description,
    version: row.version,
    status: row.status,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    requiredHasHoist: has.hasHoist,
    requiredHasTelescope: has.hasTelescope,
    requiredHasRotate: has.hasRotate,
    requiredHasGrip: has.hasGrip,
    requiredCapabilities: CAPABILITY_NAMES.filter((name) => has[name]),
    requiredCapabilitiesJson: row.required_capabilities_json,
    estimatedActionTimeSeconds: row.estimated_action_time_seconds,
    stepCount: row.steps_count,
    sourceMissionId: row.source_mission_id,
    lastTeachRobotId: row.last_teach_robot_id,
  };
}

export function missionViewOf(row: MissionRowWithSteps): MissionView {
  return {
    ...summaryOf(row),
    steps: row.steps_json.map((step) => ({ ...step, payload: { ...step.payload } })),
    faults: row.status === 'DRAFT' ? checkSteps(row.steps_json) : [],
  };
}
