/** A clock and timers that stand still until they are moved. */
export class FakeTime {
  #now = 0;
  readonly #timers = new Set<{ at: number; work: () => void }>();

  readonly now = (): number => this.#now;

  readonly later = (ms: number, work: () => void): (() => void) => {
    const timer = { at: this.#now + ms, work };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get timers(): number {
    return this.#timers.size;
  }

  /** Moves the clock alone, as work that takes long does. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Moves the clock and runs what is due on the way, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.work();
      await this.settle();
    }
    this.#now = end;
    await this.settle();
  }

  /** Lets promises run. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  }
}
