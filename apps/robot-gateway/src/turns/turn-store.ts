import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { LeaseStore } from '../lease/lease-store';
import { APPLY_ACTIVATED } from './sql/apply-activated.sql';
import { APPLY_ENDED } from './sql/apply-ended.sql';
import { READ_RUNNING_TURNS, READ_TURNS } from './sql/read-turns.sql';
import { SIT_DOWN } from './sql/sit-down.sql';

export interface TurnIdentity {
  readonly robotId: string;
  readonly turn: number;
  readonly tokenHash: string;
  readonly userId: string;
}

export interface StoredTurn extends TurnIdentity {
  readonly expiresAt: string | undefined;
  readonly ended: boolean;
}

interface TurnRow {
  readonly robot_id: string;
  readonly turn: string;
  readonly token_hash: string;
  readonly user_id: string;
  readonly expires_at: Date | null;
  readonly ended_at: Date | null;
}

export type Seating = { readonly epoch: number } | { readonly refused: 'over' | 'held' };

/**
 * Turns and the session's share of the lease, in PostgreSQL. Every change touches the turn first and the lease second,
 * in one transaction: that order is what keeps an ended turn from being seated.
 */
@Injectable()
export class TurnStore {
  constructor(
    private readonly database: Database,
    private readonly leases: LeaseStore,
  ) {}

  /** Records a turn that began and reserves the lease for it; nothing happens when it, or a newer one, is known. */
  async activated(tx: Tx, turn: TurnIdentity & { expiresAt: string }): Promise<void> {
    const { robotId, tokenHash, userId, expiresAt } = turn;
    const fresh = await tx.maybe(APPLY_ACTIVATED, [robotId, turn.turn, tokenHash, userId, expiresAt]);
    if (fresh === undefined) return;
    // Refused while a person holds the robot by another kind of lease: the driver is then let in when that ends.
    await this.leases.take(tx, { ...turn, kind: 'session', holder: null });
  }

  /** Records the end of a turn and frees the lease it had. `endedAt` undefined: the end was inferred, just now. */
  async ended(tx: Tx, turn: TurnIdentity & { endedAt?: string; reason?: string }): Promise<void> {
    const { robotId, tokenHash, userId, endedAt, reason } = turn;
    const params = [robotId, turn.turn, tokenHash, userId, endedAt ?? null, reason ?? null];
    const fresh = await tx.maybe(APPLY_ENDED, params);
    if (fresh === undefined) return;
    await this.leases.release(tx, { robotId, kind: 'session', upToTurn: turn.turn });
  }

  /** Seats the driver of a turn: the new epoch, or why not. Also records the turn when its event is still on its way. */
  async seat(turn: TurnIdentity & { expiresAt: string }, seat: string): Promise<Seating> {
    return this.database.transaction<Seating>(async (tx) => {
      await this.activated(tx, turn);
      const sitting = await tx.maybe(SIT_DOWN, [turn.robotId, turn.turn, turn.tokenHash]);
      if (sitting === undefined) return { refused: 'over' };
      const epoch = await this.leases.take(tx, { ...turn, kind: 'session', holder: seat });
      return epoch === undefined ? { refused: 'held' } : { epoch };
    });
  }

  /** Applies in a transaction of its own what was learned other than by an event. */
  async inOwnTransaction(work: (tx: Tx) => Promise<void>): Promise<void> {
    await this.database.transaction(work);
  }

  async read(robotIds: readonly string[]): Promise<StoredTurn[]> {
    return (await this.database.query<TurnRow>(READ_TURNS, [robotIds])).map(stored);
  }

  async running(): Promise<StoredTurn[]> {
    return (await this.database.query<TurnRow>(READ_RUNNING_TURNS)).map(stored);
  }
}

function stored(row: TurnRow): StoredTurn {
  return {
    robotId: row.robot_id,
    turn: Number(row.turn),
    tokenHash: row.token_hash,
    userId: row.user_id,
    expiresAt: row.expires_at?.toISOString(),
    ended: row.ended_at !== null,
  };
}
