import { Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { InternalOnly } from '@teleop/auth';
import { LeaderboardAnswer, LeaderboardUpdated } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { IDEMPOTENCY_KEY, KEY_REUSED } from '../idempotency/documented-key';
import { IdempotentPosts } from '../idempotency/idempotent-posts';
import { OptionalUserQuery } from '../turns/params';
import { BOARDS, type Board } from './boards';
import { Leaderboards } from './leaderboards';

@Controller('tele_op')
export class LeaderboardController {
  constructor(
    private readonly leaderboards: Leaderboards,
    private readonly idempotent: IdempotentPosts,
  ) {}

  @Get('leaderboard')
  @Documented({ answers: LeaderboardAnswer })
  teleOp(@Query() query: OptionalUserQuery): Promise<LeaderboardAnswer> {
    return this.leaderboards.read(BOARDS.teleOp, query.user_id);
  }

  /** The same for users with a Monad address, which is then the wallet shown. */
  @Get('monad_leaderboard')
  @Documented({ answers: LeaderboardAnswer })
  monad(@Query() query: OptionalUserQuery): Promise<LeaderboardAnswer> {
    return this.leaderboards.read(BOARDS.monad, query.user_id);
  }

  @Post('leaderboard/update')
  @HttpCode(200)
  @InternalOnly()
  @Documented({ answers: LeaderboardUpdated, headers: IDEMPOTENCY_KEY, problems: KEY_REUSED })
  updateTeleOp(@Headers('idempotency-key') key?: string): Promise<LeaderboardUpdated> {
    return this.update(BOARDS.teleOp, key);
  }

  @Post('monad_leaderboard/update')
  @HttpCode(200)
  @InternalOnly()
  @Documented({ answers: LeaderboardUpdated, headers: IDEMPOTENCY_KEY, problems: KEY_REUSED })
  updateMonad(@Headers('idempotency-key') key?: string): Promise<LeaderboardUpdated> {
    return this.update(BOARDS.monad, key);
  }

  private async update(board: Board, key: string | undefined): Promise<LeaderboardUpdated> {
    if (key === undefined) return { success: true, rows: await this.leaderboards.rebuild(board) };
    const request = { scope: `${board.lock}:internal`, key, body: {} };
    return this.idempotent.run(request, async (tx) => ({
      success: true,
      rows: await this.leaderboards.rebuildIn(tx, board),
    }));
  }
}
