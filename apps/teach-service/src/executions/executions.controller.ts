import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentUser, JwtGuard, Roles, type VerifiedPrincipal } from '@teleop/auth';
import { CreateExecutionBody, ExecutionList, ExecutionView } from '@teleop/contracts';
import { currentTrace, Documented } from '@teleop/service-kit';
import { DEFAULT_LIMIT, pageOf } from '../params';
import { CommandExecution } from './command-execution';
import { CreateExecution } from './create-execution';
import { executionViewOf } from './execution-record';
import { ExecutionStore } from './execution-store';
import { ExecutionParam, ExecutionsQuery } from './params';

const NOT_FOUND = { 404: ['EXECUTION_NOT_FOUND'] };
const COMMAND = {
  403: ['FORBIDDEN'],
  ...NOT_FOUND,
  503: ['SERVICE_UNAVAILABLE'],
};
const PAUSING = { ...COMMAND, 409: ['EXECUTION_OVER', 'EXECUTION_NOT_STARTED'] };

/** Runs of missions: any role looks, Operators and Admins start and end them. */
@Controller('api/v1/teach/executions')
@UseGuards(JwtGuard)
export class ExecutionsController {
  constructor(
    private readonly store: ExecutionStore,
    private readonly creating: CreateExecution,
    private readonly commands: CommandExecution,
  ) {}

  @Get()
  @Documented({ summary: 'Executions, newest first', answers: ExecutionList })
  async list(@Query() { limit = DEFAULT_LIMIT, ...query }: ExecutionsQuery): Promise<ExecutionList> {
    const rows = await this.store.page({ ...query, limit });
    return pageOf(rows, limit, (row) => row.execution_no, executionViewOf);
  }

  @Post()
  @HttpCode(202)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Have a published mission run',
    description: 'What robot-gateway refuses later shows as an execution that FAILED.',
    answers: ExecutionView,
    problems: {
      403: ['FORBIDDEN'],
      404: ['MISSION_NOT_FOUND', 'robot_unknown'],
      409: ['mission_not_published', 'robot_offline'],
      422: ['MISSION_EMPTY'],
      503: ['SERVICE_UNAVAILABLE'],
    },
  })
  async create(
    @Body() { missionId, robotId = null }: CreateExecutionBody,
    @CurrentUser() { userId }: VerifiedPrincipal,
  ): Promise<ExecutionView> {
    const correlationId = currentTrace()?.traceId ?? null;
    return executionViewOf(await this.creating.run({ missionId, robotId, userId, correlationId }));
  }

  @Get(':executionId')
  @Documented({ summary: 'An execution', answers: ExecutionView, problems: NOT_FOUND })
  async one(@Param() { executionId }: ExecutionParam): Promise<ExecutionView> {
    return executionViewOf(await this.commands.read(executionId));
  }

  @Post(':executionId/cancel')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'End an execution; the robot stops the step it is at',
    answers: ExecutionView,
    problems: { ...COMMAND, 409: ['EXECUTION_OVER'] },
  })
  async cancel(@Param() { executionId }: ExecutionParam): Promise<ExecutionView> {
    return executionViewOf(await this.commands.cancel(executionId));
  }

  @Post(':executionId/pause')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Pause an execution when the step under way is done',
    answers: ExecutionView,
    problems: PAUSING,
  })
  async pause(@Param() { executionId }: ExecutionParam): Promise<ExecutionView> {
    return executionViewOf(await this.commands.pause(executionId));
  }

  @Post(':executionId/resume')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({ summary: 'Let a paused execution go on', answers: ExecutionView, problems: PAUSING })
  async resume(@Param() { executionId }: ExecutionParam): Promise<ExecutionView> {
    return executionViewOf(await this.commands.resume(executionId));
  }
}
