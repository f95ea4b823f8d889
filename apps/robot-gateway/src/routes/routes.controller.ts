import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentUser, JwtGuard, Roles, type VerifiedPrincipal } from '@teleop/auth';
import { RouteBody, RouteView, SourceAnswer } from '@teleop/contracts';
import { Documented, ProblemError } from '@teleop/service-kit';
import { IsUUID } from 'class-validator';
import { Fleet } from '../fleet/fleet';
import { OptionalRobotQuery } from '../fleet/params';
import { ChangeRoutes } from './change-routes';
import { OptimiseQueue } from './optimise-queue';
import { RouteStore, type ListedRoute } from './route-store';
import { SelectRoute } from './select-route';

class RouteParam {
  @IsUUID('loose')
  routeId!: string;
}

const NO_ROBOT = { 404: ['ROBOT_NOT_FOUND'] };
const FORBIDDEN = { ...NO_ROBOT, 403: ['FORBIDDEN'] };

@Controller('routes')
@UseGuards(JwtGuard)
export class RoutesController {
  constructor(
    private readonly routes: RouteStore,
    private readonly change: ChangeRoutes,
    private readonly optimise: OptimiseQueue,
    private readonly selection: SelectRoute,
    private readonly fleet: Fleet,
  ) {}

  /** The active route first, then the queue. */
  @Get()
  @Documented({ answers: [RouteView], problems: NO_ROBOT })
  async list(@Query() { robotId }: OptionalRobotQuery): Promise<RouteView[]> {
    return (await this.routes.list(this.fleet.wanted(robotId).robotId)).map(viewOf);
  }

  @Post()
  @Roles('Admin')
  @Documented({ answers: RouteView, problems: { ...FORBIDDEN, 409: ['ROUTE_QUEUE_FULL'] } })
  async add(
    @Query() { robotId }: OptionalRobotQuery,
    @Body() body: RouteBody,
    @CurrentUser() user: VerifiedPrincipal,
  ): Promise<RouteView> {
    return viewOf(await this.change.add(this.fleet.wanted(robotId).robotId, body, user));
  }

  /** The shortest order of what waits; the first route stays the first. */
  @Post('optimize')
  @HttpCode(200)
  @Roles('Admin')
  @Documented({ answers: SourceAnswer, problems: FORBIDDEN })
  async optimize(@Query() { robotId }: OptionalRobotQuery): Promise<SourceAnswer> {
    await this.optimise.run(this.fleet.wanted(robotId).robotId);
    return { status: 'success', message: 'Optimization triggered' };
  }

  /** Sends the robot there now. The status is 200 also when it is refused: existing clients read the body. */
  @Post('select')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({ answers: SourceAnswer, problems: FORBIDDEN })
  async select(
    @Query() { robotId }: OptionalRobotQuery,
    @Body() body: RouteBody,
    @CurrentUser() user: VerifiedPrincipal,
  ): Promise<SourceAnswer> {
    const selected = await this.selection.run(this.fleet.wanted(robotId).robotId, body, user);
    return selected
      ? { status: 'success', message: 'Route selected' }
      : { status: 'error', message: 'Robot is manually locked' };
  }

  /** Of the default robot's or, with `?robotId=`, another's queue. The one under way is called off as well. */
  @Delete(':routeId')
  @HttpCode(204)
  @Roles('Admin')
  @Documented({ status: 204, problems: { ...FORBIDDEN, 404: ['ROBOT_NOT_FOUND', 'ROUTE_NOT_FOUND'] } })
  async remove(
    @Param() { routeId }: RouteParam,
    @Query() { robotId }: OptionalRobotQuery,
    @CurrentUser() user: VerifiedPrincipal,
  ): Promise<void> {
    if (await this.change.remove(this.fleet.wanted(robotId).robotId, routeId, user)) return;
    throw new ProblemError(404, 'ROUTE_NOT_FOUND', 'There is no such route in the queue');
  }
}

function viewOf({ id, start, destination, added_at, added_by }: ListedRoute): RouteView {
  return { id, start, destination, added_at, added_by };
}
