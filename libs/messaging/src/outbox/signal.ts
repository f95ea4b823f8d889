/** A flag that can be waited for: set once, seen once. */
export class Signal {
  #set = false;
  #waiter: (() => void) | undefined;

  set(): void {
    this.#set = true;
    this.#waiter?.();
  }

  clear(): void {
    this.#set = false;
  }

  /** Resolves true as soon as it is set, false after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<boolean> {
    if (this.#set) return true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiter = resolve;
      timer = setTimeout(resolve, timeoutMs);
    });
    clearTimeout(timer);
    this.#waiter = undefined;
    return this.#set;
  }
}
