import { feedSubject, type FeedDeclaration, type ServiceName } from '@teleop/contracts';
import type { NatsConnection } from '../connection/nats-connection';

/** Tells the present state to whoever listens just now. */
export class Feeds<Owner extends ServiceName> {
  constructor(private readonly nats: NatsConnection) {}

  /**
   * False when NATS is away: the client would keep it and send it late, when it is no longer true. Only the feed's owner
   * may tell it, with its whole payload: anything else does not compile.
   */
  publish<P extends object>(feed: FeedDeclaration<Owner, P>, payload: NoInfer<P>): boolean {
    if (!this.nats.connected) return false;
    this.nats.nc.publish(feedSubject<P>(feed, payload), JSON.stringify(payload));
    return true;
  }
}
