import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { InternalOnly } from '@teleop/auth';
import {
  ControlTokenAnswer,
  JoinQueueAnswer,
  LeaveQueueAnswer,
  LeaveQueueBody,
  QueueUpdate,
  UserAndRobot,
} from '@teleop/contracts';
import { ChangeQueue } from './change-queue';
import { refusal } from './codes';
import { OptionalRobotQuery, RobotParam } from './params';
import { ReadQueue } from './read-queue';

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description: 'Repeats get the first answer',
};

@ApiTags('queue')
@Controller('queue')
export class QueueController {
  constructor(
    private readonly change: ChangeQueue,
    private readonly read: ReadQueue,
  ) {}

  @Post('join')
  @HttpCode(200)
  @ApiBearerAuth('hashCode')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOkResponse({ type: JoinQueueAnswer })
  join(
    @Body() body: UserAndRobot,
    @Headers('authorization') authorization?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<JoinQueueAnswer> {
    return this.change.join(body, { authorization, idempotencyKey });
  }

  @Post('leave')
  @HttpCode(200)
  @ApiBearerAuth('hashCode')
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOkResponse({ type: LeaveQueueAnswer })
  leave(
    @Body() body: LeaveQueueBody,
    @Headers('authorization') authorization?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<LeaveQueueAnswer> {
    return this.change.leave(body, { authorization, idempotencyKey });
  }

  @Post('control-token')
  @HttpCode(200)
  @ApiBearerAuth('hashCode')
  @ApiOkResponse({ type: ControlTokenAnswer })
  controlToken(
    @Body() body: UserAndRobot,
    @Headers('authorization') authorization?: string,
  ): Promise<ControlTokenAnswer> {
    return this.read.controlToken(body, authorization);
  }

  /** 24-hour counts, for monitoring. */
  @Get('statistics')
  @InternalOnly()
  @ApiBearerAuth('internal')
  statistics(@Query() query: OptionalRobotQuery): Promise<object> {
    return this.read.statistics(query.robotId);
  }

  /** The same object as the `queue_update` event. Public: everything personal in it is masked. */
  @Get(':robotId')
  @ApiOkResponse({ type: QueueUpdate })
  async queue(@Param() { robotId }: RobotParam): Promise<QueueUpdate> {
    const update = await this.read.snapshot(robotId);
    if (update === undefined) throw refusal('ROBOT_NOT_FOUND');
    return update;
  }
}
