import { setTimeout as sleep } from 'node:timers/promises';
import { Samples, type Percentiles } from '../measure/percentiles';
import { serve } from '../workers/serve';
import { openConnections, type HttpConnection } from './http-connection';

export interface RateLoad {
  readonly origin: string;
  /** `{n}` is replaced by a number that goes round below `variants`. */
  readonly path: string;
  readonly variants: number;
  readonly connections: number;
  /** Requests a second, whatever the answers do; undefined: every connection asks again as soon as it is answered. */
  readonly perSecond?: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface RateLoadResult {
  readonly perSecond: number;
  /** From the moment a request was due, also when no connection was free to send it. */
  readonly latency: Percentiles;
  readonly failures: number;
  readonly firstFailure: string | undefined;
  /** Longest time the generator itself was late: above a few milliseconds the figures say little. */
  readonly generatorLateMs: number;
}

class Run {
  readonly latency = new Samples();
  failures = 0;
  firstFailure: string | undefined;
  generatorLateMs = 0;
  #sent = 0;
  readonly #idle: HttpConnection[];
  readonly #due: number[] = [];
  #measureFrom = Infinity;

  constructor(
    private readonly load: RateLoad,
    connections: readonly HttpConnection[],
  ) {
    this.#idle = [...connections];
  }

  async open(perSecond: number): Promise<void> {
    const begin = performance.now();
    this.#measureFrom = begin + this.load.warmUpMs;
    const end = this.#measureFrom + this.load.measureMs;
    let scheduled = 0;
    let last = begin;
    for (;;) {
      const now = performance.now();
      if (now >= end) break;
      if (now > this.#measureFrom) this.generatorLateMs = Math.max(this.generatorLateMs, now - last - 1);
      last = now;
      const due = Math.floor(((now - begin) / 1_000) * perSecond);
      for (; scheduled < due; scheduled += 1) this.#due.push(now);
      this.dispatch();
      await sleep(1);
    }
    await this.drained();
  }

  async closed(): Promise<void> {
    this.#measureFrom = performance.now() + this.load.warmUpMs;
    const end = this.#measureFrom + this.load.measureMs;
    await Promise.all(
      this.#idle.map(async (connection) => {
        while (performance.now() < end) await this.one(connection, performance.now());
      }),
    );
  }

  private dispatch(): void {
    while (this.#due.length > 0) {
      const connection = this.#idle.pop();
      if (connection === undefined) return;
      const due = this.#due.shift() ?? 0;
      void this.one(connection, due).then(() => {
        // The one that waited longest comes next, so that all of them are used.
        this.#idle.unshift(connection);
        this.dispatch();
      });
    }
  }

  private async one(connection: HttpConnection, due: number): Promise<void> {
    this.#sent += 1;
    const path = this.load.path.replace('{n}', String(this.#sent % this.load.variants).padStart(4, '0'));
    try {
      const { status, body } = await connection.send('GET', path);
      if (due < this.#measureFrom) return;
      if (status === 200) this.latency.add(performance.now() - due);
      else this.fail(`${status} ${body}`);
    } catch (error) {
      this.fail(String(error));
    }
  }

  private fail(what: string): void {
    this.failures += 1;
    this.firstFailure ??= what.slice(0, 300);
  }

  private async drained(): Promise<void> {
    const deadline = performance.now() + 5_000;
    while (this.#idle.length < this.load.connections && performance.now() < deadline) await sleep(5);
  }
}

async function run(load: RateLoad): Promise<RateLoadResult> {
  const connections = await openConnections(load.origin, load.connections);
  const measured = new Run(load, connections);
  if (load.perSecond === undefined) await measured.closed();
  else await measured.open(load.perSecond);
  for (const connection of connections) connection.close();
  return {
    perSecond: measured.latency.count / (load.measureMs / 1_000),
    latency: measured.latency.summary(),
    failures: measured.failures,
    firstFailure: measured.firstFailure,
    generatorLateMs: measured.generatorLateMs,
  };
}

serve({ run });
