import { Injectable } from '@nestjs/common';
import { teachSampleFeed } from '@teleop/contracts';
import { Feeds } from '@teleop/messaging';
import { Clock, Metrics } from '@teleop/service-kit';
import type { Said } from './domain/said';
import type { Sample } from './sample-writer';

const LAG_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** What others are told of samples that are written: who watches live, and who looks at metrics. */
@Injectable()
export class SampleNews {
  readonly #counted;
  readonly #lag;

  constructor(
    private readonly feeds: Feeds<'teach-service'>,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.#counted = metrics.counter('teach_samples_total', 'Samples of robots that are taught', ['outcome']);
    this.#lag = metrics.histogram(
      'teach_sample_commit_lag_seconds',
      'From JetStream’s storing of a sample to its commit here',
      LAG_BUCKETS,
    );
  }

  /** `untaught`: nobody recorded them. */
  tell(said: readonly Said[], written: readonly Sample[], untaught: number): void {
    this.#counted.inc({ outcome: 'written' }, written.length);
    this.#counted.inc({ outcome: 'untaught' }, untaught);
    this.#counted.inc({ outcome: 'repeated' }, said.length - written.length - untaught);
    const now = this.clock.now();
    for (const { storedAt } of said) this.#lag.observe(Math.max(0, now - storedAt) / 1_000);
    for (const sample of written)
      this.feeds.publish(teachSampleFeed, {
        teachSessionId: sample.session.sessionId,
        robotId: sample.said.robotId,
        payload: { ...sample.said.payload },
      });
  }

  dead(): void {
    this.#counted.inc({ outcome: 'dead' });
  }
}
