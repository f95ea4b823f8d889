import type { HolderKind } from './holder';

export interface LockState {
  readonly userId: string;
  readonly name: string;
  /** Monotonic milliseconds of this process. */
  readonly deadline: number;
}

/** Who may command a robot, as this process knows it. */
export interface LeaseState {
  readonly epoch: number;
  /** Orders changes within an epoch: renewals, and changes of the lock while an Admin's hand is in between. */
  readonly version: number;
  readonly kind: HolderKind;
  readonly userId: string | null;
  /** Monotonic milliseconds of this process; Infinity without an end. */
  readonly deadline: number;
  /** The manual-drive lock; its holder commands unless somebody came in between. */
  readonly lock: LockState | undefined;
}

/** The newer of the two. Facts come twice, late and out of order; every order leads to the same state. */
export function newerLease(known: LeaseState | undefined, heard: LeaseState): LeaseState {
  if (known === undefined || heard.epoch > known.epoch) return heard;
  return heard.epoch === known.epoch && heard.version > known.version ? heard : known;
}

/** Nothing but ends moved: lease and lock are with whom they were. */
export function isSameHolder(state: LeaseState, before: LeaseState | undefined): boolean {
  // Everything but the lock counts the epoch up.
  return before?.epoch === state.epoch && before.lock?.userId === state.lock?.userId;
}

/** Somebody holds it now. */
export function isHeld(state: LeaseState | undefined, now: number): state is LeaseState {
  return state !== undefined && state.kind !== 'none' && now < state.deadline;
}

export function lockOf(state: LeaseState | undefined, now: number): LockState | undefined {
  return state?.lock !== undefined && now < state.lock.deadline ? state.lock : undefined;
}
