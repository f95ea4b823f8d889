import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Logger, LOGGER } from '@teleop/service-kit';
import {
  CLOSE_LOST_SESSIONS,
  SESSION_BEGINS,
  SESSION_CAME_TO_NOTHING,
  SESSION_ENDS,
  SESSIONS_SEEN,
} from './sql/audit.sql';
import { ROLES } from './role';
import type { Side } from './side';

export interface SessionBegins {
  readonly sessionId: string;
  readonly deviceId: string;
  readonly appConnectionId: string;
  readonly appAddress: string;
  readonly tokenHash: string;
}

/** The record of every session: who, when, how much and why it ended. Never a payload, a token or a key. */
@Injectable()
export class Audit implements BeforeApplicationShutdown {
  readonly #writing = new Set<Promise<void>>();

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Before the session does: one without a record does not begin. */
  async begins(session: SessionBegins): Promise<void> {
    const { sessionId, deviceId, appConnectionId, appAddress, tokenHash } = session;
    await this.database.query(SESSION_BEGINS, [sessionId, deviceId, appConnectionId, appAddress, tokenHash]);
  }

  async cameToNothing(sessionId: string): Promise<void> {
    await this.database.query(SESSION_CAME_TO_NOTHING, [sessionId]);
  }

  /** In the background: a client is not kept waiting for it. What cannot be written is written by the sweep, as far as known. */
  ended(side: Side, reason: string): void {
    const writing = this.write(side, reason).catch((error: unknown) =>
      this.log.warn(
        { err: error, sessionId: side.is.sessionId, reason },
        'the end of a session is not on record; the sweep will close it',
      ),
    );
    this.#writing.add(writing);
    void writing.finally(() => this.#writing.delete(writing));
  }

  async seen(sides: readonly Side[]): Promise<void> {
    for (const role of ROLES) {
      // A statement changes a row once: two sides of one session would be one too many.
      const own = sides.filter(({ is }) => is.role === role);
      if (own.length === 0) continue;
      await this.database.query(SESSIONS_SEEN, [
        own.map(({ is }) => is.sessionId),
        role,
        own.map(({ sent }) => sent),
        own.map(({ sentBytes }) => sentBytes),
      ]);
    }
  }

  /** Closes the records of sessions that nobody holds any more; answers how many. */
  async closeLost(olderThanMs: number): Promise<number> {
    return (await this.database.query(CLOSE_LOST_SESSIONS, [olderThanMs])).length;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#writing);
  }

  private async write(side: Side, reason: string): Promise<void> {
    await this.seen([side]);
    await this.database.query(SESSION_ENDS, [side.is.sessionId, reason]);
  }
}
