import { Injectable } from '@nestjs/common';
import type { TaskProgress } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { follow } from './domain/execution-machine';
import { stateOf, type ExecutionRow } from './execution-record';
import { ExecutionStore } from './execution-store';

/** Executions become what is heard of their tasks, however often and in whatever order it is heard. */
@Injectable()
export class FollowTask {
  constructor(private readonly store: ExecutionStore) {}

  /** Undefined: it is the task of no execution. */
  apply(progress: TaskProgress, tx?: Tx): Promise<ExecutionRow | undefined> {
    return this.store.change(
      { taskId: progress.taskId },
      (row) => {
        const state = follow(stateOf(row), progress);
        return state && { state, taskExists: true };
      },
      tx,
    );
  }
}
