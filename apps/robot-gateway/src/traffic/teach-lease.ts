import { Injectable } from '@nestjs/common';
import type { AskTrafficAcquire } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations } from '../lease/robot-situation';
import { heldBy } from './domain/held-by';
import { RENEW_TEACH_LEASE } from './sql/renew-teach-lease.sql';
import type { TrafficLock } from './traffic-lock';
import type { Refusal } from './traffic-lock-store';

/**
 * The robot's half of a teach lock: its fenced command lease, which lives and ends with the traffic lock. Always after
 * the traffic's lock in a transaction, so that two of them never wait for each other.
 */
@Injectable()
export class TeachLease {
  constructor(
    private readonly leases: LeaseStore,
    private readonly situations: RobotSituations,
  ) {}

  /** Before the traffic lock is written: why the robot cannot be taught now, if it cannot. Holds until the commit. */
  async obstacle(tx: Tx, { robotId, teacher }: AskTrafficAcquire): Promise<Refusal | undefined> {
    const by = heldBy(await this.situations.take(tx, robotId), teacher?.userId);
    return by === undefined ? undefined : { refused: 'robot_held', by };
  }

  /** After it: nothing stood in the way, except perhaps the teacher's own hand. */
  async begin(tx: Tx, lock: TrafficLock): Promise<void> {
    const held = await this.leases.lock(tx, lock.robotId);
    if (held.live) await this.leases.end(tx, lock.robotId);
    await this.take(tx, lock);
  }

  /**
   * Until the lock's end. After an Admin's hand it is taken again; while that is there, it waits. False when somebody
   * else has got the robot: it cannot be taught any longer.
   */
  async keep(tx: Tx, lock: TrafficLock): Promise<boolean> {
    const held = await this.leases.lock(tx, lock.robotId);
    const { robotId, lockId, expiresAt } = lock;
    if ((await tx.maybe(RENEW_TEACH_LEASE, [robotId, lockId, expiresAt])) !== undefined) return true;
    if (held.live && held.kind !== 'teach') return held.kind === 'preemption';
    await this.take(tx, lock);
    return true;
  }

  /** A new epoch that nobody holds, unless the lease is somebody else's by now. */
  async end(tx: Tx, { robotId, lockId }: TrafficLock): Promise<void> {
    await this.leases.lock(tx, robotId);
    await this.leases.release(tx, { robotId, kind: 'teach', holder: lockId });
  }

  private async take(tx: Tx, { robotId, lockId, teacher, expiresAt }: TrafficLock): Promise<void> {
    const epoch = await this.leases.take(tx, {
      robotId,
      kind: 'teach',
      holder: lockId,
      holderName: teacher?.name,
      userId: teacher?.userId ?? null,
      turn: null,
      tokenHash: null,
      expiresAt: expiresAt.toISOString(),
    });
    if (epoch === undefined) throw new Error(`the lease of ${robotId} was free and could not be taken`);
  }
}
