import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { LiveRobots } from '../telemetry/live-robots';
import { Relays } from './relays';
import { closeWire, CLOSED } from './wire';

/** A robot was deleted, or got another key: its sockets are closed. */
@Injectable()
export class RobotGone implements OnApplicationBootstrap {
  constructor(
    private readonly fleet: Fleet,
    private readonly relays: Relays,
    private readonly live: LiveRobots,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.fleet.onGone((robotId) => {
      const relay = this.relays.find(robotId);
      for (const peer of [...(relay?.listeners ?? []), relay?.robot]) {
        if (peer !== undefined) closeWire(peer.wire, CLOSED.robotDeleted);
      }
      this.live.forget(robotId);
    });
    this.fleet.onRekeyed((robotId) => {
      if (this.config.ROBOT_SOCKET_AUTH !== 'required') return;
      // Whoever opened it with the old key may be the reason for the new one.
      const relay = this.relays.find(robotId);
      for (const peer of [...(relay?.listeners ?? []), relay?.robot])
        if (peer !== undefined) closeWire(peer.wire, CLOSED.keyChanged);
    });
  }
}
