import { CAPABILITY_NAMES, isUuid, MAX_TASK_STEPS, type CapabilityName } from '@teleop/contracts';
import { checkSteps } from './check-steps';
import { askedNumberOf, capabilityOf, exceeded, missionReferredTo, type Equipment } from './demands';
import { sumMissions, type MissionSum, type Referenced, type Stepped } from './mission-graph';
import type { MissionFault, MissionFaultCode } from './step-fault';
import type { MissionStep } from './steps';

export interface MissionToPublish {
  readonly missionId: string;
  readonly steps: readonly MissionStep[];
  /** Every mission that can be reached from it; those that are missing do not exist. */
  readonly referenced: Referenced;
  /** The robot whose equipment and limits count; undefined: none is known. */
  readonly robot: Equipment | undefined;
}

/** What a published mission says of itself. */
export interface PublishedAs {
  readonly required: ReadonlySet<CapabilityName>;
  /** By capability, the steps that need it. */
  readonly why: Readonly<Partial<Record<CapabilityName, readonly string[]>>>;
  /** Seconds of all steps but moveToPoint. */
  readonly actionTimeSeconds: number;
}

export type Publishable =
  | { readonly ok: true; readonly as: PublishedAs }
  | { readonly ok: false; readonly faults: readonly MissionFault[] };

/** Flow D without its side effects: all that is wrong with the mission at once, or what it is published as. */
export function publishable(mission: MissionToPublish): Publishable {
  const { missionId, steps, referenced } = mission;
  const sums = sumMissions(new Map<string, Stepped>([...referenced, [missionId, { steps }]]));
  const faults = [...checkSteps(steps), ...referenceFaults(mission, sums), ...robotFaults(mission, sums)];
  const own = sums.get(missionId);
  if (own !== undefined) faults.push(...sizeFaults(own));
  if (faults.length > 0 || own === undefined) return { ok: false, faults };
  return {
    ok: true,
    as: {
      required: own.demands.capabilities,
      why: whyRequired(mission, sums),
      actionTimeSeconds: actionTimeOf(steps),
    },
  };
}

/** One NATS message holds 1 MiB; a step is at most 170 bytes beside its payload. */
const MAX_PAYLOAD_BYTES = 512 * 1024;

function* sizeFaults({ stepCount, bytes }: MissionSum): Generator<MissionFault> {
  const tooMuch = (message: string): MissionFault => ({
    stepId: null,
    path: 'steps',
    code: 'limit_exceeded',
    message: `with all missions written out, ${message}`,
  });
  if (stepCount > MAX_TASK_STEPS) yield tooMuch(`${stepCount} steps; ${MAX_TASK_STEPS} may be run`);
  if (bytes > MAX_PAYLOAD_BYTES) yield tooMuch(`${bytes} bytes of payloads; ${MAX_PAYLOAD_BYTES} may be run`);
}

export function actionTimeOf(steps: readonly MissionStep[]): number {
  return steps.reduce(
    (sum, { type, requiredTimeSeconds }) => sum + (type === 'moveToPoint' ? 0 : (requiredTimeSeconds ?? 0)),
    0,
  );
}

type Sums = ReadonlyMap<string, MissionSum>;

function* referenceFaults({ missionId, steps, referenced }: MissionToPublish, sums: Sums) {
  for (const [index, step] of steps.entries()) {
    const referred = missionReferredTo(step);
    if (referred === undefined) continue;
    const fault = (code: MissionFaultCode, message: string): MissionFault => ({
      stepId: step.stepId,
      path: `steps.${index}.payload.missionId`,
      code,
      message,
    });
    const target = referenced.get(referred);
    if (referred === missionId) yield fault('missionRef_cycle', 'a mission cannot refer to itself');
    else if (target !== undefined) {
      if (!sums.has(referred))
        yield fault('missionRef_cycle', `mission ${target.name} leads into a circle of missions`);
      if (target.status !== 'PUBLISHED')
        yield fault('mission_ref_not_published', `mission ${target.name} is ${target.status}`);
    } // One that is no UUID is an invalid payload, and said to be one.
    else if (isUuid(referred)) yield fault('mission_ref_unknown', 'there is no such mission');
  }
}

function* robotFaults({ steps, robot }: MissionToPublish, sums: Sums): Generator<MissionFault> {
  if (robot === undefined) return;
  for (const [index, step] of steps.entries()) {
    const at = (path: string, code: MissionFaultCode, message: string): MissionFault => ({
      stepId: step.stepId,
      path: `steps.${index}.${path}`,
      code,
      message,
    });
    const needed = capabilityOf(step);
    if (needed !== undefined && robot.capabilities[needed] !== true)
      yield at('type', 'capability_missing', `robot ${robot.robotId} lacks ${needed}`);
    const asked = askedNumberOf(step);
    const tooFar = asked && exceeded(asked.limited, asked.value, robot);
    if (tooFar !== undefined) yield at(`payload.${asked?.field}`, 'limit_exceeded', tooFar);
    for (const { code, message } of nestedRobotFaults(sums.get(missionReferredTo(step) ?? ''), robot))
      yield at('payload.missionId', code, message);
  }
}

function* nestedRobotFaults(sum: MissionSum | undefined, robot: Equipment) {
  for (const needed of sum?.demands.capabilities ?? []) {
    if (robot.capabilities[needed] !== true)
      yield { code: 'capability_missing', message: `robot ${robot.robotId} lacks ${needed}` } as const;
  }
  for (const [limited, { min, max }] of sum?.demands.extremes ?? []) {
    const message = exceeded(limited, min, robot) ?? exceeded(limited, max, robot);
    if (message !== undefined) yield { code: 'limit_exceeded', message } as const;
  }
}

function whyRequired({ steps }: MissionToPublish, sums: Sums): PublishedAs['why'] {
  const why: Partial<Record<CapabilityName, string[]>> = {};
  for (const step of steps) {
    const own = capabilityOf(step);
    const nested = sums.get(missionReferredTo(step) ?? '')?.demands.capabilities;
    for (const name of CAPABILITY_NAMES) {
      if (name === own || nested?.has(name)) (why[name] ??= []).push(step.stepId);
    }
  }
  return why;
}
