import { Injectable } from '@nestjs/common';
import { sessionActivated, sessionEnded, type SessionActivated, type SessionEnded } from '@teleop/contracts';
import { Consumes, type ConsumerContext } from '@teleop/messaging';
import { DatabaseClock } from './database-clock';
import { TurnBook } from './turn-book';
import { TurnStore } from './turn-store';

/** The durable way turns arrive: into PostgreSQL, once each, whichever replica takes them. */
@Injectable()
export class TurnEventsConsumer {
  constructor(
    private readonly store: TurnStore,
    private readonly book: TurnBook,
    private readonly databaseClock: DatabaseClock,
  ) {}

  @Consumes(sessionActivated, { name: 'turn-activated' })
  async activated(event: SessionActivated, { tx }: ConsumerContext): Promise<void> {
    await this.store.activated(tx, event);
    this.book.learn(event.robotId, {
      ...event,
      kind: 'activated',
      deadline: this.databaseClock.deadline(event.expiresAt),
    });
  }

  @Consumes(sessionEnded, { name: 'turn-ended' })
  async ended(event: SessionEnded, { tx }: ConsumerContext): Promise<void> {
    // First: the driver is cut off however long the database takes.
    this.book.learn(event.robotId, { ...event, kind: 'ended' });
    await this.store.ended(tx, event);
  }
}
