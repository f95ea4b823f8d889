import { Injectable } from '@nestjs/common';
import type { Role } from '@teleop/auth';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { LeaseBook } from '../lease/lease-book';
import type { LeaseFact } from '../lease/lease-fact';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations } from '../lease/robot-situation';
import { RobotHints } from '../replicas/robot-hints';
import { decideLock } from './domain/decide-lock';
import { DROP_LOCK, TAKE_LOCK } from './sql/change-lock.sql';

export interface LockHolder {
  readonly userId: string;
  readonly name: string;
  readonly role: Exclude<Role, 'Viewer'>;
}

/** Why not, or what the others are to be told. */
type Outcome = { readonly refused: string } | { readonly fact: LeaseFact | undefined };

/** The manual-drive lock: who gets it, keeps it and gives it back. */
@Injectable()
export class DriveLocks {
  constructor(
    private readonly database: Database,
    private readonly leases: LeaseStore,
    private readonly situations: RobotSituations,
    private readonly book: LeaseBook,
    private readonly hints: RobotHints,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  /** Undefined when he has it now, else why not, in the words that clients know. */
  async acquire(robotId: string, holder: LockHolder): Promise<string | undefined> {
    // Whoever drives renews every few seconds: nearly always there is nothing to decide.
    const forMs = this.config.DRIVE_LOCK_MS;
    const renewed = await this.leases.renewLock({ robotId, ...holder, forMs });
    const outcome = renewed === undefined ? await this.decide(robotId, holder) : { fact: renewed };
    if ('refused' in outcome) return outcome.refused;
    if (outcome.fact !== undefined) this.book.tell(outcome.fact);
    return undefined;
  }

  /** False when it was not his (any more). */
  async release(robotId: string, userId: string): Promise<boolean> {
    const fact = await this.database.transaction(async (tx) => {
      const { lock } = await this.situations.take(tx, robotId);
      if (lock?.userId !== userId) return undefined;
      await tx.query(DROP_LOCK, [robotId, userId]);
      const released = await this.leases.release(tx, { robotId, kind: 'drive_lock', holder: userId });
      if (released === undefined) await this.leases.touch(tx, robotId);
      return (await this.leases.read([robotId], tx))[0];
    });
    if (fact === undefined) return false;
    this.book.tell(fact);
    // What waits for the robot may go on.
    this.hints.give(robotId, 'routes');
    return true;
  }

  private decide(robotId: string, { userId, name, role }: LockHolder): Promise<Outcome> {
    return this.database.transaction<Outcome>(async (tx) => {
      const { lease, lock, route, taskId } = await this.situations.take(tx, robotId);
      const automated = route !== undefined || taskId !== undefined;
      const decision = decideLock({ lease, lock, automated }, { userId, role });
      if ('refused' in decision) return decision;
      const forMs = this.config.DRIVE_LOCK_MS;
      const row = await tx.one<{ expires_at: Date }>(TAKE_LOCK, [robotId, userId, name, role, forMs]);
      if (decision.granted === 'renew')
        await this.leases.renew(tx, { robotId, kind: 'drive_lock', userId, forMs });
      if (decision.granted === 'take') {
        const expiresAt = row.expires_at.toISOString();
        const claim = { robotId, userId, holder: userId, holderName: name, expiresAt };
        await this.leases.take(tx, { ...claim, kind: 'drive_lock', turn: null, tokenHash: null });
      }
      if (decision.granted === 'wait') await this.leases.touch(tx, robotId);
      return { fact: (await this.leases.read([robotId], tx))[0] };
    });
  }
}
