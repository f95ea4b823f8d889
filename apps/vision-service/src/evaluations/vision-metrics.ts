import { Injectable } from '@nestjs/common';
import type { DollsCompareAnswer } from '@teleop/contracts';
import { Metrics } from '@teleop/service-kit';
import type { Attempt } from '../judging/attempt';
import type { ByteBudget } from '../body/byte-budget';
import type { CallOutcome, GuardedModel } from '../model/guarded-model';

const SECONDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

/** What an operator watches: verdicts, how they were come by, what they cost, and how the model does. */
@Injectable()
export class VisionMetrics {
  readonly #evaluations;
  readonly #seconds;
  readonly #attempts;
  readonly #tokens;
  readonly #cost;
  readonly #calls;

  /** All are there from the start: an alert cannot tell a metric that is not there yet from one that is zero. */
  constructor(private readonly metrics: Metrics) {
    this.#evaluations = metrics.counter('vision_evaluations_total', 'Evaluations by verdict', [
      'status',
      'model',
      'reason',
    ]);
    this.#seconds = metrics.histogram(
      'vision_evaluation_seconds',
      'Time of an evaluation, model included',
      SECONDS,
    );
    this.#attempts = metrics.counter('vision_attempts_total', 'Attempts by stage and outcome', [
      'strategy',
      'model',
      'outcome',
    ]);
    this.#tokens = metrics.counter('vision_tokens_total', 'Tokens by model and direction', [
      'model',
      'direction',
    ]);
    this.#cost = metrics.counter('vision_cost_usd_total', 'US dollars by the configured prices', ['model']);
    this.#calls = metrics.histogram('vision_model_call_seconds', 'Calls of the model', SECONDS, [
      'model',
      'outcome',
    ]);
  }

  evaluated(answer: DollsCompareAnswer): void {
    const { status, model, reason } = answer;
    this.#evaluations.inc({ status, model, reason: reason ?? '' });
    this.#seconds.observe(answer.elapsed_ms / 1_000);
  }

  attempted({ strategy, model, verdict, usage }: Attempt): void {
    this.#attempts.inc({ strategy, model, outcome: verdict.reason ?? 'consistent' });
    this.#tokens.inc({ model, direction: 'input' }, usage.input_tokens);
    this.#tokens.inc({ model, direction: 'output' }, usage.output_tokens);
    this.#cost.inc({ model }, usage.cost_usd ?? 0);
  }

  called(model: string, outcome: CallOutcome, ms: number): void {
    this.#calls.observe({ model, outcome }, ms / 1_000);
  }

  watch(guarded: GuardedModel | undefined, budget: ByteBudget): void {
    const { metrics } = this;
    metrics.observed('vision_body_bytes', 'Bytes of request bodies held', () => budget.held);
    metrics.observed('vision_bodies_waiting', 'Requests whose body waits to be read', () => budget.waiting);
    if (guarded === undefined) return;
    metrics.observed(
      'vision_model_calls_in_flight',
      'Calls of the model in flight',
      () => guarded.slots.inFlight,
    );
    metrics.observed('vision_model_calls_waiting', 'Calls that wait for a slot', () => guarded.slots.waiting);
    metrics.observed(
      'vision_breakers_open',
      'Models that are not asked for now',
      () => guarded.openBreakers.length,
    );
  }
}
