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
import { isNothing, NOTHING } from './domain/scope';
import { Traffic } from './traffic';
import type { TrafficLock } from './traffic-lock';
import { TrafficLockStore, type Change, type Refusal } from './traffic-lock-store';

/**
 * Changes traffic locks and tells of it: the event in the change's own transaction, the hint to routes and tasks that wait
 * after it. The `…In` methods are for a transaction that does more; whoever opened it calls `told` once it is committed.
 */
@Injectable()
export class ChangeTraffic {
  readonly #refused;
  readonly #expired;

  constructor(
    private readonly database: Database,
    private readonly store: TrafficLockStore,
    private readonly outbox: Outbox<'robot-gateway'>,
    private readonly traffic: Traffic,
    metrics: Metrics,
  ) {
    this.#refused = metrics.counter('robot_traffic_refusals_total', 'Traffic locks refused', ['reason']);
    this.#expired = metrics.counter('robot_traffic_expired_total', 'Traffic locks that nobody renewed');
  }

  acquire(ask: AskTrafficAcquire): Promise<Change | Refusal> {
    return this.changed((tx) => this.acquireIn(tx, ask));
  }

  updateScope(lockId: string, scope: TrafficScope): Promise<Change | Refusal> {
    return this.changed((tx) => this.updateScopeIn(tx, lockId, scope));
  }

  /** Undefined when the lock is over. */
  heartbeat(lockId: string, ttlSeconds?: number): Promise<TrafficLock | undefined> {
    return this.database.transaction((tx) => this.store.renew(tx, lockId, ttlSeconds));
  }

  /** The lock that this ended; undefined when there was nothing (any more) to end. */
  async release(lockId: string): Promise<TrafficLock | undefined> {
    const ended = await this.database.transaction((tx) => this.releaseIn(tx, lockId));
    if (ended !== undefined) this.told(ended.robotId, ended.scope);
    return ended;
  }

  /** Writes off what nobody renewed in time. */
  async expire(): Promise<TrafficLock[]> {
    const expired = await this.database.transaction(async (tx) => {
      const locks = await this.store.expire(tx);
      for (const lock of locks) await this.tellEnd(tx, lock);
      return locks;
    });
    this.#expired.inc(expired.length);
    for (const { robotId, scope } of expired) this.told(robotId, scope);
    return expired;
  }

  async acquireIn(tx: Tx, ask: AskTrafficAcquire): Promise<Change | Refusal> {
    const result = await this.store.acquire(tx, ask);
    if ('refused' in result) this.#refused.inc({ reason: result.refused });
    else if (result.changed) await this.tell(tx, result.lock, 'acquired', result.lock.scope, NOTHING);
    return result;
  }

  async updateScopeIn(tx: Tx, lockId: string, scope: TrafficScope): Promise<Change | Refusal> {
    const result = await this.store.changeScope(tx, lockId, scope);
    if ('refused' in result) this.#refused.inc({ reason: result.refused });
    else if (result.changed)
      await this.tell(tx, result.lock, 'scope_changed', result.lock.scope, result.freed);
    return result;
  }

  async releaseIn(tx: Tx, lockId: string): Promise<TrafficLock | undefined> {
    const ended = await this.store.end(tx, lockId);
    if (ended !== undefined) await this.tellEnd(tx, ended);
    return ended;
  }

  /** After the commit: sends the events on their way, and wakes whoever waits for what was freed. */
  told(robotId: string, freed: TrafficScope): void {
    this.outbox.poke();
    if (!isNothing(freed)) this.traffic.freed(robotId);
  }

  private async changed(work: (tx: Tx) => Promise<Change | Refusal>): Promise<Change | Refusal> {
    const result = await this.database.transaction(work);
    if (!('refused' in result) && result.changed) this.told(result.lock.robotId, result.freed);
    return result;
  }

  private tellEnd(tx: Tx, lock: TrafficLock): Promise<void> {
    return this.tell(tx, lock, lock.endReason ?? 'released', NOTHING, lock.scope);
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
