/** Bytes of bodies that may be held at once. Who asks for more than is left waits in order; nobody is overtaken. */
export class ByteBudget {
  #held = 0;
  readonly #waiting: { readonly bytes: number; readonly grant: () => void }[] = [];

  constructor(private readonly total: number) {}

  get held(): number {
    return this.#held;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves with the way to give them back; undefined when they were not free within `waitMs`. */
  async take(bytes: number, waitMs: number): Promise<(() => void) | undefined> {
    // A body larger than the whole budget may still come, alone.
    const share = Math.min(bytes, this.total);
    if (this.#waiting.length === 0 && this.#held + share <= this.total) this.#held += share;
    else if (!(await this.turn(share, waitMs))) return undefined;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#held -= share;
      this.grantNext();
    };
  }

  private turn(bytes: number, waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const entry = {
        bytes,
        grant: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        resolve(false);
        this.grantNext();
      }, waitMs);
      this.#waiting.push(entry);
    });
  }

  private grantNext(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#held + next.bytes > this.total) return;
      this.#waiting.shift();
      this.#held += next.bytes;
      next.grant();
    }
  }
}
