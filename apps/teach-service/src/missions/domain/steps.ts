import { STEP_TYPES, type StepType } from '@teleop/contracts';

/** What a mission may have as a step: what a robot does, and another mission. */
export const MISSION_STEP_TYPES = [...STEP_TYPES, 'missionRef'] as const;
export type MissionStepType = StepType | 'missionRef';

export const STEP_SCHEMA_VERSION = 1;

export type StepPayload = Readonly<Record<string, unknown>>;

/** A step as it is stored. Of a draft nothing but its shape is certain: `check-steps.ts` says what is wrong with it. */
export interface MissionStep {
  readonly schemaVersion: typeof STEP_SCHEMA_VERSION;
  /** Unique within its mission. */
  readonly stepId: string;
  readonly type: string;
  readonly requiredTimeSeconds?: number | null;
  readonly payload: StepPayload;
}

/** What an operator wanted while he taught, as the robot passes it on; unchecked. */
export interface StepIntent {
  readonly type?: unknown;
  readonly payload?: unknown;
  readonly requiredTimeSeconds?: unknown;
}

/** A type's length that is still worth storing. */
export const MAX_TYPE_LENGTH = 64;

export function isStepType(type: string): type is MissionStepType {
  return (MISSION_STEP_TYPES as readonly string[]).includes(type);
}

export function isPayload(value: unknown): value is StepPayload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A draft's step of an intent; undefined when it has not the shape of one. What it says is judged with the mission. */
export function stepOfIntent(intent: StepIntent, stepId: string): MissionStep | undefined {
  const { type, payload = {}, requiredTimeSeconds } = intent;
  if (typeof type !== 'string' || type === '' || type.length > MAX_TYPE_LENGTH) return undefined;
  if (!isPayload(payload)) return undefined;
  const timed = typeof requiredTimeSeconds === 'number' && Number.isFinite(requiredTimeSeconds);
  return {
    schemaVersion: STEP_SCHEMA_VERSION,
    stepId,
    type,
    ...(timed && { requiredTimeSeconds }),
    payload,
  };
}
