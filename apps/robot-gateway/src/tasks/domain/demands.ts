import {
  CAPABILITY_NAMES,
  type CapabilityName,
  type RobotCapabilities,
  type RobotLimits,
  type StepType,
  type TaskStep,
} from '@teleop/contracts';

/** Ranges of a robot's limits that steps have a say in. */
const RANGES = ['hoistMm', 'telescopeMm', 'rotateDeg', 'gripMm'] as const;
type RangeName = (typeof RANGES)[number];

/** What a task's steps ask of a robot, all together. Stored with the task: steps need not be read to find it one. */
export interface Demands {
  readonly capabilities: readonly CapabilityName[];
  /** Least and most that is asked for: mm, degrees. */
  readonly ranges: Readonly<Partial<Record<RangeName, { readonly min: number; readonly max: number }>>>;
}

export interface Equipment {
  readonly capabilities: RobotCapabilities;
  readonly limits: RobotLimits;
}

const NEEDS: Readonly<Record<StepType, CapabilityName | undefined>> = {
  moveToPoint: undefined,
  wait: undefined,
  grip: 'hasGrip',
  rotate: 'hasRotate',
  telescope: 'hasTelescope',
  hoist: 'hasHoist',
};

/** `steps` must have passed `checkSteps`. */
export function demandsOf(steps: readonly TaskStep[], required: readonly CapabilityName[]): Demands {
  const needed = new Set<CapabilityName | undefined>([...required, ...steps.map(({ type }) => NEEDS[type])]);
  const ranges: Partial<Record<RangeName, { min: number; max: number }>> = {};
  for (const step of steps) {
    const asked = askedOf(step);
    if (asked === undefined) continue;
    const { min, max } = ranges[asked.range] ?? { min: asked.value, max: asked.value };
    ranges[asked.range] = { min: Math.min(min, asked.value), max: Math.max(max, asked.value) };
  }
  return { capabilities: CAPABILITY_NAMES.filter((name) => needed.has(name)), ranges };
}

function askedOf({ type, payload }: TaskStep): { range: RangeName; value: number } | undefined {
  switch (type) {
    case 'hoist':
      return { range: 'hoistMm', value: payload['targetMm'] as number };
    case 'telescope':
      return { range: 'telescopeMm', value: payload['targetMm'] as number };
    case 'rotate':
      return { range: 'rotateDeg', value: payload['targetDeg'] as number };
    case 'grip':
      return payload['target'] === 'position'
        ? { range: 'gripMm', value: payload['positionMm'] as number }
        : undefined;
    case 'moveToPoint':
    case 'wait':
      return undefined;
    default:
      return type satisfies never;
  }
}

/** What of the demands the robot has not got. */
export function missingCapabilities(demands: Demands, robot: Equipment): CapabilityName[] {
  return demands.capabilities.filter((name) => robot.capabilities[name] !== true);
}

/** The limits that would be exceeded, for people: `hoistMm is limited to 0..600, asked for 0..900`. */
export function exceededLimits(demands: Demands, robot: Equipment): string[] {
  return RANGES.flatMap((name) => {
    const asked = demands.ranges[name];
    const limit = robot.limits[name];
    if (asked === undefined || limit === undefined || limit === null) return [];
    if (asked.min >= limit.min && asked.max <= limit.max) return [];
    return [`${name} is limited to ${limit.min}..${limit.max}, asked for ${asked.min}..${asked.max}`];
  });
}

export function canServe(demands: Demands, robot: Equipment): boolean {
  return missingCapabilities(demands, robot).length === 0 && exceededLimits(demands, robot).length === 0;
}
