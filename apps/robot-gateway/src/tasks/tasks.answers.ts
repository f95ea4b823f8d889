import { Injectable } from '@nestjs/common';
import {
  taskCancel,
  taskCreate,
  taskGet,
  taskPause,
  taskResume,
  type AskTask,
  type AskTaskCreate,
  type TaskCreated,
  type TaskDetail,
  type TaskProgress,
} from '@teleop/contracts';
import { Answers, refuse } from '@teleop/messaging';
import { CommandTask, type TaskCommand, type TaskRefusal } from './command-task';
import { CreateTask } from './create-task';
import { TaskStore } from './task-store';
import { detailOf, progressOf } from './task-views';

const REFUSALS: Readonly<Record<TaskRefusal, string>> = {
  task_unknown: 'There is no task with this id',
  task_over: 'The task is over',
  task_not_started: 'The task has no robot yet',
};

/** Tasks as other services ask for them. */
@Injectable()
export class TaskAnswers {
  constructor(
    private readonly creating: CreateTask,
    private readonly commands: CommandTask,
    private readonly store: TaskStore,
  ) {}

  @Answers(taskCreate)
  create(ask: AskTaskCreate): Promise<TaskCreated> {
    return this.creating.run(ask);
  }

  @Answers(taskCancel)
  cancel({ taskId }: AskTask): Promise<TaskProgress> {
    return this.command(taskId, 'cancel', (code) => {
      // Only what has not begun cannot be paused: canceled it can be.
      if (code !== 'task_not_started') throw refuse(taskCancel, code, REFUSALS[code]);
    });
  }

  @Answers(taskPause)
  pause({ taskId }: AskTask): Promise<TaskProgress> {
    return this.command(taskId, 'pause', (code) => {
      throw refuse(taskPause, code, REFUSALS[code]);
    });
  }

  @Answers(taskResume)
  resume({ taskId }: AskTask): Promise<TaskProgress> {
    return this.command(taskId, 'resume', (code) => {
      throw refuse(taskResume, code, REFUSALS[code]);
    });
  }

  @Answers(taskGet)
  async get({ taskId }: AskTask): Promise<TaskDetail> {
    const row = await this.store.find(taskId);
    if (row === undefined) throw refuse(taskGet, 'task_unknown', REFUSALS.task_unknown);
    return detailOf(row, await this.store.steps(taskId));
  }

  private async command(
    taskId: string,
    command: TaskCommand,
    refused: (code: TaskRefusal) => void,
  ): Promise<TaskProgress> {
    const result = await this.commands.run(taskId, command);
    if (!('refused' in result)) return progressOf(result);
    refused(result.refused);
    throw new Error(`task ${taskId}: ${command} was refused as ${result.refused}`);
  }
}
