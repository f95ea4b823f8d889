import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Prometheus metrics of this service. Names: snake_case with the unit, e.g. `_seconds`, `_total`. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Process metrics (memory, GC, event-loop lag); apart, because tests with many services do without. */
  collectProcess(): this {
    collectDefaultMetrics({ register: this.registry });
    return this;
  }

  counter<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Counter<L> {
    return (
      this.existing<Counter<L>>(name) ??
      new Counter({ name, help, labelNames: [...labels], registers: [this.registry] })
    );
  }

  gauge<L extends string = never>(name: string, help: string, labels: readonly L[] = []): Gauge<L> {
    return (
      this.existing<Gauge<L>>(name) ??
      new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] })
    );
  }

  /** A gauge that is read when Prometheus asks. */
  observed(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels: readonly L[] = [],
  ): Histogram<L> {
    return (
      this.existing<Histogram<L>>(name) ??
      new Histogram({
        name,
        help,
        buckets: [...buckets],
        labelNames: [...labels],
        registers: [this.registry],
      })
    );
  }

  private existing<M>(name: string): M | undefined {
    return this.registry.getSingleMetric(name) as M | undefined;
  }
}
