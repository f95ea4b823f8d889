import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentUser, JwtGuard, Roles, type VerifiedPrincipal } from '@teleop/auth';
import { CreateTeachSessionBody, TeachSampleList, TeachSession, TeachSessionList } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { DEFAULT_LIMIT, pageOf } from '../params';
import { CreateSession } from './create-session';
import { SamplesQuery, SessionParam, SessionsQuery } from './params';
import { sessionUnknown } from './refusals';
import { SamplePages } from './sample-pages';
import { viewOf } from './session-record';
import { SessionStore } from './session-store';
import { StartSession } from './start-session';
import { StopSession } from './stop-session';

const NOT_FOUND = { 404: ['SESSION_NOT_FOUND'] };
const FORBIDDEN = { 403: ['FORBIDDEN'] };

/** Teach sessions for people: any role looks, Operators and Admins teach. */
@Controller('api/v1/teach/sessions')
@UseGuards(JwtGuard)
export class SessionsController {
  constructor(
    private readonly store: SessionStore,
    private readonly creation: CreateSession,
    private readonly beginning: StartSession,
    private readonly stopping: StopSession,
    private readonly samples: SamplePages,
  ) {}

  @Get()
  @Documented({ summary: 'Teach sessions, newest first', answers: TeachSessionList })
  async list(@Query() { limit = DEFAULT_LIMIT, ...query }: SessionsQuery): Promise<TeachSessionList> {
    const rows = await this.store.page({ ...query, limit });
    return pageOf(rows, limit, (row) => row.session_no, viewOf);
  }

  @Post()
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'A session on a robot, with the draft it is to teach',
    answers: TeachSession,
    problems: { ...FORBIDDEN, 404: ['robot_unknown'], 503: ['SERVICE_UNAVAILABLE'] },
  })
  async create(
    @Body() body: CreateTeachSessionBody,
    @CurrentUser() user: VerifiedPrincipal,
  ): Promise<TeachSession> {
    return viewOf(await this.creation.run(body, user));
  }

  @Get(':sessionId')
  @Documented({ summary: 'A teach session', answers: TeachSession, problems: NOT_FOUND })
  async one(@Param() { sessionId }: SessionParam): Promise<TeachSession> {
    const row = await this.store.find(sessionId);
    if (row === undefined) throw sessionUnknown();
    return viewOf(row);
  }

  @Post(':sessionId/start')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'Lock the robot and its surroundings, and record',
    answers: TeachSession,
    problems: {
      ...FORBIDDEN,
      404: ['SESSION_NOT_FOUND', 'robot_unknown'],
      409: ['session_not_startable', 'robot_already_teaching', 'robot_offline', 'traffic_lock_conflict'],
      503: ['SERVICE_UNAVAILABLE'],
    },
  })
  async start(
    @Param() { sessionId }: SessionParam,
    @CurrentUser() user: VerifiedPrincipal,
  ): Promise<TeachSession> {
    return viewOf(await this.beginning.run(sessionId, user));
  }

  @Post(':sessionId/stop')
  @HttpCode(200)
  @Roles('Operator', 'Admin')
  @Documented({
    summary: 'End the recording; one that does not record is answered as it is',
    answers: TeachSession,
    problems: { ...FORBIDDEN, ...NOT_FOUND },
  })
  async stop(@Param() { sessionId }: SessionParam): Promise<TeachSession> {
    return viewOf(await this.stopping.run(sessionId));
  }

  @Get(':sessionId/samples')
  @Documented({
    summary: 'What the robot said of its state, in its order',
    answers: TeachSampleList,
    problems: NOT_FOUND,
  })
  async page(@Param() { sessionId }: SessionParam, @Query() query: SamplesQuery): Promise<TeachSampleList> {
    if ((await this.store.find(sessionId)) === undefined) throw sessionUnknown();
    return this.samples.read(sessionId, query);
  }
}
