import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { InternalOnly } from '@teleop/auth';
import { LeaderboardAnswer, LeaderboardUpdated } from '@teleop/contracts';
import { OptionalUserQuery } from '../turns/params';
import { BOARDS, type Board } from './boards';
import { Leaderboards } from './leaderboards';

@ApiTags('leaderboard')
@Controller('tele_op')
export class LeaderboardController {
  constructor(private readonly leaderboards: Leaderboards) {}

  @Get('leaderboard')
  @ApiOkResponse({ type: LeaderboardAnswer })
  teleOp(@Query() query: OptionalUserQuery): Promise<LeaderboardAnswer> {
    return this.leaderboards.read(BOARDS.teleOp, query.user_id);
  }

  /** The same for users with a Monad address, which is then the wallet shown. */
  @Get('monad_leaderboard')
  @ApiOkResponse({ type: LeaderboardAnswer })
  monad(@Query() query: OptionalUserQuery): Promise<LeaderboardAnswer> {
    return this.leaderboards.read(BOARDS.monad, query.user_id);
  }

  @Post('leaderboard/update')
  @HttpCode(200)
  @InternalOnly()
  @ApiBearerAuth('internal')
  @ApiOkResponse({ type: LeaderboardUpdated })
  updateTeleOp(): Promise<LeaderboardUpdated> {
    return this.update(BOARDS.teleOp);
  }

  @Post('monad_leaderboard/update')
  @HttpCode(200)
  @InternalOnly()
  @ApiBearerAuth('internal')
  @ApiOkResponse({ type: LeaderboardUpdated })
  updateMonad(): Promise<LeaderboardUpdated> {
    return this.update(BOARDS.monad);
  }

  private async update(board: Board): Promise<LeaderboardUpdated> {
    return { success: true, rows: await this.leaderboards.rebuild(board) };
  }
}
