/**
 * Stops a robot whose driver fell silent: due once after `limitMs` without a frame, and again only after new frames.
 * `frame` is on the hot path and only writes two fields.
 */
export class Deadman {
  #driving = false;
  #frameAt = 0;

  constructor(private readonly limitMs: number) {}

  frame(now: number): void {
    this.#driving = true;
    this.#frameAt = now;
  }

  due(now: number): boolean {
    return this.#driving && now - this.#frameAt >= this.limitMs;
  }

  /** True while frames have gone to the robot since its last stop. */
  get driving(): boolean {
    return this.#driving;
  }

  stopped(): void {
    this.#driving = false;
  }
}
