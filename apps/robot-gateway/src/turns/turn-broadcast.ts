import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { sessionActivated, sessionEnded } from '@teleop/contracts';
import { Broadcast } from '@teleop/messaging';
import { DatabaseClock } from './database-clock';
import { TurnBook } from './turn-book';
import { TurnKeeper } from './turn-keeper';

/**
 * The fast way turns arrive: every replica hears them the moment they are published, so that whichever holds the driver
 * or the robot acts at once. What is lost on the way is made good by the consumer and by the keeper.
 */
@Injectable()
export class TurnBroadcast implements OnApplicationBootstrap, OnModuleDestroy {
  #stop: (() => void)[] = [];

  constructor(
    private readonly broadcast: Broadcast,
    private readonly book: TurnBook,
    private readonly databaseClock: DatabaseClock,
    private readonly keeper: TurnKeeper,
  ) {}

  onApplicationBootstrap(): void {
    const activated = this.broadcast.subscribe(
      sessionActivated,
      (event) => {
        const deadline = this.databaseClock.deadline(event.expiresAt);
        this.book.learn(event.robotId, { ...event, kind: 'activated', deadline });
      },
      { onGap: () => void this.keeper.verifyRunning() },
    );
    const ended = this.broadcast.subscribe(sessionEnded, (event) => {
      this.book.learn(event.robotId, { ...event, kind: 'ended' });
    });
    this.#stop = [activated, ended];
  }

  onModuleDestroy(): void {
    for (const stop of this.#stop) stop();
  }
}
