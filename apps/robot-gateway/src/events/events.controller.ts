import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { JwtGuard } from '@teleop/auth';
import { RobotEventBody, RobotEventList, SourceAnswer } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { RobotParam } from '../fleet/params';
import { CallingRobot, RobotKeyGuard } from '../fleet/robot-key.guard';
import { EventStore } from './event-store';
import { EventsQuery } from './params';
import { RobotEvents } from './robot-events';

const DEFAULT_LIMIT = 50;

@Controller()
export class EventsController {
  constructor(
    private readonly events: RobotEvents,
    private readonly store: EventStore,
    private readonly fleet: Fleet,
  ) {}

  @Post('table/event')
  @HttpCode(200)
  @UseGuards(RobotKeyGuard)
  @Documented({
    answers: SourceAnswer,
    headers: { 'X-Robot-Id': 'The robot; absent, the default one' },
    problems: { 429: ['TOO_MANY_EVENTS'] },
  })
  async report(@CallingRobot() robotId: string, @Body() body: RobotEventBody): Promise<SourceAnswer> {
    await this.events.accept(robotId, body);
    return { status: 'success' };
  }

  /** Newest first. */
  @Get('api/v1/robots/:robotId/events')
  @UseGuards(JwtGuard)
  @Documented({ answers: RobotEventList, problems: { 404: ['ROBOT_NOT_FOUND'] } })
  list(@Param() { robotId }: RobotParam, @Query() query: EventsQuery): Promise<RobotEventList> {
    this.fleet.wanted(robotId);
    return this.store.page(robotId, query.limit ?? DEFAULT_LIMIT, query.cursor ?? undefined);
  }
}
