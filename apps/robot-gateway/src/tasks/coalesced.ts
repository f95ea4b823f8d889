/**
 * Work by key, one at a time for each: woken while it runs, it runs once more. What fails is reported, and left to whoever
 * wakes it next.
 */
export class Coalesced {
  readonly #running = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  #closed = false;

  constructor(
    private readonly work: (key: string) => Promise<void>,
    private readonly failed: (error: unknown, key: string) => void,
  ) {}

  wake(key: string): void {
    const running = this.#running.get(key);
    if (running !== undefined) running.again = true;
    else if (!this.#closed) {
      const entry = { again: true, done: Promise.resolve() };
      this.#running.set(key, entry);
      entry.done = this.run(key, entry);
    }
  }

  /** Starts nothing more, and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const entry of this.#running.values()) entry.again = false;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  private async run(key: string, entry: { again: boolean }): Promise<void> {
    while (entry.again) {
      entry.again = false;
      try {
        await this.work(key);
      } catch (error) {
        this.failed(error, key);
      }
    }
    this.#running.delete(key);
  }
}
