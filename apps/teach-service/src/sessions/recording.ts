import { isOperational, type TrafficScope } from '@teleop/contracts';
import type { Failure } from './domain/session-status';
import type { SessionRow } from './session-record';
import type { TrafficLocks } from './traffic-locks';

export interface RecordingPorts {
  readonly locks: TrafficLocks;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly heartbeatMs: number;
  /** How long a lock lives without a heartbeat. */
  readonly ttlMs: number;
  /** Writes down that traffic has it; false when the recording is over. */
  readonly scopeLocked: (row: SessionRow, scope: TrafficScope) => Promise<void>;
}

/** One recording that this replica keeps: its heartbeats, and its lock's scope. */
export class Recording {
  #beatAt: number;
  /** The last moment at which the lock was certainly there. */
  #lockedAt: number;
  #confirmed: boolean;
  #busy = false;

  /** `begun`: here and now, with a fresh lock; else it was another replica's, and nobody knows what became of its lock. */
  constructor(
    private readonly ports: RecordingPorts,
    begun: boolean,
  ) {
    this.#lockedAt = ports.now();
    this.#beatAt = begun ? this.#lockedAt + ports.heartbeatMs : this.#lockedAt;
    this.#confirmed = begun;
  }

  /** Does what is due, if anything is; says why the recording must end. */
  async tend(row: SessionRow): Promise<Failure | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    try {
      return (await this.beat(row)) ?? (await this.grow(row));
    } catch (error) {
      if (!isOperational(error)) throw error;
      return this.ports.now() - this.#lockedAt >= this.ports.ttlMs ? 'traffic_unreachable' : undefined;
    } finally {
      this.#busy = false;
    }
  }

  private async beat({ traffic_lock_id: lockId }: SessionRow): Promise<Failure | undefined> {
    const asked = this.ports.now();
    if (lockId === null || asked < this.#beatAt) return undefined;
    const { outcome } = await this.ports.locks.heartbeat(lockId);
    if (outcome !== 'ok') return this.#confirmed ? 'traffic_lock_lost' : 'service_lost';
    this.#confirmed = true;
    this.#lockedAt = asked;
    // By the clock, not by the answer: a slow one must not stretch the beat.
    this.#beatAt = Math.max(this.#beatAt + this.ports.heartbeatMs, asked);
    return undefined;
  }

  private async grow(row: SessionRow): Promise<Failure | undefined> {
    const { traffic_lock_id: lockId, scope_json: wanted, locked_scope_json: locked } = row;
    if (lockId === null || sameScope(wanted, locked)) return undefined;
    const { outcome } = await this.ports.locks.changeScope(lockId, wanted);
    if (outcome === 'conflict') return 'traffic_lock_conflict';
    if (outcome !== 'ok') return 'traffic_lock_lost';
    await this.ports.scopeLocked(row, wanted);
    return undefined;
  }
}

/** Scopes are written in one order. */
function sameScope(one: TrafficScope, other: TrafficScope | null): boolean {
  return (
    other !== null &&
    one.nodeIds.join('\n') === other.nodeIds.join('\n') &&
    one.pathIds.join('\n') === other.pathIds.join('\n')
  );
}
