import { isRobotId } from '@teleop/contracts';
import { isManualKind, type ManualKind } from '../relay/seat';

/** What replicas tell each other about who is where, as JSON over core NATS. */
export type Presence = RobotPresence | SeatPresence | WhoHasRobot;

interface RobotPresence {
  readonly kind: 'robot';
  readonly robotId: string;
  readonly replica: string;
  readonly state: 'here' | 'gone';
  readonly generation: number;
}

export type SeatPresence = {
  readonly kind: 'seat';
  readonly robotId: string;
  readonly replica: string;
  readonly epoch: number;
} & (
  | {
      readonly state: 'here';
      readonly turn: { turn: number; tokenHash: string; userId: string; expiresAt: string };
      /** Of the turn, when this was sent. */
      readonly remainingMs: number;
    }
  /** Somebody drives by hand; how long is the lease's to say. */
  | { readonly state: 'here'; readonly manual: { kind: ManualKind; userId: string } }
  | { readonly state: 'gone' }
);

/** Whoever holds the robot's socket says so. */
interface WhoHasRobot {
  readonly kind: 'who';
  readonly robotId: string;
  readonly replica: string;
}

export function isPresenceOfSeat(presence: Presence): presence is SeatPresence {
  return presence.kind === 'seat';
}

type Fields = Record<string, unknown>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function isTurn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { turn, tokenHash, userId, expiresAt } = value as Fields;
  return isNumber(turn) && isText(tokenHash) && isText(userId) && isText(expiresAt);
}

function isManual(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, userId } = value as Fields;
  return isManualKind(kind) && isText(userId);
}

function holds(fields: Fields): boolean {
  const { kind, state } = fields;
  if (kind === 'who') return true;
  if (state !== 'here' && state !== 'gone') return false;
  if (kind === 'robot') return isNumber(fields['generation']);
  if (kind !== 'seat' || !isNumber(fields['epoch'])) return false;
  if (state === 'gone' || isManual(fields['manual'])) return true;
  return isNumber(fields['remainingMs']) && isTurn(fields['turn']);
}

/** The message, or undefined when it is not one: a replica of another version must not break this one. */
export function parsePresence(text: string): Presence | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Fields;
  if (!isRobotId(fields['robotId']) || !isText(fields['replica']) || !holds(fields)) return undefined;
  return fields as unknown as Presence;
}
