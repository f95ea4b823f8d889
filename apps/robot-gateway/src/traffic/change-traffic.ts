import { Injectable } from '@nestjs/common';
import {
  trafficChanged,
  type AskTrafficAcquire,
  type TrafficChange,
  type TrafficScope,
} from '@teleop/contracts';
import { Outbox, type Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { Metrics } from '@teleop/service-kit';
import { LeaseBook } from '../lease/lease-book';
import { LeaseStore } from '../lease/lease-store';
import { isNothing, NOTHING } from './domain/scope';
import { TeachLease } from './teach-lease';
import { Traffic } from './traffic';
import type { TrafficLock } from './traffic-lock';
import { TrafficLockStore, type Change, type Refusal } from './traffic-lock-store';

/** What a transaction did that others are told of when it is committed. */
interface Done {
  readonly freed: { readonly robotId: string; readonly scope: TrafficScope }[];
  /** Robots whose lease may have changed. */
  readonly leases: Set<string>;
}

/**
 * Changes traffic locks and tells of it: the event in the change's own transaction, the hint to routes and tasks that wait
 * after it. A lock of purpose `teach` takes the robot's lease with it, keeps it and gives it back.
 */
@Injectable()
export class ChangeTraffic {
  readonly #refused;
  readonly #expired;

  constructor(
    private readonly database: Database,
    private readonly store: TrafficLockStore,
    private readonly teaching: TeachLease,
    private readonly leases: LeaseStore,
    private readonly book: LeaseBook,
    private readonly outbox: Outbox<'robot-gateway'>,
    private readonly traffic: Traffic,
    metrics: Metrics,
  ) {
    this.#refused = metrics.counter('robot_traffic_refusals_total', 'Traffic locks refused', ['reason']);
    this.#expired = metrics.counter('robot_traffic_expired_total', 'Traffic locks that nobody renewed');
  }

  /** All of it or nothing: with purpose `teach` the robot too. */
  async acquire(ask: AskTrafficAcquire): Promise<Change | Refusal> {
    const taught = ask.purpose === 'teach';
    return this.counted(
      await this.change(async (tx, done) => {
        const obstacle = taught ? () => this.teaching.obstacle(tx, ask) : undefined;
        const result = await this.store.acquire(tx, ask, obstacle);
        if ('refused' in result || !result.changed) return result;
        if (taught) {
          await this.teaching.begin(tx, result.lock);
          done.leases.add(ask.robotId);
        }
        await this.tell(tx, result.lock, 'acquired', result.lock.scope, NOTHING);
        return result;
      }),
    );
  }

  async updateScope(lockId: string, scope: TrafficScope): Promise<Change | Refusal> {
    return this.counted(
      await this.change(async (tx, done) => {
        const result = await this.store.changeScope(tx, lockId, scope);
        if ('refused' in result || !result.changed) return result;
        const { lock, freed } = result;
        done.freed.push({ robotId: lock.robotId, scope: freed });
        await this.tell(tx, lock, 'scope_changed', lock.scope, freed);
        return result;
      }),
    );
  }

  /** Undefined when the lock is over, or ends now because somebody else has got the robot that was to be taught. */
  heartbeat(lockId: string, ttlSeconds?: number): Promise<TrafficLock | undefined> {
    return this.change(async (tx, done) => {
      const lock = await this.store.renew(tx, lockId, ttlSeconds);
      return lock && ((await this.keep(tx, lock, done)) ? lock : undefined);
    });
  }

  /** Gives a teach lock the robot's lease again that it has lost to somebody who is gone; else ends it. */
  async mend(lockId: string): Promise<void> {
    await this.change(async (tx, done) => {
      const lock = await this.store.hold(tx, lockId);
      if (lock !== undefined) await this.keep(tx, lock, done);
    });
  }

  /** The lock that this ended; undefined when there was nothing (any more) to end. */
  release(lockId: string): Promise<TrafficLock | undefined> {
    return this.change(async (tx, done) => {
      const ended = await this.store.end(tx, lockId);
      if (ended !== undefined) await this.ended(tx, ended, done);
      return ended;
    });
  }

  /** Writes off what nobody renewed in time. */
  async expire(): Promise<TrafficLock[]> {
    const expired = await this.change(async (tx, done) => {
      const locks = await this.store.expire(tx);
      for (const lock of locks) await this.ended(tx, lock, done);
      return locks;
    });
    this.#expired.inc(expired.length);
    return expired;
  }

  /** One transaction, and after its commit the word to everybody whom it concerns. */
  private async change<T>(work: (tx: Tx, done: Done) => Promise<T>): Promise<T> {
    const { result, done, facts } = await this.database.transaction(async (tx) => {
      const doing: Done = { freed: [], leases: new Set() };
      const came = await work(tx, doing);
      const read = doing.leases.size === 0 ? [] : await this.leases.read([...doing.leases], tx);
      return { result: came, done: doing, facts: read };
    });
    for (const fact of facts) this.book.tell(fact);
    this.outbox.poke();
    for (const { robotId, scope } of done.freed) if (!isNothing(scope)) this.traffic.freed(robotId);
    return result;
  }

  /** False when the lock is over because the robot cannot be taught any longer. */
  private async keep(tx: Tx, lock: TrafficLock, done: Done): Promise<boolean> {
    if (lock.purpose !== 'teach') return true;
    done.leases.add(lock.robotId);
    if (await this.teaching.keep(tx, lock)) return true;
    const ended = await this.store.end(tx, lock.lockId);
    if (ended !== undefined) await this.ended(tx, ended, done);
    return false;
  }

  private async ended(tx: Tx, lock: TrafficLock, done: Done): Promise<void> {
    if (lock.purpose === 'teach') {
      await this.teaching.end(tx, lock);
      done.leases.add(lock.robotId);
    }
    done.freed.push({ robotId: lock.robotId, scope: lock.scope });
    await this.tell(tx, lock, lock.endReason ?? 'released', NOTHING, lock.scope);
  }

  private counted(result: Change | Refusal): Change | Refusal {
    if ('refused' in result) this.#refused.inc({ reason: result.refused });
    return result;
  }

  private async tell(
    tx: Tx,
    { robotId, lockId, purpose, correlationId }: TrafficLock,
    change: TrafficChange,
    scope: TrafficScope,
    freed: TrafficScope,
  ): Promise<void> {
    await this.outbox.append(tx, trafficChanged, {
      robotId,
      lockId,
      change,
      purpose,
      scope,
      freed,
      ...(correlationId === null ? {} : { correlationId }),
    });
  }
}
