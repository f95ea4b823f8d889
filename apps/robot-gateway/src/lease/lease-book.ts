import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FRAME_SUBJECTS, frameSubject, wildcardSubject } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { parseLeaseFact, stateOfFact, type LeaseFact } from './lease-fact';
import { lockOf, newerLease, type LeaseState, type LockState } from './lease-state';
import { LeaseStore } from './lease-store';

type Listener = (robotId: string, state: LeaseState, before: LeaseState | undefined) => void;

/**
 * Who may command each robot as this process knows it. Changes are told to all replicas the moment they are committed;
 * what is lost on the way is found by comparing with the database every few seconds.
 */
@Injectable()
export class LeaseBook implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #leases = new Map<string, LeaseState>();
  readonly #listeners: Listener[] = [];
  #stop: (() => void)[] = [];
  #reading = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly store: LeaseStore,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const subscription = this.nats.nc.subscribe(wildcardSubject(FRAME_SUBJECTS.lease), {
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ err: error }, 'leases between replicas failed');
          return;
        }
        const fact = parseLeaseFact(message.string());
        if (fact !== undefined) this.learn(fact);
      },
    });
    for (const fact of await this.store.held()) this.learn(fact);
    const timer = setInterval(() => void this.reconcile(), this.config.TURN_RECONCILE_MS);
    this.#stop = [
      () => subscription.unsubscribe(),
      () => clearInterval(timer),
      this.nats.onStatus((up) => {
        if (up) void this.reconcile();
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  of(robotId: string): LeaseState | undefined {
    return this.#leases.get(robotId);
  }

  /** The manual-drive lock, if somebody holds it now. */
  lockOf(robotId: string): LockState | undefined {
    return lockOf(this.#leases.get(robotId), this.clock.monotonic());
  }

  learn(fact: LeaseFact): void {
    const known = this.#leases.get(fact.robotId);
    const state = newerLease(known, stateOfFact(fact, this.clock.monotonic()));
    if (state === known) return;
    this.#leases.set(fact.robotId, state);
    for (const listener of this.#listeners) listener(fact.robotId, state, known);
  }

  /** After the commit: learns it here and tells the other replicas. */
  tell(fact: LeaseFact): void {
    this.learn(fact);
    if (this.nats.connected) this.nats.nc.publish(frameSubject('lease', fact.robotId), JSON.stringify(fact));
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Also finds what was taken by somebody whose word did not come through. */
  private async reconcile(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const now = this.clock.monotonic();
      const open = [...this.#leases].filter(([, state]) => state.kind !== 'none' || lockOf(state, now));
      const facts = [
        ...(await this.store.held()),
        ...(await this.store.read(open.map(([robotId]) => robotId))),
      ];
      for (const fact of facts) this.learn(fact);
    } catch (error) {
      this.log.warn({ err: error }, 'leases not compared with the database; trying again');
    } finally {
      this.#reading = false;
    }
  }
}
