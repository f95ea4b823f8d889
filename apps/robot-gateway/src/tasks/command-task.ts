import { Injectable } from '@nestjs/common';
import { ChangeTask } from './change-task';
import { isOver } from './domain/task-status';
import type { TaskRow } from './task-record';

export type TaskCommand = 'cancel' | 'pause' | 'resume';
export type TaskRefusal = 'task_unknown' | 'task_over' | 'task_not_started';

/** What people and services may want of a task. What it does already, it is answered to do. */
@Injectable()
export class CommandTask {
  constructor(private readonly changes: ChangeTask) {}

  async run(taskId: string, command: TaskCommand): Promise<TaskRow | { readonly refused: TaskRefusal }> {
    const result = await this.changes.hold(taskId, async (tx, { row }) => {
      const refused = refusal(row, command);
      if (refused !== undefined) return { refused };
      return { row, changed: await this.changes.applyIn(tx, row, { type: command }) };
    });
    if (result === undefined) return { refused: 'task_unknown' };
    if (result.refused !== undefined) return result;
    if (result.changed === undefined) return result.row;
    this.changes.told(result.changed);
    return result.changed;
  }
}

function refusal({ status }: TaskRow, command: TaskCommand): TaskRefusal | undefined {
  if (command === 'cancel' && status === 'CANCELED') return undefined;
  if (isOver(status)) return 'task_over';
  return status === 'QUEUED' && command !== 'cancel' ? 'task_not_started' : undefined;
}
