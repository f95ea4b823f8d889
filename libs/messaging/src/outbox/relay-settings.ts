import { STREAMS } from '@teleop/contracts';

export interface RelaySettings {
  /** Rows published at once. */
  readonly batch: number;
  /** Milliseconds between looks when nobody pokes. */
  readonly pollMs: number;
  /** Milliseconds between attempts of a replica that does not lead to take over. */
  readonly standbyMs: number;
  /** Milliseconds to gather after a poke, so that a burst becomes one batch. */
  readonly gatherMs: number;
  /** The same under load: each look costs two statements, and an event loop that serves requests meanwhile. */
  readonly busyGatherMs: number;
  /** Rows in a batch from which on it counts as load. */
  readonly busyRows: number;
  /** Milliseconds to wait after a failure. */
  readonly retryMs: number;
  /** Milliseconds between measurements of what is not announced yet. */
  readonly watchMs: number;
  /** Milliseconds between clearings of the inbox. */
  readonly forgetEveryMs: number;
  /** Age in milliseconds at which inbox rows are forgotten; longer than any stream keeps messages, dead letters too. */
  readonly inboxKeepMs: number;
}

const DAY_MS = 24 * 3_600_000;
const LONGEST_STREAM_MS = Math.max(...Object.values(STREAMS).map(({ maxAgeMs }) => maxAgeMs));

export const DEFAULT_RELAY: RelaySettings = {
  batch: 500,
  pollMs: 250,
  standbyMs: 1_000,
  gatherMs: 5,
  busyGatherMs: 20,
  busyRows: 8,
  retryMs: 500,
  watchMs: 5_000,
  forgetEveryMs: 60_000,
  // A dead letter that is replayed on its last day must not be applied again by consumers that had applied it.
  inboxKeepMs: LONGEST_STREAM_MS + DAY_MS,
};
