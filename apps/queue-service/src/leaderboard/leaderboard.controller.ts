import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { InternalOnly } from '@teleop/auth';
import { LeaderboardAnswer, LeaderboardUpdated } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { OptionalUserQuery } from '../turns/params';
import { BOARDS, type Board } from './boards';
import { Leaderboards } from './leaderboards';

@Controller('tele_op')
export class LeaderboardController {
  constructor(private readonly leaderboards: Leaderboards) {}

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
  @Documented({ answers: LeaderboardUpdated })
  updateTeleOp(): Promise<LeaderboardUpdated> {
    return this.update(BOARDS.teleOp);
  }

  @Post('monad_leaderboard/update')
  @HttpCode(200)
  @InternalOnly()
  @Documented({ answers: LeaderboardUpdated })
  updateMonad(): Promise<LeaderboardUpdated> {
    return this.update(BOARDS.monad);
  }

  private async update(board: Board): Promise<LeaderboardUpdated> {
    return { success: true, rows: await this.leaderboards.rebuild(board) };
  }
}
