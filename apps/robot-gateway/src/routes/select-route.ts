import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '@teleop/auth';
import type { RouteBody } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import type { KeptCommand } from '../commands/command-store';
import { KeptCommands } from '../commands/kept-commands';
import { RobotSituations } from '../lease/robot-situation';

/** Sends a robot somewhere at once, past its queue. */
@Injectable()
export class SelectRoute {
  constructor(
    private readonly database: Database,
    private readonly situations: RobotSituations,
    private readonly commands: KeptCommands,
  ) {}

  /** False while somebody holds the robot: by the lock, a session, teaching or an Admin's hand. */
  async run(robotId: string, { start, destination }: RouteBody, user: Principal): Promise<boolean> {
    const navigate: KeptCommand = { command: 'NAVIGATE', start, destination, id: randomUUID() };
    const epoch = await this.database.transaction(async (tx) => {
      const { lease, lock } = await this.situations.take(tx, robotId);
      if (lock !== undefined || lease.live) return undefined;
      await this.commands.write(tx, robotId, user.userId, [navigate]);
      return lease.epoch;
    });
    if (epoch === undefined) return false;
    await this.commands.begin(robotId, [navigate], epoch);
    return true;
  }
}
