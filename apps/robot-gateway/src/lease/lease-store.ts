import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import type { Tx } from '@teleop/messaging';
import { MAY_TAKE_FROM, type HolderKind, type TakerKind } from './holder';
import type { LeaseFact } from './lease-fact';
import { CHANGE_LEASE } from './sql/change-lease.sql';
import { END_LEASE } from './sql/end-lease.sql';
import { LOCK_ROBOT } from './sql/lock-robot.sql';
import { READ_EPOCHS } from './sql/read-epochs.sql';
import { READ_HELD_LEASES, READ_LEASES } from './sql/read-lease.sql';
import { RELEASE_LEASE } from './sql/release-lease.sql';
import { RENEW_LEASE } from './sql/renew-lease.sql';
import { RENEW_LOCK } from './sql/renew-lock.sql';
import { TOUCH_LEASE } from './sql/touch-lease.sql';

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
  /** What people are told who are refused because of it. */
  readonly holderName?: string;
}

/** The lease as it is while its row is held by the transaction that asks. */
export interface HeldLease {
  readonly epoch: number;
  readonly kind: HolderKind;
  readonly userId: string | null;
  readonly holderName: string | null;
  /** Somebody holds it now. */
  readonly live: boolean;
}

export interface LeaseRelease {
  readonly robotId: string;
  readonly kind: TakerKind;
  readonly holder?: string;
  /** Sessions only: nothing newer than this turn is released. */
  readonly upToTurn?: number;
}

export interface LockRenewal {
  readonly robotId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: 'Admin' | 'Operator';
  readonly forMs: number;
}

interface HeldRow {
  readonly epoch: string;
  readonly holder_kind: HolderKind;
  readonly holder_name: string | null;
  readonly user_id: string | null;
  readonly is_live: boolean;
}

interface LeaseRow {
  readonly robot_id: string;
  readonly epoch: string;
  readonly version: string;
  readonly holder_kind: HolderKind;
  readonly user_id: string | null;
  readonly remaining_ms: number | null;
  readonly lock_user_id: string | null;
  readonly lock_name: string | null;
  readonly lock_remaining_ms: number | null;
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
      claim.holderName ?? null,
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

  /** Takes the robot's row until the transaction ends: decisions about one robot come one after the other. */
  async lock(tx: Tx, robotId: string): Promise<HeldLease> {
    const row = await tx.one<HeldRow>(LOCK_ROBOT, [robotId]);
    return {
      epoch: Number(row.epoch),
      kind: row.holder_kind,
      userId: row.user_id,
      holderName: row.holder_name,
      live: row.is_live,
    };
  }

  /** After a change of the lock alone: what is told of the lease from here on is newer than what was. */
  async touch(tx: Tx, robotId: string): Promise<void> {
    await tx.query(TOUCH_LEASE, [robotId]);
  }

  /** Ends whatever lease there is: a new epoch that nobody holds. */
  async end(tx: Tx, robotId: string): Promise<number> {
    return Number((await tx.one<EpochRow>(END_LEASE, [robotId])).epoch);
  }

  /** False when it is not theirs (any more). */
  async renew(
    tx: Tx,
    lease: { robotId: string; kind: TakerKind; userId: string; forMs: number },
  ): Promise<boolean> {
    const { robotId, kind, userId, forMs } = lease;
    return (await tx.maybe(RENEW_LEASE, [robotId, kind, userId, forMs])) !== undefined;
  }

  /** What is to be told; undefined when lock and lease are not both his, or something speaks against it: to be decided. */
  async renewLock(lock: LockRenewal): Promise<LeaseFact | undefined> {
    const { robotId, userId, name, role, forMs } = lock;
    const row = await this.database.maybe<LeaseRow>(RENEW_LOCK, [robotId, userId, name, role, forMs]);
    return row === undefined ? undefined : factOf(row);
  }

  /** With the transaction that changed it, what the others are to be told; else what is committed. */
  async read(robotIds: readonly string[], tx: Tx = this.database): Promise<LeaseFact[]> {
    return (await tx.query<LeaseRow>(READ_LEASES, [robotIds])).map(factOf);
  }

  /** Every lease and lock that somebody holds. */
  async held(): Promise<LeaseFact[]> {
    return (await this.database.query<LeaseRow>(READ_HELD_LEASES)).map(factOf);
  }

  /** The epoch each robot is at; a robot nobody ever held is left out. */
  async epochs(robotIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.query<EpochRow>(READ_EPOCHS, [robotIds]);
    return new Map(rows.map((row) => [row.robot_id, Number(row.epoch)]));
  }
}

function factOf(row: LeaseRow): LeaseFact {
  const { lock_user_id: userId, lock_name: name, lock_remaining_ms: remainingMs } = row;
  return {
    robotId: row.robot_id,
    epoch: Number(row.epoch),
    version: Number(row.version),
    kind: row.holder_kind,
    userId: row.user_id,
    remainingMs: row.remaining_ms,
    lock: userId === null || name === null || remainingMs === null ? null : { userId, name, remainingMs },
  };
}
