import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
  UseGuards,
} from '@nestjs/common';
import { CurrentUser, JwtGuard, Roles, type VerifiedPrincipal } from '@teleop/auth';
import {
  CreateMissionBody,
  MissionList,
  MissionView,
  PublishMissionBody,
  UpdateMissionBody,
} from '@teleop/contracts';
import { Documented, OptionalBody } from '@teleop/service-kit';
import { DEFAULT_LIMIT, pageOf } from '../params';
import { EditMissions } from './edit-missions';
import { etagOf } from './etag';
import type { MissionRowWithSteps } from './mission-record';
import { MissionStore } from './mission-store';
import { missionViewOf, summaryOf } from './mission-views';
import { MissionParam, MissionsQuery } from './params';
import { PublishMission } from './publish-mission';

const NOT_FOUND = { 404: ['MISSION_NOT_FOUND'] };
const IF_MATCH = { 'if-match': 'ETag of the mission as it was read: 412 when it has changed since' };
const CHANGING = { 403: ['FORBIDDEN'], ...NOT_FOUND };
const STALE = { 412: ['PRECONDITION_FAILED'] };

/** As much of Fastify's reply as is used. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** Missions for people: any role looks, Operators and Admins change. */
@Controller('api/v1/teach/missions')
@UseGuards(JwtGuard)
export class MissionsController {
  constructor(
    private readonly store: MissionStore,
    private readonly edit: EditMissions,
    private readonly publishing: PublishMission,
  ) {}

  @Get()
  @Documented({ summary: 'Missions, newest first', answers: MissionList })
  async list(@Query() { limit = DEFAULT_LIMIT, ...query }: MissionsQuery): Promise<MissionList> {
    const rows = await this.store.page({ ...query, limit });
    return pageOf(rows, limit, (row) => row.mission_no, summaryOf);
  }

  @Post()
  @Roles('Operator', 'Admin')
  @Documented({ summary: 'A new draft', answers: MissionView, problems: { 403: ['FORBIDDEN'] } })
  async create(
    @Body() body: CreateMissionBody,
    @CurrentUser() { userId }: VerifiedPrincipal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<MissionView> {
    return answer(await this.edit.create(body, userId), reply);
  }

  @Get(':missionId')
  @Documented({ summary: 'A mission with its steps', answers: MissionView, problems: NOT_FOUND })
  async one(
    @Param() { missionId }: MissionParam,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<MissionView> {
    return answer(await this.edit.read(missionId), reply);
  }

  @Put(':missionId')
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Change a draft',
    answers: MissionView,
    headers: IF_MATCH,
    problems: { ...CHANGING, ...STALE, 409: ['mission_not_draft', 'MISSION_BUSY'] },
  })
  async update(
    @Param() { missionId }: MissionParam,
    @Body() body: UpdateMissionBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<MissionView> {
    return answer(await this.edit.update(missionId, body, ifMatch), reply);
  }

  @Post(':missionId/publish')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Publish a draft, or hear everything that is wrong with it',
    description:
      'Errors are `{ stepId, path, code, message }`. A mission that is no draft is answered as it is.',
    answers: MissionView,
    optionalBody: PublishMissionBody,
    headers: IF_MATCH,
    problems: {
      ...CHANGING,
      ...STALE,
      409: ['MISSION_BUSY'],
      422: ['VALIDATION_FAILED'],
      503: ['SERVICE_UNAVAILABLE'],
    },
  })
  async publish(
    @Param() { missionId }: MissionParam,
    @OptionalBody(PublishMissionBody) { robotId }: PublishMissionBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<MissionView> {
    return answer(await this.publishing.run({ missionId, robotId, ifMatch }), reply);
  }

  @Post(':missionId/archive')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Withdraw a published mission',
    answers: MissionView,
    headers: IF_MATCH,
    problems: { ...CHANGING, ...STALE, 409: ['mission_not_published', 'MISSION_BUSY'] },
  })
  async archive(
    @Param() { missionId }: MissionParam,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<MissionView> {
    return answer(await this.edit.archive(missionId, ifMatch), reply);
  }

  @Post(':missionId/draft')
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Copy a published mission into a new draft',
    answers: MissionView,
    problems: { ...CHANGING, 409: ['mission_not_published'] },
  })
  async draft(
    @Param() { missionId }: MissionParam,
    @CurrentUser() { userId }: VerifiedPrincipal,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<MissionView> {
    return answer(await this.edit.copy(missionId, userId), reply);
  }
}

function answer(row: MissionRowWithSteps, reply: Reply): MissionView {
  reply.header('etag', etagOf(row));
  return missionViewOf(row);
}
