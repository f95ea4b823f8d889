import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { LeaseBook } from '../lease/lease-book';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations } from '../lease/robot-situation';
import { isManualKind } from '../relay/seat';
import { DROP_EXPIRED_LOCK, EXPIRED } from './sql/cleanup.sql';

/**
 * Writes down the end of locks and leases that ran out. They have counted as ended since their time was up; from here on
 * there is a new epoch, so that nothing sent under the old one can count again.
 */
@Injectable()
export class EndExpired {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly leases: LeaseStore,
    private readonly book: LeaseBook,
  ) {}

  async run(): Promise<void> {
    const rows = await this.database.query<{ robot_id: string }>(EXPIRED);
    for (const { robot_id: robotId } of rows) {
      const fact = await this.database.transaction(async (tx) => {
        const { lease } = await this.situations.take(tx, robotId);
        await tx.query(DROP_EXPIRED_LOCK, [robotId]);
        // Renewed, or taken by somebody else since it was found.
        if (!lease.live && isManualKind(lease.kind)) await this.leases.end(tx, robotId);
        return (await this.leases.read([robotId], tx))[0];
      });
      if (fact !== undefined) this.book.tell(fact);
    }
  }
}
