import { Controller, Get, Query, UseGuards } from '@nestjs/common';
import { JwtGuard } from '@teleop/auth';
import { TrafficLockList } from '@teleop/contracts';
import { Documented } from '@teleop/service-kit';
import { OptionalRobotQuery } from '../fleet/params';
import { TrafficLockStore } from './traffic-lock-store';

@Controller('api/v1/traffic')
@UseGuards(JwtGuard)
export class TrafficController {
  constructor(private readonly store: TrafficLockStore) {}

  /** Live traffic locks, those of one robot with `robotId`; the oldest first. */
  @Get('locks')
  @Documented({
    summary: 'Live traffic locks',
    description: 'Of all robots, or of the one named; the oldest first.',
    answers: TrafficLockList,
  })
  async locks(@Query() { robotId }: OptionalRobotQuery): Promise<TrafficLockList> {
    const items = await this.store.live(robotId);
    return {
      items: items.map(({ lockId, robotId: of, purpose, scope, acquiredAt, expiresAt, correlationId }) => ({
        lockId,
        robotId: of,
        purpose,
        scope,
        acquiredAt: acquiredAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        correlationId,
      })),
    };
  }
}
