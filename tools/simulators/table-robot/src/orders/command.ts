export interface Lease {
  readonly epoch: number;
  readonly seq: number;
}

export interface Step {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly requiredTimeSeconds?: number;
}

export type Command =
  | {
      readonly command: 'NAVIGATE';
      readonly id?: string;
      readonly start: string;
      readonly destination: string;
      readonly path?: readonly string[];
    }
  | { readonly command: 'CANCEL'; readonly id?: string; readonly taskId?: string }
  | { readonly command: 'SET_MODE'; readonly id?: string; readonly mode: string }
  | {
      readonly command: 'DRIVE_COMMAND';
      readonly id?: string;
      /** m/s. */
      readonly linear: number;
      /** rad/s. */
      readonly angular: number;
    }
  | {
      readonly command: 'EXECUTE_STEP';
      readonly id: string;
      readonly taskId: string;
      readonly stepId: string;
      readonly step: Step;
      readonly path?: readonly string[];
      readonly timeoutSeconds?: number;
    }
  | {
      readonly command: 'TEACH';
      readonly id: string;
      readonly type: 'teachStart' | 'teachStop';
      /** Null: whatever is taught; only a stop may say so. */
      readonly sessionId: string | null;
    };

export type Frame =
  | { readonly kind: 'command'; readonly command: Command; readonly lease: Lease | undefined }
  | { readonly kind: 'lease'; readonly lease: Lease; readonly state: 'granted' | 'ended' }
  /** The gateway has what was wanted with this message. */
  | { readonly kind: 'teachAck'; readonly messageId: string }
  /** `id` when it could be read: a command that makes no sense is still answered. */
  | { readonly kind: 'bad'; readonly reason: string; readonly id?: string };

type Fields = Readonly<Record<string, unknown>>;
type Outcome = Command | { readonly bad: string };

/** Reads a frame of the control socket. Never throws; fields it does not know are ignored, as the protocol says. */
export function parseFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'bad', reason: 'BAD_JSON' };
  }
  if (!isRecord(value)) return { kind: 'bad', reason: 'BAD_FRAME' };
  const lease = readLease(value['lease']);
  if (value['type'] === 'lease') {
    const { state } = value;
    if (lease === undefined || (state !== 'granted' && state !== 'ended'))
      return { kind: 'bad', reason: 'BAD_LEASE' };
    return { kind: 'lease', lease, state };
  }
  if (value['type'] === 'teachAck') return readTeachAck(value['messageId']);
  const command = readCommand(value);
  if (!('bad' in command)) return { kind: 'command', command, lease };
  const id = optionalText(value['id']);
  return { kind: 'bad', reason: command.bad, ...(id === undefined ? {} : { id }) };
}

function readCommand(fields: Fields): Outcome {
  const { command } = fields;
  const id = optionalText(fields['id']);
  const named = id === undefined ? {} : { id };
  switch (command) {
    case 'NAVIGATE': {
      const { start, destination } = fields;
      if (!isText(start) || !isText(destination)) return { bad: 'BAD_COMMAND start, destination' };
      return withPath({ command, ...named, start, destination }, fields['path']);
    }
    case 'CANCEL': {
      const taskId = optionalText(fields['taskId']);
      return { command, ...named, ...(taskId === undefined ? {} : { taskId }) };
    }
    case 'SET_MODE':
      return isText(fields['mode'])
        ? { command, ...named, mode: fields['mode'] }
        : { bad: 'BAD_COMMAND mode' };
    case 'DRIVE_COMMAND': {
      const { linear_velocity: linear, angular_velocity: angular } = fields;
      if (!isNumber(linear) || !isNumber(angular)) return { bad: 'BAD_COMMAND velocity' };
      return { command, ...named, linear, angular };
    }
    case 'EXECUTE_STEP':
      return readExecuteStep(fields, id);
    case 'TEACH':
      return readTeach(fields, id);
    default:
      return { bad: 'UNKNOWN_COMMAND' };
  }
}

function readTeachAck(messageId: unknown): Frame {
  return isText(messageId) ? { kind: 'teachAck', messageId } : { kind: 'bad', reason: 'BAD_FRAME messageId' };
}

function readTeach({ type, payload }: Fields, id: string | undefined): Outcome {
  const sessionId = isRecord(payload) ? (optionalText(payload['teachSessionId']) ?? null) : null;
  if (id === undefined || (type !== 'teachStart' && type !== 'teachStop'))
    return { bad: 'BAD_COMMAND id, type' };
  if (type === 'teachStart' && sessionId === null) return { bad: 'BAD_COMMAND payload.teachSessionId' };
  return { command: 'TEACH', id, type, sessionId };
}

function readExecuteStep(fields: Fields, id: string | undefined): Outcome {
  const { taskId, stepId, step, timeoutSeconds } = fields;
  if (id === undefined || !isText(taskId) || !isText(stepId))
    return { bad: 'BAD_COMMAND id, taskId, stepId' };
  if (!isRecord(step) || !isText(step['type'])) return { bad: 'BAD_COMMAND step' };
  const seconds = step['requiredTimeSeconds'];
  return withPath(
    {
      command: 'EXECUTE_STEP',
      id,
      taskId,
      stepId,
      step: {
        type: step['type'],
        payload: isRecord(step['payload']) ? step['payload'] : {},
        ...(isNumber(seconds) ? { requiredTimeSeconds: seconds } : {}),
      },
      ...(isNumber(timeoutSeconds) ? { timeoutSeconds } : {}),
    },
    fields['path'],
  );
}

function withPath<C extends Command>(
  command: C,
  path: unknown,
): (C & { path?: readonly string[] }) | { bad: string } {
  if (path === undefined || path === null) return command;
  if (!Array.isArray(path) || !path.every(isText)) return { bad: 'BAD_COMMAND path' };
  return { ...command, path };
}

function readLease(value: unknown): Lease | undefined {
  if (!isRecord(value)) return undefined;
  const { epoch, seq } = value;
  return isNumber(epoch) && isNumber(seq) ? { epoch, seq } : undefined;
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const optionalText = (value: unknown): string | undefined => (isText(value) ? value : undefined);
