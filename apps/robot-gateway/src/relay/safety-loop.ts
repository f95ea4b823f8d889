import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectConfig, Shutdown } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { ReportSilence } from '../turns/report-silence';
import { Relays } from './relays';
import { safetyTick, silenceOf } from './safety-tick';

/** One timer for all robots: cheaper than a timer for each, and a look every few milliseconds is exact enough. */
@Injectable()
export class SafetyLoop implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly relays: Relays,
    private readonly silence: ReportSilence,
    shutdown: Shutdown,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {
    shutdown.onStop('stop robots', () => this.stopRobots());
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.tick(), this.config.SAFETY_TICK_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Before the sockets are closed: a robot that is being driven is told to stand still, not left to notice. */
  private stopRobots(): void {
    for (const relay of this.relays.all()) if (relay.deadman.driving) relay.stopRobot('shutdown');
  }

  private tick(): void {
    const now = this.relays.ports.now();
    for (const relay of this.relays.all()) {
      safetyTick(relay, now);
      const silentMs = silenceOf(relay, now);
      if (silentMs !== undefined && relay.watched !== undefined) {
        const { epoch, turn } = relay.watched;
        this.silence.report({ robotId: relay.robotId, turn: turn.turn, epoch, silentMs });
      }
      if (relay.idle) this.relays.forget(relay);
    }
  }
}
