import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { TrafficScope } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { EndSession } from './end-session';
import { Recording, type RecordingPorts } from './recording';
import { RobotWatch } from './robot-watch';
import { SessionNews } from './session-news';
import type { SessionRow } from './session-record';
import type { SessionSettings } from './session-settings';
import { SessionStore } from './session-store';
import { TrafficLocks } from './traffic-locks';

const MS_PER_S = 1_000;

/**
 * The recordings that this replica keeps. Which they are stands in the database, as a lease that expires: those of a
 * replica that is gone are taken over here, before their locks end.
 */
@Injectable()
export class Recordings {
  readonly replica = randomUUID();
  readonly #kept = new Map<string, Recording>();
  readonly #ports: RecordingPorts;
  #tending = new Set<Promise<void>>();

  constructor(
    private readonly store: SessionStore,
    private readonly database: Database,
    private readonly news: SessionNews,
    private readonly ending: EndSession,
    private readonly robots: RobotWatch,
    locks: TrafficLocks,
    clock: Clock,
    @InjectConfig() private readonly config: SessionSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#ports = {
      locks,
      now: () => clock.monotonic(),
      heartbeatMs: config.TEACH_HEARTBEAT_MS,
      ttlMs: config.TEACH_LOCK_TTL_S * MS_PER_S,
      scopeLocked: (row, scope) => this.scopeLocked(row, scope),
    };
  }

  /** It was begun here and has a fresh lock. */
  began({ teach_session_id: sessionId }: SessionRow): void {
    this.#kept.set(sessionId, new Recording(this.#ports, true));
  }

  get count(): number {
    return this.#kept.size;
  }

  /** One look at all of them. Does not wait for other services. */
  async look(): Promise<void> {
    const rows = await this.store.keep(this.replica, this.config.TEACH_OWNER_MS);
    const ids = new Set(rows.map((row) => row.teach_session_id));
    for (const sessionId of this.#kept.keys()) if (!ids.has(sessionId)) this.#kept.delete(sessionId);
    for (const row of rows) this.track(this.tend(row));
    this.track(this.watch(rows));
  }

  /** Before the service stops: another replica takes them at once, and their locks live on. */
  async letGo(): Promise<void> {
    await Promise.all(this.#tending);
    this.#kept.clear();
    await this.store.letGo(this.replica);
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.log.error({ err: error }, 'a recording was not looked after'))
      .finally(() => this.#tending.delete(tracked));
    this.#tending.add(tracked);
  }

  private async tend(row: SessionRow): Promise<void> {
    const { teach_session_id: sessionId } = row;
    let kept = this.#kept.get(sessionId);
    if (kept === undefined) {
      this.log.info({ sessionId, robotId: row.robot_id }, 'a recording that nobody kept goes on here');
      this.#kept.set(sessionId, (kept = new Recording(this.#ports, false)));
    }
    const failure = await kept.tend(row);
    if (failure !== undefined) await this.ending.run(sessionId, failure);
  }

  private async watch(rows: readonly SessionRow[]): Promise<void> {
    const lost = await this.robots.look(rows.map((row) => row.robot_id));
    for (const { robot_id: robotId, teach_session_id: sessionId } of rows)
      if (lost.has(robotId)) await this.ending.run(sessionId, 'robot_lost');
  }

  private async scopeLocked(row: SessionRow, scope: TrafficScope): Promise<void> {
    const { teach_session_id: sessionId, traffic_lock_id: lockId } = row;
    if (lockId === null) return;
    await this.database.transaction(async (tx) => {
      const records = await this.store.scopeLocked(tx, sessionId, lockId, scope);
      if (records) await this.news.lock(tx, row, { lockId, scope });
    });
    this.news.poke();
  }
}
