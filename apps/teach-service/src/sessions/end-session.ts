import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { LOGGER, Logger, Metrics } from '@teleop/service-kit';
import type { Failure } from './domain/session-status';
import { SessionNews } from './session-news';
import type { SessionRow } from './session-record';
import { SessionStore } from './session-store';
import { TrafficLocks } from './traffic-locks';

/**
 * How recordings end: by a person's word, or because something is lost. The robot is told to stop in the transaction that
 * ends the recording, and its lock is given back after it: nobody else may come near while it still moves. A lock that
 * cannot be given back is not renewed any more, and gone within its time to live.
 */
@Injectable()
export class EndSession {
  readonly #ended;

  constructor(
    private readonly database: Database,
    private readonly store: SessionStore,
    private readonly news: SessionNews,
    private readonly locks: TrafficLocks,
    metrics: Metrics,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#ended = metrics.counter('teach_recordings_total', 'Recordings that ended, by how', ['outcome']);
  }

  /** Undefined: it did not record (any more). */
  async run(sessionId: string, failure: Failure | null): Promise<SessionRow | undefined> {
    const row = await this.database.transaction(async (tx) => {
      const ended = await this.store.end(tx, sessionId, failure);
      if (ended === undefined) return undefined;
      await this.news.control(tx, ended, 'teachStop');
      await this.news.lock(tx, ended);
      await this.news.updated(tx, ended);
      return ended;
    });
    if (row === undefined) return undefined;
    this.news.poke();
    this.#ended.inc({ outcome: failure ?? 'stopped' });
    this.log.info({ sessionId, robotId: row.robot_id, failure }, 'teaching ended');
    // Waited for: whoever starts the next session must not find the robot held by this one.
    await this.giveBack(row.ended_lock_id);
    return row;
  }

  async failUnstarted(sessionId: string, failure: Failure): Promise<void> {
    await this.database.transaction(async (tx) => {
      const failed = await this.store.failUnstarted(tx, sessionId, failure);
      if (failed !== undefined) await this.news.updated(tx, failed);
    });
    this.news.poke();
  }

  /** Never throws. */
  async giveBack(lockId: string): Promise<void> {
    try {
      await this.locks.release(lockId);
    } catch (error) {
      this.log.warn({ err: error, lockId }, 'a teach lock was not given back; it ends with its time to live');
    }
  }
}
