import { HOLDER_KINDS, type HolderKind } from './holder';
import type { LeaseState } from './lease-state';

/** A lease as the database says and replicas tell each other; durations instead of moments, as clocks differ. */
export interface LeaseFact {
  readonly robotId: string;
  readonly epoch: number;
  readonly version: number;
  readonly kind: HolderKind;
  readonly userId: string | null;
  /** Milliseconds; null without an end. */
  readonly remainingMs: number | null;
  readonly lock: { readonly userId: string; readonly name: string; readonly remainingMs: number } | null;
}

export function stateOfFact(fact: LeaseFact, now: number): LeaseState {
  const { epoch, version, kind, userId, remainingMs, lock } = fact;
  return {
    epoch,
    version,
    kind,
    userId,
    deadline: remainingMs === null ? Infinity : now + remainingMs,
    lock:
      lock === null ? undefined : { userId: lock.userId, name: lock.name, deadline: now + lock.remainingMs },
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

/** The message, or undefined when it is not one: a replica of another version must not break this one. */
export function parseLeaseFact(text: string): LeaseFact | undefined {
  let fact: Partial<LeaseFact> | null;
  try {
    fact = JSON.parse(text) as Partial<LeaseFact> | null;
  } catch {
    return undefined;
  }
  if (typeof fact !== 'object' || fact === null) return undefined;
  const { robotId, epoch, version, kind, userId, remainingMs, lock } = fact;
  const fits =
    typeof robotId === 'string' &&
    isNumber(epoch) &&
    isNumber(version) &&
    HOLDER_KINDS.some((known) => known === kind) &&
    isTextOrNull(userId) &&
    (remainingMs === null || isNumber(remainingMs)) &&
    (lock === null ||
      (typeof lock === 'object' &&
        typeof lock.userId === 'string' &&
        typeof lock.name === 'string' &&
        isNumber(lock.remainingMs)));
  return fits ? (fact as LeaseFact) : undefined;
}
