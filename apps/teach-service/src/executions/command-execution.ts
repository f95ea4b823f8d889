import { Injectable } from '@nestjs/common';
import { taskPause, taskResume } from '@teleop/contracts';
import { isRefusal, Requests } from '@teleop/messaging';
import { problem } from '../problems';
import { endHere, isOver } from './domain/execution-machine';
import { stateOf, type ExecutionRow } from './execution-record';
import { ExecutionStore } from './execution-store';
import { FollowTask } from './follow-task';
import { TaskLink } from './task-link';

/** Cancel, pause and resume. robot-gateway decides; the execution follows what it answers. */
@Injectable()
export class CommandExecution {
  constructor(
    private readonly store: ExecutionStore,
    private readonly link: TaskLink,
    private readonly following: FollowTask,
    private readonly requests: Requests,
  ) {}

  /** Canceled before: answered the same. Throws 404, 409 when it ended otherwise, 503 when robot-gateway is away. */
  async cancel(executionId: string): Promise<ExecutionRow> {
    // Without a known task it ends at once: a robot-gateway that is away cannot hold it up.
    const row = await this.store.change({ executionId }, (found) => {
      if (found.task_created_at !== null) return undefined;
      const state = endHere(stateOf(found), { status: 'CANCELED' });
      return state && { state, taskExists: false, cancelPending: true };
    });
    if (row === undefined) throw problem('execution_unknown');
    if (row.status === 'CANCELED') return row;
    if (isOver(row.status)) throw problem('execution_over');
    const progress = await this.link.cancel(row.task_id);
    if (progress === undefined || progress === 'over') await this.link.lookAt(executionId, row.task_id);
    else await this.following.apply(progress);
    return this.canceled(executionId);
  }

  /** Throws 404, 409, 503. The robot ends the step it is at first. */
  pause(executionId: string): Promise<ExecutionRow> {
    return this.ask(executionId, taskPause);
  }

  resume(executionId: string): Promise<ExecutionRow> {
    return this.ask(executionId, taskResume);
  }

  private async ask(executionId: string, request: typeof taskPause): Promise<ExecutionRow> {
    const row = await this.read(executionId);
    if (isOver(row.status)) throw problem('execution_over');
    if (row.task_created_at === null) throw problem('execution_not_started');
    try {
      await this.following.apply(await this.requests.ask(request, { taskId: row.task_id }));
    } catch (error) {
      if (!isRefusal(error, request)) throw error;
      if (error.code === 'task_not_started') throw problem('execution_not_started');
      await this.link.lookAt(executionId, row.task_id);
      throw problem('execution_over');
    }
    return this.read(executionId);
  }

  private async canceled(executionId: string): Promise<ExecutionRow> {
    const row = await this.read(executionId);
    if (row.status !== 'CANCELED') throw problem('execution_over');
    return row;
  }

  async read(executionId: string): Promise<ExecutionRow> {
    const row = await this.store.find(executionId);
    if (row === undefined) throw problem('execution_unknown');
    return row;
  }
}
