import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { CurrentTurns } from './current-turn';
import { DatabaseClock } from './database-clock';
import { TurnBook } from './turn-book';
import { TurnStore, type StoredTurn } from './turn-store';

/** Robots asked about at the same time after a restart or a gap. */
const VERIFY_AT_ONCE = 8;
/** Milliseconds before those are asked about again for whom nobody answered. */
const VERIFY_RETRY_MS = 500;

/**
 * Keeps the book in step when an event was missed: loads running turns at start, asks queue-service about them, and
 * compares with PostgreSQL (which another replica may have brought further) every few seconds.
 */
@Injectable()
export class TurnKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #reading = false;
  #verifying: Promise<void> | undefined;

  constructor(
    private readonly book: TurnBook,
    private readonly store: TurnStore,
    private readonly current: CurrentTurns,
    private readonly databaseClock: DatabaseClock,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const turn of await this.store.running()) this.learn(turn);
    void this.verifyRunning();
    this.#timer = setInterval(() => void this.reconcile(), this.config.TURN_RECONCILE_MS);
  }

  onModuleDestroy(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#retry);
  }

  /** Asks queue-service about every turn that is believed to be running, until it has answered. Never throws. */
  verifyRunning(): Promise<void> {
    return (this.#verifying ??= this.verify().finally(() => (this.#verifying = undefined)));
  }

  private async verify(): Promise<void> {
    const robotIds = this.book.running().map(({ robotId }) => robotId);
    let unanswered = 0;
    while (robotIds.length > 0) {
      await Promise.all(
        robotIds.splice(0, VERIFY_AT_ONCE).map(async (robotId) => {
          try {
            await this.current.refresh(robotId);
          } catch (error) {
            unanswered += 1;
            this.log.warn({ err: error, robotId }, 'turn not verified; it stands until its time is up');
          }
        }),
      );
    }
    if (unanswered === 0 || this.#stopped) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.verifyRunning(), VERIFY_RETRY_MS);
  }

  private async reconcile(): Promise<void> {
    const robotIds = this.book.running().map(({ robotId }) => robotId);
    if (this.#reading || robotIds.length === 0) return;
    this.#reading = true;
    try {
      for (const turn of await this.store.read(robotIds)) this.learn(turn);
    } catch (error) {
      this.log.warn({ err: error }, 'turns not compared with the database; trying again');
    } finally {
      this.#reading = false;
    }
  }

  private learn(stored: StoredTurn): void {
    const { robotId, expiresAt } = stored;
    if (stored.ended || expiresAt === undefined) {
      this.book.learn(robotId, { ...stored, kind: 'ended' });
      return;
    }
    // A turn that is known keeps the deadline it has: this process placed it as well as it can.
    if (this.book.of(robotId)?.turn === stored.turn) return;
    this.book.learn(robotId, {
      ...stored,
      expiresAt,
      kind: 'activated',
      deadline: this.databaseClock.deadline(expiresAt),
    });
  }
}
