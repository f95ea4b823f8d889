import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { robotNotificationFeed, type RobotNotification } from '@teleop/contracts';
import { Broadcast, Feeds } from '@teleop/messaging';
import { LOGGER, Logger } from '@teleop/service-kit';
import { NatsReplicaLink } from '../replicas/nats-replica-link';

type Listener = (notification: RobotNotification) => void;

/**
 * What people should know of robots, told to whoever watches on any replica. Those of this replica hear it at once and
 * without NATS; what the feed brings back of our own is known by its id and not told again.
 */
@Injectable()
export class Notifications implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #listeners: Listener[] = [];
  #told = 0;
  #stop: () => void = () => undefined;

  constructor(
    private readonly feeds: Feeds<'robot-gateway'>,
    private readonly broadcast: Broadcast,
    private readonly link: NatsReplicaLink,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#stop = this.broadcast.subscribe(robotNotificationFeed, (notification) => {
      if (!notification.id.startsWith(this.link.replica)) this.hear(notification);
    });
  }

  onModuleDestroy(): void {
    this.#stop();
  }

  /** Called once for each notification of this or another replica. */
  onTold(listener: Listener): void {
    this.#listeners.push(listener);
  }

  tell(notification: Omit<RobotNotification, 'id'>): void {
    const told = { id: `${this.link.replica}-${(this.#told += 1)}`, ...notification };
    // Not told to others while NATS is away: nothing is kept that would come late.
    this.feeds.publish(robotNotificationFeed, told);
    this.hear(told);
  }

  private hear(notification: RobotNotification): void {
    for (const listener of this.#listeners) {
      try {
        listener(notification);
      } catch (error) {
        // A bug of one watcher must not keep the others from hearing, nor fail the robot's request.
        this.log.error(
          { err: error, robotId: notification.robotId },
          'a notification could not be passed on',
        );
      }
    }
  }
}
