import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Fleet } from '../fleet/fleet';
import { RobotHints } from '../replicas/robot-hints';
import type { Conflict } from './domain/scope';
import { TrafficLockStore } from './traffic-lock-store';

/** What a robot may not drive on because others have it. */
export interface Blocked {
  readonly nodeIds: ReadonlySet<string>;
  readonly pathIds: ReadonlySet<string>;
}

/** Traffic as routes and tasks see it: what is blocked, and when to look again. */
@Injectable()
export class Traffic implements OnApplicationBootstrap {
  readonly #listeners: (() => void)[] = [];

  constructor(
    private readonly store: TrafficLockStore,
    private readonly hints: RobotHints,
    private readonly fleet: Fleet,
  ) {}

  onApplicationBootstrap(): void {
    this.hints.onHint((_robotId, hint) => {
      if (hint === 'traffic') this.wake();
    });
    this.hints.onGap(() => this.wake());
    // The locks of a robot that was deleted went with it.
    this.fleet.onGone(() => this.wake());
  }

  /** As the database says now: a plan made by it may be overtaken, so it holds until the next `onFreed` or refusal only. */
  async blockedFor(robotId: string): Promise<Blocked> {
    const { nodeIds, pathIds } = await this.store.blockedFor(robotId);
    return { nodeIds: new Set(nodeIds), pathIds: new Set(pathIds) };
  }

  /** Who keeps which nodes and paths from this robot, or from any: lock by lock. */
  async lockedByOthers(robotId: string | undefined): Promise<Conflict[]> {
    const locks = await this.store.live();
    return locks
      .filter((lock) => lock.robotId !== robotId)
      .map((lock) => ({ robotId: lock.robotId, scope: lock.scope }));
  }

  /**
   * Calls back, on every replica, when something that was locked may be free: a lock was released, shrank or expired, or a
   * hint may have been lost. Now and then once too often; never not at all.
   */
  onFreed(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Something of this robot's locks was freed, in a commit. Wakes the listeners here and on the other replicas. */
  freed(robotId: string): void {
    this.hints.give(robotId, 'traffic');
  }

  /** Wakes the listeners here. */
  wake(): void {
    for (const listener of this.#listeners) listener();
  }
}
