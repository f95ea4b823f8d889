import { Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { JwtGuard, Roles } from '@teleop/auth';
import { SimulateMissionBody, SimulationView } from '@teleop/contracts';
import { Documented, OptionalBody } from '@teleop/service-kit';
import type { Vda5050Order } from '../export/domain/vda5050-order';
import { ExportMission } from '../export/export-mission';
import { ExportQuery } from '../export/params';
import { MissionParam } from '../missions/params';
import { SimulateMission } from './simulate-mission';

const AWAY = { 404: ['MISSION_NOT_FOUND'], 503: ['SERVICE_UNAVAILABLE'] };

/** Missions looked at from outside: how one would go, and what it is in another notation. Nothing changes by it. */
@Controller('api/v1/teach/missions/:missionId')
@UseGuards(JwtGuard)
export class PlansController {
  constructor(
    private readonly simulation: SimulateMission,
    private readonly exporting: ExportMission,
  ) {}

  @Post('simulate')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'A dry run: time, path and conflicts of every step',
    answers: SimulationView,
    optionalBody: SimulateMissionBody,
    problems: { 403: ['FORBIDDEN'], ...AWAY },
  })
  simulate(
    @Param() { missionId }: MissionParam,
    @OptionalBody(SimulateMissionBody) { robotId }: SimulateMissionBody,
  ): Promise<SimulationView> {
    return this.simulation.run(missionId, robotId);
  }

  @Get('export')
  @Documented({
    summary: 'The mission as an order of VDA 5050',
    problems: { ...AWAY, 422: ['VALIDATION_FAILED'] },
  })
  export(@Param() { missionId }: MissionParam, @Query() { robotId }: ExportQuery): Promise<Vda5050Order> {
    return this.exporting.vda5050(missionId, robotId);
  }
}
