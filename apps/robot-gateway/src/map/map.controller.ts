import { Body, Controller, Get, Put, Query, UseGuards } from '@nestjs/common';
import { CurrentUser, JwtGuard, Roles, type Principal } from '@teleop/auth';
import { MapAnswer, MapPathAnswer, MapPathQuery, MapUpload } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { MapStore } from './map-store';
import { noMap, PlanForPeople } from './plan-for-people';
import { SetMap } from './set-map';
import { MAP_ADDRESS } from './yaml-body';

@Controller(MAP_ADDRESS)
@UseGuards(JwtGuard)
export class MapController {
  constructor(
    private readonly maps: MapStore,
    private readonly setMap: SetMap,
    private readonly planner: PlanForPeople,
  ) {}

  @Get()
  @Documented({ summary: 'The map robots drive on', answers: MapAnswer, problems: { 404: ['MAP_NOT_SET'] } })
  async active(): Promise<MapAnswer> {
    const stored = this.maps.stored();
    const map = this.maps.current();
    if (stored === undefined || map === undefined) throw noMap();
    const { mapVersionId, document, createdAt, createdBy } = stored;
    const warnings = map.warnings();
    return { mapVersionId, ...document, createdAt: createdAt.toISOString(), createdBy, warnings };
  }

  @Put()
  @Roles('Admin')
  @Documented({
    summary: 'Replaces the map',
    description:
      'The document as JSON, its text as `yaml`, or (with `Content-Type: application/yaml`) the text itself. Whole or not at ' +
      'all: every fault is named with its place. What is the active map already makes no new version.',
    answers: MapAnswer,
    problems: { 403: ['FORBIDDEN'] },
  })
  async replace(@Body() upload: MapUpload, @CurrentUser() user: Principal): Promise<MapAnswer> {
    await this.setMap.fromUpload(upload, user.userId);
    await this.maps.refresh();
    return this.active();
  }

  @Get('path')
  @Documented({
    summary: 'The quickest path between two nodes',
    description:
      'With `robotId`, as that robot would drive now: at its top speed, round what others have locked.',
    answers: MapPathAnswer,
    problems: {
      404: ['MAP_NOT_SET', 'NODE_NOT_FOUND', 'PATH_NOT_FOUND', 'ROBOT_NOT_FOUND'],
      409: ['PATH_BLOCKED'],
    },
  })
  path(@Query() query: MapPathQuery): Promise<MapPathAnswer> {
    return this.planner.plan(query);
  }
}
