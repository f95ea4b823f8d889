import { Injectable } from '@nestjs/common';
import { Metrics } from '@teleop/service-kit';
import type { Move } from './domain/task-machine';
import { isOver } from './domain/task-status';
import type { ChangedStep } from './task-store';

const SECONDS = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
const OPEN = ['QUEUED', 'RUNNING', 'PAUSED'] as const;

@Injectable()
export class TaskMetrics {
  readonly #open;
  readonly #ended;
  readonly #steps;

  constructor(metrics: Metrics) {
    this.#open = metrics.gauge('robot_tasks', 'Tasks that are not over', ['status']);
    this.#ended = metrics.counter('robot_tasks_ended_total', 'Tasks that ended', ['status', 'code']);
    this.#steps = metrics.histogram(
      'robot_task_step_seconds',
      'From the robot’s having a step to its end',
      SECONDS,
      ['type', 'outcome'],
    );
  }

  /** A move that is being written: of one whose commit fails, it counts once too often. */
  moved({ task, step }: Move, changed: ChangedStep | undefined): void {
    if (isOver(task.status)) this.#ended.inc({ status: task.status, code: task.errorCode ?? '' });
    if ((step === 'DONE' || step === 'FAILED') && changed !== undefined && changed.seconds !== null) {
      this.#steps.observe({ type: changed.type, outcome: step }, changed.seconds);
    }
  }

  open(counts: ReadonlyMap<string, number>): void {
    for (const status of OPEN) this.#open.set({ status }, counts.get(status) ?? 0);
  }
}
