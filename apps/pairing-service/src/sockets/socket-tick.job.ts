import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, InjectConfig, Shutdown } from '@teleop/service-kit';
import type { PairingConfig } from '../config';
import { SessionBook } from '../sessions/session-book';
import { Sessions } from '../sessions/sessions';
import { Connections } from './connections';

/** What time alone does: silent sockets, reservations that came to nothing, graces that are over. */
@Injectable()
export class SocketTick implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly book: SessionBook,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    @InjectConfig() private readonly config: PairingConfig,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.tick(), this.config.SOCKET_TICK_MS);
    // Before the sockets are closed: both sides hear why, and nobody waits for a grace that will not come.
    this.shutdown.onStop('sessions', () => {
      for (const side of this.book.all()) this.sessions.finish(side, 'service_stopping');
    });
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  private tick(): void {
    const now = this.clock.monotonic();
    const silentSince = now - this.config.SILENCE_LIMIT_S * 1_000;
    for (const connection of [...this.connections.all()]) {
      if (connection.heardAt < silentSince) connection.close('silent');
    }
    for (const side of this.book.all()) {
      if (side.deadline !== undefined && now >= side.deadline) this.sessions.overdue(side);
    }
  }
}
