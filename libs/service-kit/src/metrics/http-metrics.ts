import type { Histogram } from 'prom-client';
import type { Metrics } from './metrics';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MAX_SERIES = 2_000;

/** http_request_duration_seconds by method, route pattern and status. */
export class HttpMetrics {
  readonly #histogram: Histogram<'method' | 'route' | 'status'>;
  // prom-client hashes the labels at every call; a child per series is looked up by one string.
  readonly #series = new Map<string, { observe(seconds: number): void }>();

  constructor(metrics: Metrics) {
    this.#histogram = metrics.histogram(
      'http_request_duration_seconds',
      'Time to answer a request',
      SECONDS,
      ['method', 'route', 'status'],
    );
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    const key = `${method} ${status} ${route}`;
    let child = this.#series.get(key);
    if (child === undefined) {
      // Methods are the caller's words: without a bound a hostile one could fill the memory with series.
      const known = this.#series.size < MAX_SERIES;
      child = this.#histogram.labels(
        known ? { method, route, status } : { method: 'other', route: 'other', status },
      );
      if (known) this.#series.set(key, child);
    }
    child.observe(seconds);
  }
}
