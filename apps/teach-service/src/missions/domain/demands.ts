import type { CapabilityName, RobotCapabilities, RobotLimits, RobotRange } from '@teleop/contracts';
import { isStepType, type MissionStep, type MissionStepType } from './steps';

/** What steps ask for by a number; `speed` in m/s. */
export type Limited = 'hoistMm' | 'telescopeMm' | 'rotateDeg' | 'gripMm' | 'speed';

export interface Equipment {
  readonly robotId: string;
  readonly capabilities: RobotCapabilities;
  readonly limits: RobotLimits;
}

/** A number that a step asks for, and where in its payload it stands. */
interface AskedNumber {
  readonly limited: Limited;
  readonly field: string;
  readonly value: number;
}

const NEEDS: Readonly<Record<MissionStepType, CapabilityName | undefined>> = {
  moveToPoint: undefined,
  wait: undefined,
  missionRef: undefined,
  grip: 'hasGrip',
  rotate: 'hasRotate',
  telescope: 'hasTelescope',
  hoist: 'hasHoist',
};

const NUMBERS: Readonly<Partial<Record<MissionStepType, { limited: Limited; field: string }>>> = {
  moveToPoint: { limited: 'speed', field: 'speed' },
  hoist: { limited: 'hoistMm', field: 'targetMm' },
  telescope: { limited: 'telescopeMm', field: 'targetMm' },
  rotate: { limited: 'rotateDeg', field: 'targetDeg' },
  grip: { limited: 'gripMm', field: 'positionMm' },
};

/** What one step needs a robot to have; its references are not followed. */
export function capabilityOf({ type }: MissionStep): CapabilityName | undefined {
  return isStepType(type) ? NEEDS[type] : undefined;
}

/** Undefined also for a payload that is not valid: that is said elsewhere. */
export function askedNumberOf({ type, payload }: MissionStep): AskedNumber | undefined {
  const asked = isStepType(type) ? NUMBERS[type] : undefined;
  if (asked === undefined) return undefined;
  if (type === 'grip' && payload['target'] !== 'position') return undefined;
  const value = payload[asked.field];
  return typeof value === 'number' ? { ...asked, value } : undefined;
}

export function missionReferredTo({ type, payload }: MissionStep): string | undefined {
  const { missionId } = payload;
  return type === 'missionRef' && typeof missionId === 'string' ? missionId.toLowerCase() : undefined;
}

/** Undefined: the robot is not limited there. */
function rangeOf(limited: Limited, { maxLinearVelocity, ...ranges }: RobotLimits): RobotRange | undefined {
  if (limited !== 'speed') return ranges[limited];
  return maxLinearVelocity === undefined ? undefined : { min: 0, max: maxLinearVelocity };
}

/** For people; undefined when the robot may go as far. */
export function exceeded(limited: Limited, value: number, robot: Equipment): string | undefined {
  const range = rangeOf(limited, robot.limits);
  if (range === undefined || (value >= range.min && value <= range.max)) return undefined;
  return `${limited} of robot ${robot.robotId} is limited to ${range.min}..${range.max}, asked for ${value}`;
}

/** What several steps ask for together. */
export class DemandSum {
  readonly capabilities = new Set<CapabilityName>();
  readonly extremes = new Map<Limited, { readonly min: number; readonly max: number }>();

  add(step: MissionStep): void {
    const capability = capabilityOf(step);
    if (capability !== undefined) this.capabilities.add(capability);
    const asked = askedNumberOf(step);
    if (asked !== undefined) this.#widen(asked.limited, asked.value, asked.value);
  }

  addAll({ capabilities, extremes }: DemandSum): void {
    for (const capability of capabilities) this.capabilities.add(capability);
    for (const [limited, { min, max }] of extremes) this.#widen(limited, min, max);
  }

  #widen(limited: Limited, min: number, max: number): void {
    const known = this.extremes.get(limited);
    this.extremes.set(limited, {
      min: Math.min(min, known?.min ?? min),
      max: Math.max(max, known?.max ?? max),
    });
  }
}
