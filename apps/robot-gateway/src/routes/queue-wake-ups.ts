import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LeaseBook } from '../lease/lease-book';
import { RobotHints } from '../replicas/robot-hints';
import { Traffic } from '../traffic/traffic';
import { RouteBook } from './route-book';
import { RouteQueue } from './route-queue';

/** What else than telemetry lets a waiting route go: a lock that was given back, traffic that has passed. */
@Injectable()
export class QueueWakeUps implements OnApplicationBootstrap {
  constructor(
    private readonly queue: RouteQueue,
    private readonly outlines: RouteBook,
    private readonly leases: LeaseBook,
    private readonly traffic: Traffic,
    private readonly hints: RobotHints,
  ) {}

  onApplicationBootstrap(): void {
    this.leases.onChange((robotId, { kind, lock }) => {
      if (kind === 'none' && lock === undefined && this.waits(robotId)) void this.queue.tryAdvance(robotId);
    });
    this.hints.onHint((robotId, hint) => {
      // A task may have ended.
      if (hint === 'tasks' && this.waits(robotId)) void this.queue.tryAdvance(robotId);
    });
    this.traffic.onFreed(() => {
      for (const robotId of this.outlines.robotIds())
        if (this.waits(robotId)) void this.queue.tryAdvance(robotId);
    });
  }

  private waits(robotId: string): boolean {
    const { queued, active, dispatching } = this.outlines.of(robotId);
    return queued > 0 && !active && !dispatching;
  }
}
