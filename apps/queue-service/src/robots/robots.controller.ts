import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import { InternalOnly } from '@teleop/auth';
import { LivePausedAnswer, RobotBody, RobotDisconnectAnswer, RobotsStatusAnswer } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { Documented } from '@teleop/service-kit';
import { IDEMPOTENCY_KEY, KEY_REUSED } from '../idempotency/documented-key';
import { ChangeQueue } from '../turns/change-queue';
import { LIVE_PAUSED, ROBOTS_STATUS } from './robots.sql';

interface StatusRow {
  readonly robot_id: string;
  readonly is_available: boolean;
  readonly current_user_name: string | null;
  readonly youtube_stream_id: string | null;
  readonly live_paused: boolean;
  readonly queue_length: number;
}

const CHANGE_PROBLEMS = { 404: ['ROBOT_NOT_FOUND'], ...KEY_REUSED, 503: ['ROBOT_BUSY'] };

@Controller()
export class RobotsController {
  constructor(
    private readonly database: Database,
    private readonly change: ChangeQueue,
  ) {}

  @Get('robots/status')
  @Documented({ answers: RobotsStatusAnswer })
  async status(): Promise<RobotsStatusAnswer> {
    const rows = await this.database.query<StatusRow>(ROBOTS_STATUS);
    const robots = Object.fromEntries(
      rows.map((row) => [
        row.robot_id,
        {
          is_available: row.is_available,
          current_user: row.current_user_name,
          queue_length: row.queue_length,
          youtube_stream_id: row.youtube_stream_id,
          live_paused: row.live_paused,
        },
      ]),
    );
    return { success: true, robots };
  }

  @Get('get_live_paused_status')
  @Documented({ answers: LivePausedAnswer })
  async livePaused(): Promise<LivePausedAnswer> {
    const rows = await this.database.query<{ robot_id: string; live_paused: boolean }>(LIVE_PAUSED);
    return {
      success: true,
      live_paused: Object.fromEntries(rows.map((row) => [row.robot_id, row.live_paused])),
    };
  }

  @Post('robot/disconnect')
  @HttpCode(200)
  @InternalOnly()
  @Documented({ answers: RobotDisconnectAnswer, headers: IDEMPOTENCY_KEY, problems: CHANGE_PROBLEMS })
  disconnect(
    @Body() { robotId }: RobotBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<RobotDisconnectAnswer> {
    return this.change.disconnect(robotId, key);
  }

  @Post('robot/free')
  @HttpCode(200)
  @InternalOnly()
  @Documented({ headers: IDEMPOTENCY_KEY, problems: CHANGE_PROBLEMS })
  free(
    @Body() { robotId }: RobotBody,
    @Headers('idempotency-key') key?: string,
  ): Promise<{ status: string }> {
    return this.change.free(robotId, key);
  }
}
