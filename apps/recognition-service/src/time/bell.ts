/** Wakes the one who waits; a ring while nobody waits is kept for the next wait. */
export class Bell {
  #rung = false;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Resolves at a ring, after `ms` (0: never by itself), or when the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#rung || signal.aborted) {
        this.#rung = false;
        resolve();
        return;
      }
      const done = (): void => {
        this.#rung = false;
        this.#wake = () => undefined;
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = ms > 0 ? setTimeout(done, ms) : undefined;
      this.#wake = done;
      signal.addEventListener('abort', done);
    });
  }
}
