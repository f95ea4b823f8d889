import type { RobotStatusFeed } from '@teleop/contracts';
import { PacedPull, type PacedPullOptions } from '../sockets/paced-pull';
import { ALL_ROBOTS, type Scope, type Watch } from '../sockets/robot-scope';
import type { Timing } from '../sockets/timing';

export interface RobotBoardPorts extends Timing {
  /** These robots' states, or those of all. Who does not exist is left out. */
  readonly statuses: (robotIds: readonly string[] | undefined) => Promise<readonly RobotStatusFeed[]>;
  /** Begins to hear of changes; returns the way to stop. */
  readonly listen: () => () => void;
  /** A state newer than all that was shown of this robot, to those who watch it. */
  readonly emit: (state: RobotStatusFeed) => void;
  /** News that was none: seen already, or older than that. */
  readonly stale: () => void;
  readonly failed: (error: unknown) => void;
}

export interface RobotBoardOptions extends PacedPullOptions {
  readonly reconcileMs: number;
}

interface Pulled {
  /** What was asked for; undefined: all. */
  readonly asked: readonly string[] | undefined;
  readonly states: readonly RobotStatusFeed[];
  /** The reconciliations asked for before this pull began. */
  readonly wanted: number;
}

/**
 * The newest known state of every robot that is watched here. States arrive with their version; what got lost on the way is
 * found by asking the owner for all of them every now and then. Plain logic: clock, timer and transport are handed in.
 */
export class RobotBoard {
  readonly #states = new Map<string, RobotStatusFeed>();
  readonly #watched = new Map<Scope, number>();
  #pull: PacedPull<Pulled>;
  #stopListening: (() => void) | undefined;
  #stopTimer: (() => void) | undefined;
  /** Reconciliations asked for, and how many of these an answer has covered. */
  #wanted = 0;
  #done = 0;
  #closed = false;

  constructor(
    private readonly options: RobotBoardOptions,
    private readonly ports: RobotBoardPorts,
  ) {
    this.#pull = this.#newPull();
  }

  /** Watched robots with a known state. */
  get size(): number {
    return this.#states.size;
  }

  watch(scope: Scope): Watch {
    if (this.#watched.size === 0) this.#open();
    this.#watched.set(scope, (this.#watched.get(scope) ?? 0) + 1);
    let held = true;
    const release = () => {
      if (held) this.#release(scope);
      held = false;
    };
    return { release };
  }

  /** Resolves once all that is watched now was read anew. Rejects with PullTimedOut. */
  fresh(timeoutMs: number): Promise<void> {
    return this.#pull.fresh(timeoutMs);
  }

  /** Nobody here has seen a newer state of this robot. */
  latest(robotId: string): RobotStatusFeed | undefined {
    return this.#states.get(robotId);
  }

  robotsOf(scope: Scope): string[] {
    return scope === ALL_ROBOTS ? [...this.#states.keys()] : [scope];
  }

  heard(state: RobotStatusFeed): void {
    if (this.#watches(state.robotId)) this.#take(state);
  }

  /** Something may have been missed: reads everything that is watched anew. */
  reconcile(): void {
    if (this.#watched.size === 0) return;
    this.#wanted += 1;
    this.#pull.arrange();
  }

  close(): void {
    this.#closed = true;
    this.#watched.clear();
    this.#shut();
  }

  #watches(robotId: string): boolean {
    return this.#watched.has(ALL_ROBOTS) || this.#watched.has(robotId);
  }

  #open(): void {
    if (this.#closed) return;
    this.#stopListening = this.ports.listen();
    this.#schedule();
  }

  /** Nothing is known once nobody looks: it would be old when somebody does again. */
  #shut(): void {
    this.#stopListening?.();
    this.#stopTimer?.();
    this.#pull.close();
    this.#pull = this.#newPull();
    this.#states.clear();
  }

  #release(scope: Scope): void {
    const left = (this.#watched.get(scope) ?? 0) - 1;
    if (left > 0) {
      this.#watched.set(scope, left);
      return;
    }
    this.#watched.delete(scope);
    if (this.#watched.size === 0) this.#shut();
    else
      for (const robotId of this.robotsOf(scope)) if (!this.#watches(robotId)) this.#states.delete(robotId);
  }

  #schedule(): void {
    this.#stopTimer = this.ports.later(this.options.reconcileMs, () => {
      this.reconcile();
      this.#schedule();
    });
  }

  #newPull(): PacedPull<Pulled> {
    return new PacedPull(this.options, {
      now: this.ports.now,
      later: this.ports.later,
      pull: () => this.#read(),
      took: (pulled) => this.#takeAll(pulled),
      wanting: () => this.#wanted > this.#done,
      failed: this.ports.failed,
    });
  }

  async #read(): Promise<Pulled> {
    const asked = this.#watched.has(ALL_ROBOTS) ? undefined : [...this.#watched.keys()];
    const wanted = this.#wanted;
    return { asked, states: await this.ports.statuses(asked), wanted };
  }

  #takeAll({ asked, states, wanted }: Pulled): void {
    this.#done = wanted;
    for (const state of states) if (this.#watches(state.robotId)) this.#take(state);
    const there = new Set(states.map(({ robotId }) => robotId));
    // Deleted since. One that was heard of only after the owner answered comes back with its next news.
    for (const robotId of asked ?? [...this.#states.keys()])
      if (!there.has(robotId)) this.#states.delete(robotId);
  }

  #take(state: RobotStatusFeed): void {
    const seen = this.#states.get(state.robotId);
    if (seen !== undefined && state.version <= seen.version) {
      this.ports.stale();
      return;
    }
    this.#states.set(state.robotId, state);
    this.ports.emit(state);
  }
}
