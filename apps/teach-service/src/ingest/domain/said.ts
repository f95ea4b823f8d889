import { createHash } from 'node:crypto';
import { isUuid, validate, TeachState, type TeachStatePayload } from '@teleop/contracts';

/** One message of a robot that is taught, read. Times in milliseconds since the epoch. */
export interface Said {
  readonly robotId: string;
  /** Made of the messageId: said again under it, it is the same sample, and the same step. */
  readonly sampleId: string;
  /** By the robot's clock. */
  readonly ts: number;
  /** By JetStream's clock, and its number: the order of what is of the same moment. */
  readonly storedAt: number;
  readonly seq: number;
  readonly payload: TeachStatePayload;
}

export interface RawMessage {
  readonly subject: string;
  readonly seq: number;
  readonly storedAt: number;
  json(): unknown;
}

/** A name that is no UUID becomes one, always the same. */
export function sampleIdOf(messageId: string): string {
  if (isUuid(messageId)) return messageId.toLowerCase();
  const hex = createHash('sha256').update(messageId).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Or in words why it can never be taken. */
export function readSaid(message: RawMessage): Said | string {
  let body: unknown;
  try {
    body = message.json();
  } catch {
    return 'the message is not JSON';
  }
  const checked = validate(TeachState, body);
  if (!checked.ok) {
    const faults = checked.errors.map(({ path, message: why }) => `${path || 'message'}: ${why}`);
    return `the message does not hold its contract: ${faults.join('; ')}`;
  }
  const { robotId, messageId, producedAtUtc, payload } = checked.value;
  const { subject, seq, storedAt } = message;
  if (robotId !== subject.slice(subject.lastIndexOf('.') + 1))
    return 'robotId: the subject is another robot’s';
  const ts = Date.parse(payload.ts ?? producedAtUtc);
  if (!Number.isFinite(ts)) return `${payload.ts ? 'payload.ts' : 'producedAtUtc'}: is not a moment`;
  return { robotId, sampleId: sampleIdOf(messageId), ts, storedAt, seq, payload };
}
