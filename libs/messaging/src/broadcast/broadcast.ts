import {
  validate,
  wildcardSubject,
  type EventDeclaration,
  type FeedDeclaration,
  type ServiceName,
} from '@teleop/contracts';
import type { Msg } from '@nats-io/transport-node';
import type { NatsConnection } from '../connection/nats-connection';
import type { MessagingLog } from '../ports';

export interface BroadcastOptions {
  /** What is missed while disconnected is gone; called when that may have happened. */
  readonly onGap?: () => void;
  /** True for a message, as its JSON text, that is not worth parsing: of a busy feed, a replica's own word that comes back. */
  readonly known?: (text: string) => boolean;
}

type Heard<P extends object> = EventDeclaration<ServiceName, P> | FeedDeclaration<ServiceName, P>;

/**
 * Hears an event or a feed live on every replica, without acknowledgement: for fan-out to sockets. The same fact may be heard
 * twice (a relay that publishes again after a crash, a replayed dead letter). What is missed while disconnected is gone;
 * `onGap` says when that may have happened, so that the listener can ask for the present state.
 */
export class Broadcast {
  constructor(
    private readonly nats: NatsConnection,
    private readonly log: MessagingLog,
  ) {}

  subscribe<P extends object>(
    event: Heard<P>,
    heard: (payload: NoInfer<P>) => void,
    options: BroadcastOptions = {},
  ): () => void {
    const subscription = this.nats.nc.subscribe(wildcardSubject(event.subject), {
      callback: (error, message) => {
        try {
          if (error !== null) throw error;
          if (options.known?.(message.string()) === true) return;
          heard(payloadOf(event, message));
        } catch (failure) {
          // Nobody waits for an answer; a bug in one listener must not reach the connection, which others share.
          this.log.error({ err: failure, event: event.name }, 'a broadcast could not be heard');
        }
      },
    });
    const { onGap } = options;
    const stopStatus = onGap === undefined ? () => undefined : this.nats.onStatus((up) => up && onGap());
    return () => {
      subscription.unsubscribe();
      stopStatus();
    };
  }
}

function payloadOf<P extends object>(event: Heard<P>, message: Msg): P {
  const checked = validate(event.payload, message.json());
  if (checked.ok) return checked.value;
  throw new Error(`the payload does not hold its contract: ${JSON.stringify(checked.errors)}`);
}
