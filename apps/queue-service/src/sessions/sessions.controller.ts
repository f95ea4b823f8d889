import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import {
  ControlHistoryAnswer,
  DecryptKeyAnswer,
  SessionStatusBody,
  UserAndRobot,
  UserBody,
  UseRobotAnswer,
} from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { IDEMPOTENCY_KEY, KEY_REUSED } from '../idempotency/documented-key';
import { OpenSession } from './open-session';
import { ReadSessions } from './read-sessions';

@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: OpenSession,
    private readonly read: ReadSessions,
  ) {}

  @Post('use_robot')
  @HttpCode(200)
  @Documented({
    answers: UseRobotAnswer,
    security: ['bearer'],
    headers: IDEMPOTENCY_KEY,
    problems: {
      403: ['NOT_ACTIVE', 'EXPLORER_NOT_ALLOWED'],
      404: ['ROBOT_NOT_FOUND'],
      ...KEY_REUSED,
      503: ['ROBOT_URL_NOT_CONFIGURED', 'ROBOT_BUSY'],
    },
  })
  useRobot(
    @Body() body: UserAndRobot,
    @Headers('authorization') authorization?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<UseRobotAnswer> {
    return this.sessions.open(body, { authorization, idempotencyKey });
  }

  @Post('session_url_decrypt_key')
  @HttpCode(200)
  @Documented({
    answers: DecryptKeyAnswer,
    security: ['bearer'],
    problems: { 403: ['EXPLORER_NOT_ALLOWED'] },
  })
  decryptKey(
    @Body() body: UserBody,
    @Headers('authorization') authorization?: string,
  ): Promise<DecryptKeyAnswer> {
    return this.sessions.decryptKey(body.userId, authorization);
  }

  @Post('user/control_history')
  @HttpCode(200)
  @Documented({ answers: ControlHistoryAnswer, security: ['bearer'] })
  history(
    @Body() body: UserBody,
    @Headers('authorization') authorization?: string,
  ): Promise<ControlHistoryAnswer> {
    return this.read.history(body.userId, authorization);
  }

  @Post('fetch_tele_op_session_complete_status')
  @HttpCode(200)
  @Documented({ security: ['bearer'], problems: { 404: ['SESSION_NOT_FOUND'] } })
  completeStatus(
    @Body() body: SessionStatusBody,
    @Headers('authorization') authorization?: string,
  ): Promise<object> {
    return this.read.completeStatus(body, authorization);
  }
}
