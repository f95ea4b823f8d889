import type { QueueUpdate } from '@teleop/contracts';

/** The owner of the queue says no (there is no such robot): asking again would not help. */
export class PullRefused extends Error {
  override readonly name = 'PullRefused';
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** A joiner waited in vain; `cause` is what the last pull failed with. */
export class PullTimedOut extends Error {
  override readonly name = 'PullTimedOut';
}

export interface QueueRoomPorts {
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  /** Calls back after `ms`; returns the way to stop that. */
  readonly later: (ms: number, work: () => void) => () => void;
  /** The queue as it is now. Rejects with PullRefused or with any other error, which is tried again. */
  readonly pull: () => Promise<QueueUpdate>;
  /** To everybody in the room; `waitedMs` since the change was heard of. */
  readonly emit: (update: QueueUpdate, waitedMs: number) => void;
  readonly failed: (error: unknown) => void;
}

export interface QueueRoomOptions {
  /** Between two pulls, hence between two emits. */
  readonly minIntervalMs: number;
  readonly maxBackoffMs: number;
}

interface Joiner {
  readonly deadline: number;
  readonly resolve: (update: QueueUpdate) => void;
  readonly reject: (error: unknown) => void;
}

const FIRST_BACKOFF_MS = 100;

/**
 * What the watchers of one robot have seen, and when to look again. Changes are only announced by their version; the state
 * is pulled, so a lost or late announcement costs time, never truth. Plain logic: clock, timer and transport are handed in.
 */
export class QueueRoom {
  #latest: QueueUpdate | undefined;
  /** The newest version heard of, and since when it is owed to the room. */
  #wanted = -1;
  #owedSince: number | undefined;
  #joiners: Joiner[] = [];
  #pulling = false;
  #stopTimer: (() => void) | undefined;
  #lastPull = -Infinity;
  #failures = 0;
  #closed = false;

  constructor(
    private readonly options: QueueRoomOptions,
    private readonly ports: QueueRoomPorts,
  ) {}

  /** The newest state there is: nobody in the room has seen a newer one. */
  get latest(): QueueUpdate | undefined {
    return this.#latest;
  }

  /** The queue is at this version, somebody says. Older news than what was seen is no news. */
  heard(version: number): void {
    if (version <= this.#wanted || version <= (this.#latest?.version ?? -1)) return;
    this.#wanted = version;
    this.#owedSince ??= this.ports.now();
    this.#arrange();
  }

  /** A state pulled after this call: for somebody who joins now. Rejects with PullRefused or PullTimedOut. */
  fresh(timeoutMs: number): Promise<QueueUpdate> {
    return new Promise((resolve, reject) => {
      this.#joiners.push({ deadline: this.ports.now() + timeoutMs, resolve, reject });
      this.#arrange();
    });
  }

  /** The last watcher is gone. Joiners, if any, are refused. */
  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
    for (const joiner of this.#joiners.splice(0)) joiner.reject(new PullTimedOut('the room was closed'));
  }

  #behind(): boolean {
    return this.#wanted > (this.#latest?.version ?? -1);
  }

  #arrange(): void {
    if (this.#closed || this.#pulling || this.#stopTimer !== undefined) return;
    if (this.#joiners.length === 0 && !this.#behind()) return;
    const wait = this.#lastPull + Math.max(this.options.minIntervalMs, this.#backoff()) - this.ports.now();
    if (wait <= 0) {
      void this.#pull();
      return;
    }
    this.#stopTimer = this.ports.later(wait, () => {
      this.#stopTimer = undefined;
      void this.#pull();
    });
  }

  #backoff(): number {
    if (this.#failures === 0) return 0;
    return Math.min(this.options.maxBackoffMs, FIRST_BACKOFF_MS * 2 ** Math.min(10, this.#failures - 1));
  }

  /** One at a time: an answer can never overtake a newer one. */
  async #pull(): Promise<void> {
    this.#pulling = true;
    this.#lastPull = this.ports.now();
    const joiners = this.#joiners.splice(0);
    try {
      this.#take(await this.ports.pull());
      for (const joiner of joiners) joiner.resolve(this.#latest as QueueUpdate);
    } catch (error) {
      this.#failures += 1;
      this.ports.failed(error);
      this.#disappoint(joiners, error);
    }
    this.#pulling = false;
    this.#arrange();
  }

  #take(update: QueueUpdate): void {
    const seen = this.#latest?.version ?? -1;
    // The same version again carries newer remaining times for whoever joins next.
    if (update.version >= seen) this.#latest = update;
    const owed = this.#owedSince;
    if (this.#behind()) this.#failures += 1;
    else {
      this.#failures = 0;
      this.#owedSince = undefined;
    }
    if (update.version <= seen || this.#closed) return;
    const started = this.ports.now();
    this.ports.emit(update, owed === undefined ? 0 : started - owed);
    // Writing to thousands of sockets takes its time; the pause counts from its end, or nothing else would get a turn.
    this.#lastPull += this.ports.now() - started;
  }

  #disappoint(joiners: readonly Joiner[], error: unknown): void {
    const now = this.ports.now();
    for (const joiner of joiners) {
      if (error instanceof PullRefused) joiner.reject(error);
      else if (this.#closed || now >= joiner.deadline)
        joiner.reject(new PullTimedOut('the queue could not be read in time', { cause: error }));
      else this.#joiners.push(joiner);
    }
  }
}
