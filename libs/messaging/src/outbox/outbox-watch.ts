import { isOperational } from '@teleop/contracts';
import type { MessagingLog, MessagingObserver, OutboxPort } from '../ports';

/** Measures from time to time what is committed and not announced: a growing age means that the relay is stuck. */
export class OutboxWatch {
  #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly store: OutboxPort,
    private readonly observer: MessagingObserver,
    private readonly log: MessagingLog,
    private readonly everyMs: number,
  ) {}

  start(): void {
    if (this.observer.outboxPending !== undefined) this.next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#look;
  }

  private next(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#look = this.look().then(() => this.next());
    }, this.everyMs);
    this.#timer.unref();
  }

  private async look(): Promise<void> {
    try {
      const { rows, oldestAgeSeconds } = await this.store.pending();
      this.observer.outboxPending?.(rows, oldestAgeSeconds);
    } catch (error) {
      // That the database is away is known to readiness; the last figures stay until it is back.
      if (!isOperational(error)) this.log.error({ err: error }, 'the outbox could not be measured');
    }
  }
}
