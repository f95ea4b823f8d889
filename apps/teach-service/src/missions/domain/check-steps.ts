import { isUuid } from '@teleop/contracts';
import { isPayload, isStepType, type MissionStep, type MissionStepType, type StepPayload } from './steps';
import type { MissionFault, MissionFaultCode } from './step-fault';

/** A day: what robot-gateway takes for one step. */
export const MAX_STEP_SECONDS = 86_400;
export const MAX_NAME_LENGTH = 128;
export const MAX_REASON_LENGTH = 256;

interface Fault {
  readonly path: string;
  readonly code: MissionFaultCode;
  readonly message: string;
}

/** Every fault that the steps have by themselves, without asking any robot or other mission. */
export function checkSteps(steps: readonly MissionStep[]): MissionFault[] {
  return steps.flatMap((step, index) =>
    [...faultsOf(step)].map(({ path, code, message }) => ({
      stepId: step.stepId,
      path: `steps.${index}.${path}`,
      code,
      message,
    })),
  );
}

function* faultsOf({ type, payload, requiredTimeSeconds }: MissionStep): Generator<Fault> {
  if (!isStepType(type)) {
    yield { path: 'type', code: 'step_type_unknown', message: `there is no step type ${type}` };
    return;
  }
  if (type !== 'moveToPoint' && !isTime(requiredTimeSeconds)) {
    yield {
      path: 'requiredTimeSeconds',
      code: 'step_time_required',
      message: `must be 0-${MAX_STEP_SECONDS} seconds for ${type}`,
    };
  }
  for (const { path, message } of payloadFaults(type, payload)) {
    yield { path: `payload.${path}`, code: 'step_payload_invalid', message };
  }
}

type PayloadFault = Omit<Fault, 'code'>;

function* payloadFaults(type: MissionStepType, payload: StepPayload): Generator<PayloadFault> {
  switch (type) {
    case 'moveToPoint':
      if (isGiven(payload['mapVersionId']) && !isUuid(payload['mapVersionId']))
        yield { path: 'mapVersionId', message: 'must be a UUID' };
      if (isGiven(payload['speed']) && !(isNumber(payload['speed']) && payload['speed'] > 0))
        yield { path: 'speed', message: 'must be a number of m/s above 0' };
      yield* destinationFaults(payload['destination']);
      break;
    case 'grip':
      yield* gripFaults(payload);
      break;
    case 'rotate':
      yield* needsNumber(payload, 'targetDeg');
      break;
    case 'telescope':
    case 'hoist':
      yield* needsNumber(payload, 'targetMm');
      break;
    case 'wait':
      if (isGiven(payload['reason']) && !isText(payload['reason'], MAX_REASON_LENGTH))
        yield { path: 'reason', message: `must be 1-${MAX_REASON_LENGTH} characters` };
      break;
    case 'missionRef':
      if (!isUuid(payload['missionId'])) yield { path: 'missionId', message: 'must be a UUID' };
      if (isGiven(payload['args']) && !isPayload(payload['args']))
        yield { path: 'args', message: 'must be an object' };
      break;
    default:
      return type satisfies never;
  }
}

function* destinationFaults(destination: unknown): Generator<PayloadFault> {
  if (!isPayload(destination)) {
    yield { path: 'destination', message: 'must be an object' };
    return;
  }
  const { nodeId, pointId, x, y } = destination;
  if ([nodeId, pointId, x ?? y].filter(isGiven).length !== 1) {
    yield { path: 'destination', message: 'must have one of nodeId, pointId, and x with y' };
    return;
  }
  for (const [name, value] of Object.entries({ nodeId, pointId })) {
    if (isGiven(value) && !isText(value, MAX_NAME_LENGTH))
      yield { path: `destination.${name}`, message: `must be 1-${MAX_NAME_LENGTH} characters` };
  }
  if (!isGiven(x ?? y)) return;
  for (const [name, value] of Object.entries({ x, y })) {
    if (!isNumber(value)) yield { path: `destination.${name}`, message: 'must be a number of metres' };
  }
}

function* gripFaults(payload: StepPayload): Generator<PayloadFault> {
  const { target } = payload;
  if (target === 'position') yield* needsNumber(payload, 'positionMm');
  else if (target !== 'open' && target !== 'close')
    yield { path: 'target', message: 'must be open, close or position' };
}

function* needsNumber(payload: StepPayload, field: string): Generator<PayloadFault> {
  if (!isNumber(payload[field])) yield { path: field, message: 'must be a number' };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTime(value: unknown): boolean {
  return isNumber(value) && value >= 0 && value <= MAX_STEP_SECONDS;
}

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= max;
}
