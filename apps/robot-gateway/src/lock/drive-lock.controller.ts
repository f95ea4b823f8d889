import { Controller, Delete, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { bearerToken, ForbiddenRole, JwtVerifier, UnauthorizedToken } from '@teleop/auth';
import { SourceAnswer } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { OptionalRobotQuery } from '../fleet/params';
import { DriveLocks, type LockHolder } from './drive-locks';

const error = (message: string): SourceAnswer => ({ status: 'error', message });
const success = (message: string): SourceAnswer => ({ status: 'success', message });
const INVALID_USER = error('Invalid User ID');

const DOCUMENTED = {
  answers: SourceAnswer,
  security: ['bearer'],
  problems: { 403: ['FORBIDDEN'], 404: ['ROBOT_NOT_FOUND'] },
} as const;

/** The status is 200 also when the lock is refused: existing clients read `status` in the body. */
@Controller('drive/lock')
export class DriveLockController {
  constructor(
    private readonly locks: DriveLocks,
    private readonly fleet: Fleet,
    private readonly verifier: JwtVerifier,
  ) {}

  @Post()
  @HttpCode(200)
  @Documented({ ...DOCUMENTED, summary: 'Acquire or renew the manual-drive lock for 30 s' })
  async acquire(
    @Query() { robotId }: OptionalRobotQuery,
    @Headers('authorization') authorization?: string,
  ): Promise<SourceAnswer> {
    const user = await this.userOf(authorization);
    if (user === undefined) return INVALID_USER;
    const refused = await this.locks.acquire(this.fleet.wanted(robotId).robotId, user);
    return refused === undefined ? success('Lock acquired') : error(refused);
  }

  @Delete()
  @HttpCode(200)
  @Documented({ ...DOCUMENTED, summary: 'Release it; only its holder can' })
  async release(
    @Query() { robotId }: OptionalRobotQuery,
    @Headers('authorization') authorization?: string,
  ): Promise<SourceAnswer> {
    const user = await this.userOf(authorization);
    if (user === undefined) return INVALID_USER;
    const released = await this.locks.release(this.fleet.wanted(robotId).robotId, user.userId);
    return released ? success('Lock released') : error('You do not hold the lock');
  }

  /**
   * No JwtGuard here: the original answers a token whose `sub` is no UUID with 200 and a body of its own, which its
   * clients show. Undefined for such a token; throws for one that is not good, or of a role that may not drive.
   */
  private async userOf(authorization: string | undefined): Promise<LockHolder | undefined> {
    const token = bearerToken(authorization);
    if (token === undefined) throw new UnauthorizedToken('a bearer token is needed');
    const principal = await this.verifier.verifyAnySubject(token);
    const { role } = principal;
    if (role === 'Viewer') throw new ForbiddenRole('This needs one of the roles Operator, Admin');
    return principal.userId === undefined
      ? undefined
      : { userId: principal.userId, name: principal.name, role };
  }
}
