import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { teachState } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { SessionSettings } from '../sessions/session-settings';
import { STATE_CONSUMER } from './state-consumer';

const LOOK_MS = 10;

/** How far all replicas together have come. */
@Injectable()
export class IngestProgress {
  constructor(
    private readonly nats: NatsConnection,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: SessionSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Waits, for a bounded time, until everything that the stream has by now is written. */
  async caughtUp(): Promise<void> {
    const deadline = this.clock.monotonic() + this.config.TEACH_DRAIN_MS;
    try {
      const manager = await this.nats.manager();
      const { last_seq: until } = (await manager.streams.info(teachState.stream)).state;
      for (;;) {
        const at = await manager.consumers.info(teachState.stream, STATE_CONSUMER);
        if (at.ack_floor.stream_seq >= until || (at.num_pending === 0 && at.num_ack_pending === 0)) return;
        if (this.clock.monotonic() >= deadline) return;
        await sleep(LOOK_MS);
      }
    } catch (error) {
      // It is written when NATS is back; nothing is lost by not waiting for it.
      this.log.warn({ err: error }, 'how far samples are written is not known');
    }
  }
}
