/** What is known of the newest turn on a robot. */
export interface TurnState {
  /** Number of the turn on its robot; only grows. */
  readonly turn: number;
  readonly phase: 'running' | 'ended';
  /** SHA-256 of the control token, lower-case hex. */
  readonly tokenHash: string;
  readonly userId: string;
  /** ISO 8601 in the database's clock; unknown when only the end of the turn was heard of. */
  readonly expiresAt: string | undefined;
  /** The same moment in milliseconds of this process's monotonic clock. */
  readonly deadline: number;
}

interface Fact {
  readonly turn: number;
  readonly tokenHash: string;
  readonly userId: string;
}

interface TurnActivated extends Fact {
  readonly kind: 'activated';
  readonly expiresAt: string;
  readonly deadline: number;
}

interface TurnEnded extends Fact {
  readonly kind: 'ended';
}

export type TurnFact = TurnActivated | TurnEnded;

/**
 * What is known after hearing a fact. Facts come twice, late and out of order: an older turn never replaces a newer one
 * and an ended turn never comes back, so every order of the same facts leads to the same state. Returns the same object
 * when nothing is new.
 */
export function learn(known: TurnState | undefined, fact: TurnFact): TurnState {
  if (known !== undefined && fact.turn < known.turn) return known;
  const sameTurn = known?.turn === fact.turn;
  if (sameTurn && known.phase === 'ended') return known;
  if (fact.kind === 'activated') {
    // The end of a turn never moves; what differs is how well this process's clock could place it.
    if (sameTurn && known.deadline === fact.deadline) return known;
    const { turn, tokenHash, userId, expiresAt, deadline } = fact;
    return { turn, phase: 'running', tokenHash, userId, expiresAt, deadline };
  }
  const { turn, tokenHash, userId } = fact;
  const expiresAt = sameTurn ? known.expiresAt : undefined;
  return { turn, phase: 'ended', tokenHash, userId, expiresAt, deadline: -Infinity };
}

export function isRunning(state: TurnState | undefined, now: number): state is TurnState {
  return state?.phase === 'running' && now < state.deadline;
}

export function isOver(state: TurnState, now: number): boolean {
  return state.phase === 'ended' || now >= state.deadline;
}
