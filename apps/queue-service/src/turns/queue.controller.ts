import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { InternalOnly } from '@teleop/auth';
import {
  ControlTokenAnswer,
  JoinQueueAnswer,
  LeaveQueueAnswer,
  LeaveQueueBody,
  QueueUpdate,
  UserAndRobot,
} from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { ChangeQueue } from './change-queue';
import { refusal } from './codes';
import { IDEMPOTENCY_KEY, KEY_REUSED } from '../idempotency/documented-key';
import { OptionalRobotQuery, RobotParam } from './params';
import { ReadQueue } from './read-queue';

@Controller('queue')
export class QueueController {
  constructor(
    private readonly change: ChangeQueue,
    private readonly read: ReadQueue,
  ) {}

  @Post('join')
  @HttpCode(200)
  @Documented({
    answers: JoinQueueAnswer,
    security: ['bearer'],
    headers: IDEMPOTENCY_KEY,
    problems: {
      403: [
        'LIVE_PAUSED',
        'EXPLORER_NOT_ALLOWED',
        'MONAD_REQUIRED',
        'ALREADY_IN_OTHER_QUEUE',
        'DAILY_LIMIT_REACHED',
        'LIFETIME_LIMIT_REACHED',
      ],
      404: ['ROBOT_NOT_FOUND'],
      ...KEY_REUSED,
      503: ['ROBOT_BUSY'],
    },
  })
  join(
    @Body() body: UserAndRobot,
    @Headers('authorization') authorization?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<JoinQueueAnswer> {
    return this.change.join(body, { authorization, idempotencyKey });
  }

  @Post('leave')
  @HttpCode(200)
  @Documented({
    answers: LeaveQueueAnswer,
    security: ['bearer'],
    headers: IDEMPOTENCY_KEY,
    problems: { 404: ['ROBOT_NOT_FOUND', 'NOT_IN_QUEUE'], ...KEY_REUSED, 503: ['ROBOT_BUSY'] },
  })
  leave(
    @Body() body: LeaveQueueBody,
    @Headers('authorization') authorization?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<LeaveQueueAnswer> {
    return this.change.leave(body, { authorization, idempotencyKey });
  }

  @Post('control-token')
  @HttpCode(200)
  @Documented({ answers: ControlTokenAnswer, security: ['bearer'], problems: { 403: ['NOT_AT_FRONT'] } })
  controlToken(
    @Body() body: UserAndRobot,
    @Headers('authorization') authorization?: string,
  ): Promise<ControlTokenAnswer> {
    return this.read.controlToken(body, authorization);
  }

  /** 24-hour counts, for monitoring. */
  @Get('statistics')
  @InternalOnly()
  @Documented({ problems: { 404: ['ROBOT_NOT_FOUND'] } })
  statistics(@Query() query: OptionalRobotQuery): Promise<object> {
    return this.read.statistics(query.robotId);
  }

  /** The same object as the `queue_update` event. Public: everything personal in it is masked. */
  @Get(':robotId')
  @Documented({ answers: QueueUpdate, problems: { 404: ['ROBOT_NOT_FOUND'] } })
  async queue(@Param() { robotId }: RobotParam): Promise<QueueUpdate> {
    const update = await this.read.snapshot(robotId);
    if (update === undefined) throw refusal('ROBOT_NOT_FOUND');
    return update;
  }
}
