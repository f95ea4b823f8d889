import type { Percentiles } from '../measure/percentiles';

export interface TelemetryResult {
  readonly perSecond: number;
  readonly latency: Percentiles;
  readonly failures: number;
  readonly firstFailure: string | undefined;
  readonly generatorLateMs: number;
}

/** For the reader of a result. */
export function inWords({ latency, failures, firstFailure }: TelemetryResult): string {
  const p99 = `p99 ${latency.p99.toFixed(1)} ms`;
  return failures === 0 ? p99 : `${p99}, ${failures} not taken: ${firstFailure}`;
}
