/** Headers of our messages. The CLI that replays dead letters reads and writes them too. */
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

/** JetStream's own: by it a stream drops what was published twice. */
export const MESSAGE_ID = 'Nats-Msg-Id';
