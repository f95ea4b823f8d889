/** What can be wrong with a mission that is to be published. */
export const MISSION_FAULT_CODES = [
  'step_type_unknown',
  'step_time_required',
  'step_payload_invalid',
  'missionRef_cycle',
  'mission_ref_unknown',
  'mission_ref_not_published',
  'capability_missing',
  'limit_exceeded',
  'robot_unknown',
] as const;
export type MissionFaultCode = (typeof MISSION_FAULT_CODES)[number];

export interface MissionFault {
  /** Null: not about one step. */
  readonly stepId: string | null;
  /** Dotted, within the mission: steps.3.payload.targetMm. */
  readonly path: string;
  readonly code: MissionFaultCode;
  /** For people. */
  readonly message: string;
}
