import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { LeaseBook } from '../lease/lease-book';
import type { LeaseFact } from '../lease/lease-fact';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations } from '../lease/robot-situation';
import { READ_LOCK_END } from '../lock/sql/change-lock.sql';
import { MOMENT } from './sql/moment.sql';

export interface Hand {
  readonly userId: string;
  readonly name: string;
}

/** How somebody who drives by hand gets the lease: by the lock that is his, or as an Admin who comes in between. */
@Injectable()
export class TakeRobot {
  constructor(
    private readonly database: Database,
    private readonly leases: LeaseStore,
    private readonly situations: RobotSituations,
    private readonly book: LeaseBook,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  /** The holder of the lock takes the lease back after somebody came in between. False when he may not (any more). */
  async reclaim(robotId: string, userId: string): Promise<boolean> {
    return this.told(robotId, async (tx) => {
      const { lease, lock } = await this.situations.take(tx, robotId);
      if (lock?.userId !== userId) return false;
      if (lease.live) return lease.userId === userId;
      const end = await tx.one<{ expires_at: Date; holder_name: string }>(READ_LOCK_END, [robotId, userId]);
      const claim = {
        robotId,
        userId,
        holder: userId,
        holderName: end.holder_name,
        turn: null,
        tokenHash: null,
      };
      const expiresAt = end.expires_at.toISOString();
      return (await this.leases.take(tx, { ...claim, kind: 'drive_lock', expiresAt })) !== undefined;
    });
  }

  /** An Admin's hand, for a moment and over everybody; the lock stays whose it is. */
  async preempt(robotId: string, hand: Hand): Promise<boolean> {
    return this.told(robotId, (tx) => this.preemptIn(tx, robotId, hand));
  }

  async preemptIn(tx: Tx, robotId: string, { userId, name }: Hand): Promise<boolean> {
    await this.situations.take(tx, robotId);
    const { at } = await tx.one<{ at: Date }>(MOMENT, [this.config.PREEMPTION_MS]);
    const claim = { robotId, userId, holder: userId, holderName: name, turn: null, tokenHash: null };
    const taken = await this.leases.take(tx, { ...claim, kind: 'preemption', expiresAt: at.toISOString() });
    return taken !== undefined;
  }

  /** He is still driving: the moment becomes a longer one, under the same epoch. */
  async goOn(robotId: string, userId: string): Promise<boolean> {
    const forMs = this.config.PREEMPTION_MS;
    return this.told(robotId, async (tx) => {
      await this.leases.lock(tx, robotId);
      return this.leases.renew(tx, { robotId, kind: 'preemption', userId, forMs });
    });
  }

  private async told(robotId: string, work: (tx: Tx) => Promise<boolean>): Promise<boolean> {
    const { done, fact } = await this.database.transaction(async (tx) => {
      const result = await work(tx);
      const read: LeaseFact | undefined = (await this.leases.read([robotId], tx))[0];
      return { done: result, fact: read };
    });
    if (fact !== undefined) this.book.tell(fact);
    return done;
  }
}
