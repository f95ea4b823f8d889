import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FRAME_SUBJECTS, frameSubject, isRobotId, wildcardSubject } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { LOGGER, Logger } from '@teleop/service-kit';

/** What of a robot changed in the database. */
export const HINTS = ['robot', 'routes', 'tasks', 'traffic'] as const;
export type Hint = (typeof HINTS)[number];
type HintListener = (robotId: string, hint: Hint) => void;

/**
 * Hints between replicas that something of a robot changed in the database: whoever keeps it in memory reads it again.
 * Heard by the replica that gives it too, so there is one way. A lost hint costs until the next periodic reading.
 */
@Injectable()
export class RobotHints implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #listeners: HintListener[] = [];
  readonly #gapListeners: (() => void)[] = [];
  #stop: (() => void)[] = [];

  constructor(
    private readonly nats: NatsConnection,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const subscription = this.nats.nc.subscribe(wildcardSubject(FRAME_SUBJECTS.changed), {
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ err: error }, 'hints between replicas failed');
          return;
        }
        const hint = HINTS.find((known) => known === message.string());
        const robotId = message.subject.slice(message.subject.lastIndexOf('.') + 1);
        // Of another version: the periodic reading finds it.
        if (hint === undefined || !isRobotId(robotId)) return;
        for (const listener of this.#listeners) listener(robotId, hint);
      },
    });
    this.#stop = [
      () => subscription.unsubscribe(),
      this.nats.onStatus((up) => {
        if (up) for (const listener of this.#gapListeners) listener();
      }),
    ];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }

  give(robotId: string, hint: Hint): void {
    if (this.nats.connected) {
      this.nats.nc.publish(frameSubject('changed', robotId), hint);
      return;
    }
    for (const listener of this.#listeners) listener(robotId, hint);
  }

  onHint(listener: HintListener): void {
    this.#listeners.push(listener);
  }

  /** Hints may have been missed. */
  onGap(listener: () => void): void {
    this.#gapListeners.push(listener);
  }
}
