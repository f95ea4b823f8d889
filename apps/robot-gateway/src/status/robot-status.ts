import { Injectable } from '@nestjs/common';
import type { RobotStatus } from '@teleop/contracts';
import { RobotNodes } from '../discovery/robot-nodes';
import { LeaseBook } from '../lease/lease-book';
import { LiveRobots } from '../telemetry/live-robots';
import { statusView } from './status-view';

/** What everybody may see of robots now. */
@Injectable()
export class RobotStatuses {
  constructor(
    private readonly live: LiveRobots,
    private readonly leases: LeaseBook,
    private readonly nodes: RobotNodes,
  ) {}

  of(robotId: string): RobotStatus {
    const { robotConnected: connected, manualLockHolderName } = this.presenceOf(robotId);
    const lockHolder = manualLockHolderName ?? undefined;
    return statusView({ state: this.live.stateOf(robotId), connected, lockHolder });
  }

  /** What of it changes by time alone. */
  presenceOf(robotId: string): Pick<RobotStatus, 'robotConnected' | 'manualLockHolderName'> {
    return {
      robotConnected: this.live.connected(robotId),
      manualLockHolderName: this.leases.lockOf(robotId)?.name ?? null,
    };
  }

  /** As watchers get it, but for the version. */
  withNodes(robotId: string): RobotStatus & { robotId: string; nodes: readonly string[] } {
    return { ...this.of(robotId), robotId, nodes: this.nodes.known(robotId) };
  }
}
