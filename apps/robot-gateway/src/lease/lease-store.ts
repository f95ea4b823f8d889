import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import type { Tx } from '@teleop/messaging';
import { MAY_TAKE_FROM, type TakerKind } from './holder';
import { CHANGE_LEASE } from './sql/change-lease.sql';
import { READ_EPOCHS } from './sql/read-epochs.sql';
import { RELEASE_LEASE } from './sql/release-lease.sql';

export interface LeaseClaim {
  readonly robotId: string;
  readonly kind: TakerKind;
  /** Who exactly: a seat, a user; null while the lease is reserved and nobody sits yet. */
  readonly holder: string | null;
  readonly userId: string | null;
  readonly turn: number | null;
  readonly tokenHash: string | null;
  /** ISO 8601 in the database's clock. */
  readonly expiresAt: string | null;
}

export interface LeaseRelease {
  readonly robotId: string;
  readonly kind: TakerKind;
  readonly holder?: string;
  /** Sessions only: nothing newer than this turn is released. */
  readonly upToTurn?: number;
}

interface EpochRow {
  readonly robot_id: string;
  // bigint comes as text.
  readonly epoch: string;
}

/** The fenced lease of every robot, in PostgreSQL: the only place where an epoch is made. */
@Injectable()
export class LeaseStore {
  constructor(private readonly database: Database) {}

  /** The new epoch, or undefined when somebody holds the lease from whom this kind may not take it. */
  async take(tx: Tx, claim: LeaseClaim): Promise<number | undefined> {
    const row = await tx.maybe<EpochRow>(CHANGE_LEASE, [
      claim.robotId,
      claim.kind,
      claim.holder,
      claim.turn,
      claim.tokenHash,
      claim.userId,
      claim.expiresAt,
      MAY_TAKE_FROM[claim.kind],
    ]);
    return row === undefined ? undefined : Number(row.epoch);
  }

  /** The new epoch, or undefined when the lease was not theirs (any more). */
  async release(tx: Tx, release: LeaseRelease): Promise<number | undefined> {
    const row = await tx.maybe<EpochRow>(RELEASE_LEASE, [
      release.robotId,
      release.kind,
      release.holder ?? null,
      release.upToTurn ?? null,
    ]);
    return row === undefined ? undefined : Number(row.epoch);
  }

  /** The epoch each robot is at; a robot nobody ever held is left out. */
  async epochs(robotIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.query<EpochRow>(READ_EPOCHS, [robotIds]);
    return new Map(rows.map((row) => [row.robot_id, Number(row.epoch)]));
  }
}
