export interface BackOffSettings {
  firstMs: number;
  maxMs: number;
  /** A process that stayed up this long starts again from the first step. */
  resetAfterMs: number;
}

const DEFAULT_BACK_OFF: BackOffSettings = { firstMs: 250, maxMs: 10_000, resetAfterMs: 30_000 };

/** How long to wait before each restart: doubling, bounded, forgiven after a good run. */
export class BackOff {
  private failures = 0;

  constructor(private readonly settings: BackOffSettings = DEFAULT_BACK_OFF) {}

  nextDelayMs(upForMs: number): number {
    if (upForMs >= this.settings.resetAfterMs) this.failures = 0;
    const delay = Math.min(this.settings.maxMs, this.settings.firstMs * 2 ** this.failures);
    this.failures++;
    return delay;
  }
}
