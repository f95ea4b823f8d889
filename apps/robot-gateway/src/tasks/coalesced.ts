/**
 * Work by key, one at a time for each and for a few keys at a time: woken while it runs, it runs once more. What fails is
 * reported, and left to whoever wakes it next.
 */
export class Coalesced {
  readonly #running = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  /** Keys that are woken and run when another is done, in their order. */
  readonly #waiting = new Set<string>();
  #closed = false;

  /** `atOnce`: a thousand robots that come back in the same moment must not take the database away from everybody else. */
  constructor(
    private readonly work: (key: string) => Promise<void>,
    private readonly failed: (error: unknown, key: string) => void,
    private readonly atOnce = 1,
  ) {}

  wake(key: string): void {
    const running = this.#running.get(key);
    if (running !== undefined) running.again = true;
    else if (this.#closed) return;
    else if (this.#running.size < this.atOnce) this.begin(key);
    else this.#waiting.add(key);
  }

  /** Starts nothing more, and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const entry of this.#running.values()) entry.again = false;
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  private begin(key: string): void {
    const entry = { again: true, done: Promise.resolve() };
    this.#running.set(key, entry);
    entry.done = this.run(key, entry);
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
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.begin(next);
  }
}
