import { Controller, Get, Query } from '@nestjs/common';
import { RobotStatus } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { OptionalRobotQuery } from '../fleet/params';
import { RobotStatuses } from './robot-status';

@Controller('status')
export class StatusController {
  constructor(
    private readonly statuses: RobotStatuses,
    private readonly fleet: Fleet,
  ) {}

  /** Public. Fields of the robot's telemetry that we do not know stand beside ours. */
  @Get()
  @Documented({ answers: RobotStatus, problems: { 404: ['ROBOT_NOT_FOUND'] } })
  status(@Query() { robotId }: OptionalRobotQuery): RobotStatus {
    return this.statuses.of(this.fleet.wanted(robotId).robotId);
  }
}
