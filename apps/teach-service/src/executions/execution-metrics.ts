import { Injectable } from '@nestjs/common';
import { Metrics } from '@teleop/service-kit';
import { isOver, type ExecutionState } from './domain/execution-machine';

/** What becomes of executions. */
@Injectable()
export class ExecutionMetrics {
  readonly #ended;

  constructor(metrics: Metrics) {
    this.#ended = metrics.counter('teach_executions_ended_total', 'Executions that ended', [
      'status',
      'code',
    ]);
  }

  /** A change that is being written: of one whose commit fails, it counts once too often. */
  changed({ status, errorCode }: ExecutionState): void {
    if (isOver(status)) this.#ended.inc({ status, code: errorCode ?? '' });
  }
}
