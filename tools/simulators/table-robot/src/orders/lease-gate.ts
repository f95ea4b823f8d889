import type { Lease } from './command';
import { Ring } from './ring';

export type Verdict = 'obeyed' | 'stale_epoch' | 'repeated';

export interface LeaseChange {
  readonly at: number;
  readonly epoch: number;
  readonly state: 'granted' | 'ended';
}

/** So many sequence numbers of the running epoch are remembered; copies come soon or never. */
const REMEMBERED = 1_024;

/**
 * Who may command, as the robot itself sees it. Epochs only grow; a command of an older one, or one it has had, is refused.
 * That a hand-driving epoch has ended is known from the `lease` frame: its late frames are as stale as an older epoch's.
 */
export class LeaseGate {
  #epoch: number | undefined;
  #ended = false;
  #obeyed: Lease | undefined;
  #lastHandSeq = -Infinity;
  readonly #had = new Set<number>();
  readonly #changes = new Ring<LeaseChange>(1_000);

  /** The highest lease obeyed: what telemetry says. */
  get obeyed(): Lease | undefined {
    return this.#obeyed;
  }

  /** Every `lease` frame that was news, oldest first. */
  get changes(): readonly LeaseChange[] {
    return this.#changes.entries;
  }

  /** `hand`: a command that moves the robot by hand, which is of use only while it is the newest of its kind. */
  judge(lease: Lease | undefined, hand: boolean): Verdict {
    if (lease === undefined) return hand && this.#ended ? 'stale_epoch' : 'obeyed';
    if (lease.epoch < (this.#epoch ?? -Infinity)) return 'stale_epoch';
    this.raise(lease.epoch);
    if (hand && this.#ended) return 'stale_epoch';
    if (this.#had.has(lease.seq)) return 'repeated';
    if (hand && lease.seq < this.#lastHandSeq) return 'repeated';
    this.remember(lease, hand);
    return 'obeyed';
  }

  /** False when it is old news, said late by a gateway that has been overtaken. */
  announced(lease: Lease, state: 'granted' | 'ended', at: number): boolean {
    if (lease.epoch < (this.#epoch ?? -Infinity)) return false;
    this.raise(lease.epoch);
    this.#ended = state === 'ended';
    this.#changes.push({ at, epoch: lease.epoch, state });
    return true;
  }

  private raise(epoch: number): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#ended = false;
    this.#lastHandSeq = -Infinity;
    this.#had.clear();
  }

  private remember(lease: Lease, hand: boolean): void {
    this.#had.add(lease.seq);
    if (this.#had.size > REMEMBERED) {
      const [oldest] = this.#had;
      this.#had.delete(oldest!);
    }
    if (hand) this.#lastHandSeq = lease.seq;
    const before = this.#obeyed;
    if (before === undefined || lease.epoch > before.epoch || lease.seq > before.seq) this.#obeyed = lease;
  }
}
