export interface ConsumerSettings {
  /** Milliseconds before a consumer that was interrupted starts again. */
  readonly restartMs: number;
  /** Milliseconds at most between attempts while something we depend on is away. */
  readonly outageRetryMs: number;
  /** Milliseconds to wait for the server's word that it has our acknowledgement. */
  readonly ackTimeoutMs: number;
  /** Milliseconds one pull waits for messages; a consumer that vanished is noticed within it. */
  readonly pullMs: number;
  /** Messages that may be under way, those waiting for their next attempt included. */
  readonly maxAckPending: number;
  /** Milliseconds between measurements of what waits for the consumers. */
  readonly watchMs: number;
}

export const DEFAULT_CONSUMER: ConsumerSettings = {
  restartMs: 500,
  outageRetryMs: 5_000,
  ackTimeoutMs: 2_000,
  pullMs: 10_000,
  maxAckPending: 1_000,
  watchMs: 5_000,
};
