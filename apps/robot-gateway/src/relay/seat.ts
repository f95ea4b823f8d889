import type { TurnState } from '../turns/turn-state';

export type SeatTurn = Pick<TurnState, 'turn' | 'tokenHash' | 'userId' | 'expiresAt'>;

export const MANUAL_KINDS = ['drive_lock', 'preemption', 'teach'] as const;
export type ManualKind = (typeof MANUAL_KINDS)[number];

export function isManualKind(kind: unknown): kind is ManualKind {
  return (MANUAL_KINDS as readonly unknown[]).includes(kind);
}

/** By what right a seat commands its robot: the turn of a session, or a lease that a person took by hand. */
export type Tenure =
  | { readonly kind: 'session'; readonly turn: SeatTurn }
  | { readonly kind: ManualKind; readonly userId: string };

/** Whoever drives a robot from this replica, under one epoch of its lease. */
export interface Seat {
  readonly epoch: number;
  readonly tenure: Tenure;
  /** Monotonic milliseconds of the last frame, or of the sitting down. */
  lastFrameAt: number;
  /** Monotonic milliseconds at which other replicas were last told of the seat. */
  announcedAt: number;
  /** Ends the subscription to frames of a robot at another replica. */
  stopHearing(): void;
  /** Its time is over, or another one sits down. */
  end(why: 'over' | 'replaced'): void;
}

export function turnOf(tenure: Tenure | undefined): number | undefined {
  return tenure?.kind === 'session' ? tenure.turn.turn : undefined;
}
