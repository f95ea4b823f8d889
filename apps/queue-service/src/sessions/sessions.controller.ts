import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ControlHistoryAnswer,
  DecryptKeyAnswer,
  SessionStatusBody,
  UserAndRobot,
  UserBody,
  UseRobotAnswer,
} from '@teleop/contracts';
import { OpenSession } from './open-session';
import { ReadSessions } from './read-sessions';

@ApiTags('sessions')
@ApiBearerAuth('hashCode')
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: OpenSession,
    private readonly read: ReadSessions,
  ) {}

  @Post('use_robot')
  @HttpCode(200)
  @ApiOkResponse({ type: UseRobotAnswer })
  useRobot(
    @Body() body: UserAndRobot,
    @Headers('authorization') authorization?: string,
    @Headers('idempotency-key') idempotencyKey?: string,
  ): Promise<UseRobotAnswer> {
    return this.sessions.open(body, { authorization, idempotencyKey });
  }

  @Post('session_url_decrypt_key')
  @HttpCode(200)
  @ApiOkResponse({ type: DecryptKeyAnswer })
  decryptKey(
    @Body() body: UserBody,
    @Headers('authorization') authorization?: string,
  ): Promise<DecryptKeyAnswer> {
    return this.sessions.decryptKey(body.userId, authorization);
  }

  @Post('user/control_history')
  @HttpCode(200)
  @ApiOkResponse({ type: ControlHistoryAnswer })
  history(
    @Body() body: UserBody,
    @Headers('authorization') authorization?: string,
  ): Promise<ControlHistoryAnswer> {
    return this.read.history(body.userId, authorization);
  }

  @Post('fetch_tele_op_session_complete_status')
  @HttpCode(200)
  completeStatus(
    @Body() body: SessionStatusBody,
    @Headers('authorization') authorization?: string,
  ): Promise<object> {
    return this.read.completeStatus(body, authorization);
  }
}
