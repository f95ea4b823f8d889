import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { JwtGuard, Roles } from '@teleop/auth';
import { CreateRobotBody, PatchRobotBody, RobotList, RobotView, RobotWithKey } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { ChangeFleet } from './change-fleet';
import { RobotParam } from './params';
import { RobotViews } from './robot-views';

const ADMIN_ONLY = { 403: ['FORBIDDEN'] };

/** The fleet: any role looks, Admins change. */
@Controller('api/v1/robots')
@UseGuards(JwtGuard)
export class FleetController {
  constructor(
    private readonly views: RobotViews,
    private readonly change: ChangeFleet,
  ) {}

  @Get()
  @Documented({ answers: RobotList })
  async list(): Promise<RobotList> {
    return { items: await this.views.all() };
  }

  @Post()
  @Roles('Admin')
  @Documented({ answers: RobotWithKey, problems: { ...ADMIN_ONLY, 409: ['ROBOT_EXISTS'] } })
  register(@Body() body: CreateRobotBody): Promise<RobotWithKey> {
    return this.change.register(body);
  }

  @Get(':robotId')
  @Documented({ answers: RobotView, problems: { 404: ['ROBOT_NOT_FOUND'] } })
  one(@Param() { robotId }: RobotParam): Promise<RobotView> {
    return this.views.one(robotId);
  }

  @Patch(':robotId')
  @Roles('Admin')
  @Documented({ answers: RobotView, problems: { ...ADMIN_ONLY, 404: ['ROBOT_NOT_FOUND'] } })
  patch(@Param() { robotId }: RobotParam, @Body() body: PatchRobotBody): Promise<RobotView> {
    return this.change.patch(robotId, body);
  }

  @Delete(':robotId')
  @HttpCode(204)
  @Roles('Admin')
  @Documented({ problems: { ...ADMIN_ONLY, 404: ['ROBOT_NOT_FOUND'], 409: ['DEFAULT_ROBOT'] } })
  remove(@Param() { robotId }: RobotParam): Promise<void> {
    return this.change.remove(robotId);
  }

  @Post(':robotId/key')
  @HttpCode(200)
  @Roles('Admin')
  @Documented({
    answers: RobotWithKey,
    problems: { ...ADMIN_ONLY, 404: ['ROBOT_NOT_FOUND'], 409: ['DEFAULT_ROBOT'] },
  })
  rotateKey(@Param() { robotId }: RobotParam): Promise<RobotWithKey> {
    return this.change.rotateKey(robotId);
  }
}
