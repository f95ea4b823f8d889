import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@teleop/auth';
import type { RouteBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import type { KeptCommand } from '../commands/command-store';
import { KeptCommands } from '../commands/kept-commands';
import { LeaseBook } from '../lease/lease-book';
import { LeaseStore } from '../lease/lease-store';
import { RobotSituations } from '../lease/robot-situation';

/** Sends a robot somewhere at once, past its queue. */
@Injectable()
export class SelectRoute {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly leases: LeaseStore,
    private readonly book: LeaseBook,
    private readonly commands: KeptCommands,
  ) {}

  /** False while somebody holds the robot: by the lock, a session, teaching or an Admin's hand. */
  async run(robotId: string, { start, destination }: RouteBody, user: Principal): Promise<boolean> {
    const navigate: KeptCommand = { command: 'NAVIGATE', start, destination, id: randomUUID() };
    const given = await this.database.transaction(async (tx) => {
      const { lease, lock } = await this.situations.take(tx, robotId);
      if (lock !== undefined || lease.live) return undefined;
      await this.commands.write(tx, robotId, user.userId, [navigate]);
      // Of two that are given at the same time, on whatever replicas, the later one is the one that counts.
      const epoch = await this.leases.end(tx, robotId);
      return { epoch, fact: (await this.leases.read([robotId], tx))[0] };
    });
    if (given === undefined) return false;
    if (given.fact !== undefined) this.book.tell(given.fact);
    await this.commands.begin(robotId, [navigate], given.epoch);
    return true;
  }
}
