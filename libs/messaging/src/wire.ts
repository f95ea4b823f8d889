import type { ServiceName } from '@teleop/contracts';

/** Headers of our messages. */
export const HEADERS = {
  event: 'Teleop-Event',
  occurredAt: 'Teleop-Occurred-At',
  trace: 'traceparent',
  /** On replayed messages: the id of the original, so that consumers which had applied it do not again. */
  eventId: 'Teleop-Event-Id',
  deadSubject: 'Teleop-Dead-Subject',
  deadReason: 'Teleop-Dead-Reason',
  deadConsumer: 'Teleop-Dead-Consumer',
  deadAt: 'Teleop-Dead-At',
  deadDeliveries: 'Teleop-Dead-Deliveries',
} as const;

/** Core NATS nudge to whichever replica relays a service's outbox. */
export function pokeSubject(service: ServiceName): string {
  return `teleop.poke.${service}`;
}
