import { eventFilter, validate, type EventDeclaration, type ServiceName } from '@teleop/contracts';
import type { NatsConnection } from './nats-connection';
import type { MessagingLog } from './ports';

/**
 * Hears an event live on every replica, without acknowledgement: for fan-out to sockets. What is missed while
 * disconnected is gone; `onGap` says when that may have happened, so that the listener can ask for the present state.
 */
export class Broadcast {
  constructor(
    private readonly nats: NatsConnection,
    private readonly log: MessagingLog,
  ) {}

  subscribe<P extends object>(
    event: EventDeclaration<ServiceName, P>,
    heard: (payload: P) => void,
    options: { onGap?: () => void } = {},
  ): () => void {
    const subscription = this.nats.nc.subscribe(eventFilter(event), {
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ err: error, event: event.name }, 'broadcast subscription failed');
          return;
        }
        const checked = validate(event.payload, safeJson(message.string()));
        if (checked.ok) heard(checked.value);
        else
          this.log.warn(
            { event: event.name, errors: checked.errors },
            'broadcast with a bad payload ignored',
          );
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

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON: validation then names what is missing.
    return undefined;
  }
}
