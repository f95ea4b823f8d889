import type { QueueUpdate } from '@teleop/contracts';
import { PacedPull, type PacedPullOptions } from '../sockets/paced-pull';
import type { Timing } from '../sockets/timing';

export interface QueueRoomPorts extends Timing {
  /** The queue as it is now. Rejects with PullRefused or with any other error, which is tried again. */
  readonly pull: () => Promise<QueueUpdate>;
  /** To everybody in the room; `waitedMs` since the change was heard of. */
  readonly emit: (update: QueueUpdate, waitedMs: number) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * What the watchers of one robot have seen, and when to look again. Changes are only announced by their version; the state
 * is pulled, so a lost or late announcement costs time, never truth. Plain logic: clock, timer and transport are handed in.
 */
export class QueueRoom {
  readonly #pull: PacedPull<QueueUpdate>;
  #latest: QueueUpdate | undefined;
  /** The newest version heard of, and since when it is owed to the room. */
  #wanted = -1;
  #owedSince: number | undefined;

  constructor(
    options: PacedPullOptions,
    private readonly ports: QueueRoomPorts,
  ) {
    this.#pull = new PacedPull(options, {
      ...ports,
      took: (update) => this.#take(update),
      wanting: () => this.#behind(),
    });
  }

  /** The newest state there is: nobody in the room has seen a newer one. */
  get latest(): QueueUpdate | undefined {
    return this.#latest;
  }

  /** The queue is at this version, somebody says. Older news than what was seen is no news. */
  heard(version: number): void {
    if (version <= this.#wanted || version <= (this.#latest?.version ?? -1)) return;
    this.#wanted = version;
    this.#owedSince ??= this.ports.now();
    this.#pull.arrange();
  }

  /** A state pulled after this call: for somebody who joins now. Rejects with PullRefused or PullTimedOut. */
  async fresh(timeoutMs: number): Promise<QueueUpdate> {
    await this.#pull.fresh(timeoutMs);
    return this.#latest as QueueUpdate;
  }

  /** The last watcher is gone. Joiners, if any, are refused. */
  close(): void {
    this.#pull.close();
  }

  #behind(): boolean {
    return this.#wanted > (this.#latest?.version ?? -1);
  }

  #take(update: QueueUpdate): void {
    const seen = this.#latest?.version ?? -1;
    // The same version again carries newer remaining times for whoever joins next.
    if (update.version >= seen) this.#latest = update;
    const owed = this.#owedSince;
    if (!this.#behind()) this.#owedSince = undefined;
    if (update.version > seen) this.ports.emit(update, owed === undefined ? 0 : this.ports.now() - owed);
  }
}
