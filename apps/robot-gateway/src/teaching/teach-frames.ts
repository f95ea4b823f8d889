import { randomUUID } from 'node:crypto';
import { TeachState, validate, type TeachControl } from '@teleop/contracts';
import type { TeachCommand } from '../commands/domain/robot-command';

const MARK = Buffer.from('"teachState"');
/** A corridor of 200 nodes and as many paths. */
const MAX_BYTES = 64 * 1_024;

/** Whether a robot's frame may tell of its state while it is taught. Costs a search of a few bytes. */
export function isTeachState(data: Buffer): boolean {
  return data.length <= MAX_BYTES && data.includes(MARK);
}

/**
 * `{ type: "teachState", messageId, producedAtUtc, payload }`. Whose it is says the socket that it came over, not the frame.
 * Undefined: it is none, or does not hold its contract.
 */
export function readTeachState(robotId: string, data: Buffer): TeachState | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return undefined;
  const checked = validate(TeachState, { ...frame, robotId });
  return checked.ok && checked.value.type === 'teachState' ? checked.value : undefined;
}

/** The source's envelope as a command. */
export function teachCommand(control: TeachControl): TeachCommand {
  return { command: 'TEACH', id: control.messageId, ...control };
}

/** What a robot is told that tells of its state though nobody teaches it. */
export function teachStop(robotId: string, at: number): TeachCommand {
  const messageId = randomUUID();
  const producedAtUtc = new Date(at).toISOString();
  return {
    command: 'TEACH',
    id: messageId,
    messageId,
    producedAtUtc,
    robotId,
    type: 'teachStop',
    payload: {},
  };
}

/** That what was wanted with a state is safe: until then the robot says it again. */
export function teachAck(messageId: string): string {
  return JSON.stringify({ type: 'teachAck', messageId });
}
