import { Injectable } from '@nestjs/common';
import { Fleet } from '../fleet/fleet';
import { RobotStore } from '../fleet/robot-store';
import { RobotHints } from '../replicas/robot-hints';

/** Writes down where a robot's own HTTP server answers; every replica hears of a change. */
@Injectable()
export class LocateRobot {
  constructor(
    private readonly store: RobotStore,
    private readonly fleet: Fleet,
    private readonly hints: RobotHints,
  ) {}

  async at(robotId: string, url: string): Promise<void> {
    const changed = await this.store.setUrl(robotId, url);
    if (changed) this.hints.give(robotId, 'robot');
    // Also when the row said so already: it may have been written by a replica whose hint was lost.
    if (changed || this.fleet.find(robotId)?.url !== url) await this.fleet.refresh(robotId);
  }
}
