import type { Lease } from './command';

export interface LeaseEntry {
  readonly epoch: number;
  readonly state: 'granted' | 'ended';
  /** Milliseconds of the monotonic clock. */
  readonly at: number;
}

const KEEP = 10_000;

/** Every change of who may command, as the robot itself heard of it: what a test holds against the gateway's word. */
export class LeaseLog {
  readonly entries: LeaseEntry[] = [];
  #epoch = 0;
  #state: 'granted' | 'ended' | undefined;

  record(lease: Lease, state: 'granted' | 'ended', at: number): boolean {
    // Said late, by a gateway that has been overtaken: who commands now is not changed by it.
    if (lease.epoch < this.#epoch) return false;
    this.#epoch = lease.epoch;
    this.#state = state;
    this.entries.push({ epoch: lease.epoch, state, at });
    if (this.entries.length > KEEP) this.entries.shift();
    return true;
  }

  /** Why a command must not be obeyed, or undefined. A frame without a lease is the current holder's, if there is one. */
  refusal(lease: Lease | undefined): 'STALE_LEASE' | 'NO_LEASE' | undefined {
    if (lease !== undefined) return lease.epoch < this.#epoch ? 'STALE_LEASE' : undefined;
    return this.#state === 'ended' ? 'NO_LEASE' : undefined;
  }

  get current(): { epoch: number; state: 'granted' | 'ended' } | null {
    return this.#state === undefined ? null : { epoch: this.#epoch, state: this.#state };
  }
}
