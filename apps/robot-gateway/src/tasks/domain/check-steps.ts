import type { TaskStep } from '@teleop/contracts';

export interface StepFault {
  /** Dotted, e.g. steps.2.payload.targetMm. */
  readonly path: string;
  readonly message: string;
}

type Payload = Readonly<Record<string, unknown>>;

const MAX_NAME = 128;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= MAX_NAME;
const isRecord = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every fault of every step's payload and time; a payload may hold more than what is asked for here. */
export function checkSteps(steps: readonly TaskStep[]): StepFault[] {
  return steps.flatMap((step, index) =>
    [...faultsOf(step)].map(({ path, message }) => ({ path: `steps.${index}.${path}`, message })),
  );
}

function* faultsOf({ type, payload, requiredTimeSeconds }: TaskStep): Generator<StepFault> {
  if (type !== 'moveToPoint' && (requiredTimeSeconds ?? null) === null) {
    yield { path: 'requiredTimeSeconds', message: `must be given for ${type}` };
  }
  switch (type) {
    case 'moveToPoint':
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
      break;
    default:
      return type satisfies never;
  }
}

function* destinationFaults(destination: unknown): Generator<StepFault> {
  const path = 'payload.destination';
  if (!isRecord(destination)) {
    yield { path, message: 'must be an object' };
    return;
  }
  const { nodeId, pointId, x, y } = destination;
  const given = [nodeId, pointId, x ?? y].filter((value) => value !== undefined && value !== null);
  if (given.length !== 1) yield { path, message: 'must have one of nodeId, pointId, and x with y' };
  else if (nodeId !== undefined && nodeId !== null) {
    if (!isName(nodeId)) yield { path: `${path}.nodeId`, message: `must be 1-${MAX_NAME} characters` };
  } else if (pointId !== undefined && pointId !== null) {
    if (!isName(pointId)) yield { path: `${path}.pointId`, message: `must be 1-${MAX_NAME} characters` };
  } else {
    for (const [name, value] of Object.entries({ x, y })) {
      if (!isNumber(value)) yield { path: `${path}.${name}`, message: 'must be a number of metres' };
    }
  }
}

function* gripFaults(payload: Payload): Generator<StepFault> {
  const { target } = payload;
  if (target === 'position') yield* needsNumber(payload, 'positionMm');
  else if (target !== 'open' && target !== 'close')
    yield { path: 'payload.target', message: 'must be open, close or position' };
}

function* needsNumber(payload: Payload, field: string): Generator<StepFault> {
  if (!isNumber(payload[field])) yield { path: `payload.${field}`, message: 'must be a number' };
}
