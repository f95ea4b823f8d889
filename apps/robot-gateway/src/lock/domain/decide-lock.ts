import type { HeldLease } from '../../lease/lease-store';

export interface LockSituation {
  readonly lease: Pick<HeldLease, 'kind' | 'live' | 'userId' | 'holderName'>;
  readonly lock: { readonly userId: string; readonly name: string } | undefined;
  /** A queued route is being driven, or a task runs. */
  readonly automated: boolean;
}

export interface LockRequester {
  readonly userId: string;
  readonly role: 'Admin' | 'Operator';
}

/**
 * `renew`: he has it and keeps his epoch. `take`: he gets the lease, under a new epoch. `wait`: he gets the lock, and the
 * lease once the hand that is in between is gone.
 */
export type LockDecision =
  { readonly granted: 'renew' | 'take' | 'wait'; readonly revoked: boolean } | { readonly refused: string };

export const AUTOMATED = 'Cannot acquire lock while automated route is active';
const NAMELESS = 'another driver';

/** Who gets the manual-drive lock. An Admin takes it from anybody who drives by hand; sessions and teaching keep it. */
export function decideLock(situation: LockSituation, requester: LockRequester): LockDecision {
  const { lease, lock, automated } = situation;
  const { userId, role } = requester;
  const his = lock?.userId === userId;
  if (lock !== undefined && !his && role !== 'Admin') return { refused: `Lock held by ${lock.name}` };
  const revoked = lock !== undefined && !his;
  const other = lease.live && lease.userId !== userId;
  if (lease.live && (lease.kind === 'session' || (lease.kind === 'teach' && other))) {
    return { refused: `Lock held by ${lease.holderName ?? NAMELESS}` };
  }
  if (automated && role !== 'Admin') return { refused: AUTOMATED };
  if (lease.live && (lease.kind === 'preemption' || lease.kind === 'teach'))
    return { granted: 'wait', revoked };
  return { granted: his && lease.live && !other ? 'renew' : 'take', revoked };
}
