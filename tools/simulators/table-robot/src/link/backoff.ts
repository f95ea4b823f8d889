/** Waits between attempts to connect: doubling from `firstMs` to `maxMs`, each cut by up to half at random. */
export class Backoff {
  #attempt = 0;

  constructor(
    private readonly firstMs: number,
    private readonly maxMs: number,
    // Many robots lose the same gateway at the same moment; without jitter they would all come back at once.
    private readonly random: () => number,
  ) {}

  next(): number {
    const full = Math.min(this.maxMs, this.firstMs * 2 ** this.#attempt);
    this.#attempt += 1;
    return this.jittered(full);
  }

  longest(): number {
    return this.jittered(this.maxMs);
  }

  reset(): void {
    this.#attempt = 0;
  }

  private jittered(fullMs: number): number {
    return fullMs * (0.5 + this.random() / 2);
  }
}
