import { Injectable } from '@nestjs/common';
import { taskCancel, taskCreate, taskGet, type TaskProgress } from '@teleop/contracts';
import { isRefusal, Requests } from '@teleop/messaging';
import { InjectConfig } from '@teleop/service-kit';
import { endHere } from './domain/execution-machine';
import { stateOf } from './execution-record';
import type { ExecutionSettings } from './execution-settings';
import { ExecutionStore } from './execution-store';
import { FollowTask } from './follow-task';

/** The task of an execution at robot-gateway: made once, however often it is asked for. */
@Injectable()
export class TaskLink {
  constructor(
    private readonly store: ExecutionStore,
    private readonly requests: Requests,
    private readonly following: FollowTask,
    @InjectConfig() private readonly config: ExecutionSettings,
  ) {}

  /** Has the task made. A refusal fails the execution; throws when robot-gateway cannot be asked: ask again later. */
  async create(executionId: string): Promise<void> {
    const request = await this.store.toAsk(executionId);
    if (request === undefined) return;
    const timeoutMs = this.config.EXECUTION_ASK_MS;
    try {
      const { robotId } = await this.requests.ask(taskCreate, request, { timeoutMs });
      if (await this.store.linked(executionId, robotId)) await this.cancelIfOver(executionId, request.taskId);
    } catch (error) {
      if (!isRefusal(error, taskCreate)) throw error;
      await this.fail(executionId, error.code, error.detail);
    }
  }

  /** It ends here; should its task come to be all the same, that is canceled. */
  async fail(
    executionId: string,
    errorCode: string,
    errorMessage: string,
    cancelPending = false,
  ): Promise<void> {
    await this.store.change({ executionId }, (row) => {
      // News of the task came first: then it exists, whatever this says.
      if (row.task_created_at !== null) return undefined;
      const state = endHere(stateOf(row), { status: 'FAILED', errorCode, errorMessage });
      return state && { state, taskExists: false, cancelPending };
    });
  }

  /** How the task is now; the execution follows it. */
  async lookAt(executionId: string, taskId: string): Promise<void> {
    try {
      await this.following.apply(await this.requests.ask(taskGet, { taskId }));
    } catch (error) {
      if (!isRefusal(error, taskGet)) throw error;
      await this.store.change({ executionId }, (row) => {
        const errorMessage = 'robot-gateway does not know the task any more';
        const state = endHere(stateOf(row), { status: 'FAILED', errorCode: 'task_lost', errorMessage });
        return state && { state, taskExists: true };
      });
    }
  }

  /** What the task is after that; undefined when robot-gateway does not know it. Canceled or over is all the same here. */
  async cancel(taskId: string): Promise<TaskProgress | 'over' | undefined> {
    try {
      return await this.requests.ask(taskCancel, { taskId });
    } catch (error) {
      if (!isRefusal(error, taskCancel)) throw error;
      return error.code === 'task_unknown' ? undefined : 'over';
    }
  }

  /** The execution was canceled while its task was being made. */
  private async cancelIfOver(executionId: string, taskId: string): Promise<void> {
    const row = await this.store.find(executionId);
    if (row?.task_cancel_pending !== true) return;
    await this.cancel(taskId);
    await this.store.cancelSettled(executionId);
  }
}
