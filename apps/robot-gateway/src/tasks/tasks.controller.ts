import { Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { JwtGuard, Roles } from '@teleop/auth';
import { TaskDetail, TaskList, TaskView } from '@teleop/contracts';
import { Documented, ProblemError } from '@teleop/service-kit';
import { CommandTask, type TaskCommand, type TaskRefusal } from './command-task';
import { TaskParam, TasksQuery } from './params';
import { TaskStore } from './task-store';
import { detailOf, viewOf } from './task-views';

const DEFAULT_LIMIT = 50;

const NOT_FOUND = { 404: ['TASK_NOT_FOUND'] };
const CHANGING = { answers: TaskView, problems: { 403: ['FORBIDDEN'], ...NOT_FOUND } };

/** Tasks for people: any role looks; Operators and Admins cancel, pause and resume. */
@Controller('api/v1/tasks')
@UseGuards(JwtGuard)
export class TasksController {
  constructor(
    private readonly store: TaskStore,
    private readonly commands: CommandTask,
  ) {}

  @Get()
  @Documented({ summary: 'Tasks, newest first', answers: TaskList })
  async list(@Query() { limit = DEFAULT_LIMIT, ...query }: TasksQuery): Promise<TaskList> {
    const rows = await this.store.page({ ...query, limit });
    const shown = rows.slice(0, limit);
    return {
      items: shown.map(viewOf),
      nextCursor: rows.length > limit ? (shown.at(-1)?.task_no ?? null) : null,
    };
  }

  @Get(':taskId')
  @Documented({ summary: 'A task with its steps', answers: TaskDetail, problems: NOT_FOUND })
  async one(@Param() { taskId }: TaskParam): Promise<TaskDetail> {
    const row = await this.store.find(taskId);
    if (row === undefined) throw problemOf('task_unknown');
    return detailOf(row, await this.store.steps(taskId));
  }

  @Post(':taskId/cancel')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    ...CHANGING,
    summary: 'End a task; the robot stops the step it is at',
    problems: { ...CHANGING.problems, 409: ['TASK_OVER'] },
  })
  cancel(@Param() { taskId }: TaskParam): Promise<TaskView> {
    return this.command(taskId, 'cancel');
  }

  @Post(':taskId/pause')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    ...CHANGING,
    summary: 'Pause a task when the step under way is done',
    problems: { ...CHANGING.problems, 409: ['TASK_OVER', 'TASK_NOT_STARTED'] },
  })
  pause(@Param() { taskId }: TaskParam): Promise<TaskView> {
    return this.command(taskId, 'pause');
  }

  @Post(':taskId/resume')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    ...CHANGING,
    summary: 'Let a paused task go on',
    problems: { ...CHANGING.problems, 409: ['TASK_OVER', 'TASK_NOT_STARTED'] },
  })
  resume(@Param() { taskId }: TaskParam): Promise<TaskView> {
    return this.command(taskId, 'resume');
  }

  private async command(taskId: string, command: TaskCommand): Promise<TaskView> {
    const result = await this.commands.run(taskId, command);
    if ('refused' in result) throw problemOf(result.refused);
    return viewOf(result);
  }
}

function problemOf(refusal: TaskRefusal): ProblemError {
  switch (refusal) {
    case 'task_unknown':
      return new ProblemError(404, 'TASK_NOT_FOUND', 'There is no task with this id');
    case 'task_over':
      return new ProblemError(409, 'TASK_OVER', 'The task is over');
    case 'task_not_started':
      return new ProblemError(409, 'TASK_NOT_STARTED', 'The task has no robot yet');
    default:
      return refusal satisfies never;
  }
}
