interface Due {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes when nothing is left to be done, and then goes on to the next thing that somebody waits for. */
export class VirtualTime {
  now = 0;
  #due: Due[] = [];

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = () => reject(signal?.reason);
      if (signal?.aborted) return stop();
      this.#due.push({ at: this.now + ms, wake: resolve });
      signal?.addEventListener('abort', stop, { once: true });
    });

  /** A signal that aborts after so long. */
  deadline(ms: number): AbortSignal {
    const controller = new AbortController();
    void this.sleep(ms).then(() => controller.abort(new Error('the deadline')));
    return controller.signal;
  }

  /** Resolves with what `work` gives; time passes meanwhile. Throws when nothing is left that it could wait for. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = work.finally(() => (done = true));
    finished.catch(() => undefined);
    for (;;) {
      // Everything that can happen at this moment does.
      await new Promise(setImmediate);
      if (done) return finished;
      this.next();
    }
  }

  private next(): void {
    const [first] = this.#due.sort((a, b) => a.at - b.at);
    if (first === undefined) throw new Error('everybody waits for somebody else');
    this.#due = this.#due.slice(1);
    this.now = Math.max(this.now, first.at);
    first.wake();
  }
}
