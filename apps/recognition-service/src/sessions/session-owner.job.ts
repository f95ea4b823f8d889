import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, InjectConfig, Logger, LOGGER, RepeatingJob, Shutdown } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { EngineHost } from '../engine-host/engine-host';
import { SessionRunners } from './session-runners';
import { SessionStore } from './session-store';

/** Keeps this replica's sessions its own, lets go of those that ended elsewhere, and takes over those of replicas that died. */
@Injectable()
export class SessionOwnerJob implements OnApplicationBootstrap {
  readonly #job: RepeatingJob;

  constructor(
    private readonly store: SessionStore,
    private readonly runners: SessionRunners,
    private readonly engines: EngineHost,
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly clock: Clock,
    shutdown: Shutdown,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#job = new RepeatingJob('session-owner', config.SESSION_RENEW_MS, () => this.look(), log);
    // Before the database is closed: another replica is to take over at once rather than when the leases lapse.
    shutdown.onStop('sessions', () => this.giveUp());
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  private async look(): Promise<void> {
    await this.renew();
    await this.endTooOld();
    await this.takeOver();
  }

  private async renew(): Promise<void> {
    const held = this.runners.all();
    if (held.length === 0) return;
    const live = held.map((runner) => ({ id: runner.session.id, live: runner.live() }));
    const ours = await this.store.renew(live, this.config.SESSION_LEASE_MS);
    for (const { session } of held) {
      if (ours.has(session.id)) continue;
      this.log.info(
        { slotId: session.slotId, sessionId: session.id },
        'session ended or went to another replica',
      );
      await this.runners.drop(session.id);
    }
  }

  private async endTooOld(): Promise<void> {
    for (const { id, slotId } of await this.store.tooOld(this.config.SESSION_MAX_HOURS)) {
      await this.store.stop(slotId, new Date(this.clock.now()), 'TOO_OLD', id);
      await this.runners.drop(id);
    }
  }

  private async takeOver(): Promise<void> {
    const room = this.config.MAX_SESSIONS - this.runners.size;
    if (this.engines.info === undefined || room <= 0) return;
    for (const session of await this.store.claim(room, this.config.SESSION_LEASE_MS)) {
      await this.goOn(session);
    }
  }

  /** One that cannot be gone on with keeps no other from it: it is looked at again when its lease lapses. */
  private async goOn(session: Parameters<SessionRunners['takeOver']>[0]): Promise<void> {
    try {
      await this.runners.takeOver(session);
    } catch (error) {
      this.log.error({ err: error, sessionId: session.id }, 'a session could not be taken over');
    }
  }

  private async giveUp(): Promise<void> {
    await this.#job.stop();
    const ids = this.runners.all().map(({ session }) => session.id);
    await this.runners.halt();
    if (ids.length > 0) await this.store.release(ids);
  }
}
