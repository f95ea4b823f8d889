import type { Logger } from '@teleop/service-kit';

/** Runs work again and again, `everyMs` after it ended; a failure is logged and the next run comes as usual. */
export class RepeatingJob {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly log: Logger,
  ) {}

  start(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.work()
        .catch((error: unknown) =>
          this.log.warn({ err: error, job: this.name }, 'job failed; it will run again'),
        )
        .then(() => this.start());
    }, this.everyMs);
  }

  /** Waits for a run in progress. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }
}
