import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Fleet } from '../fleet/fleet';
import { LeaseBook } from '../lease/lease-book';
import { LiveRobots } from '../telemetry/live-robots';
import { Relays } from './relays';
import { closeWire, CLOSED } from './wire';

/** A robot was deleted: its sockets are closed, and what was kept of it is forgotten. */
@Injectable()
export class RobotGone implements OnApplicationBootstrap {
  constructor(
    private readonly fleet: Fleet,
    private readonly relays: Relays,
    private readonly leases: LeaseBook,
    private readonly live: LiveRobots,
  ) {}

  onApplicationBootstrap(): void {
    this.fleet.onGone((robotId) => {
      const relay = this.relays.find(robotId);
      relay?.stopRobot('lease_ended');
      for (const peer of [...(relay?.listeners ?? []), relay?.robot]) {
        if (peer !== undefined) closeWire(peer.wire, CLOSED.robotDeleted);
      }
      this.leases.forget(robotId);
      this.live.forget(robotId);
    });
  }
}
