/** JetStream streams: one per owner, file storage. `maxAgeMs` bounds what a consumer that was away can still read. */
export interface StreamDeclaration {
  readonly subjects: readonly string[];
  readonly maxAgeMs: number;
  readonly maxBytes: number;
  /** Window in which JetStream drops a second publish of the same `Nats-Msg-Id`. */
  readonly dedupeWindowMs: number;
  readonly description: string;
}

const DAY = 24 * 3_600_000;
const GIB = 1024 ** 3;

export const STREAMS = {
  QUEUE: {
    subjects: ['teleop.queue.>'],
    maxAgeMs: 7 * DAY,
    maxBytes: GIB,
    dedupeWindowMs: 600_000,
    description: 'Facts of queue-service: queues, turns, points.',
  },
  VISION: {
    subjects: ['teleop.vision.>'],
    maxAgeMs: 7 * DAY,
    maxBytes: GIB,
    dedupeWindowMs: 600_000,
    description: 'Facts of vision-service: evaluations.',
  },
  RECOGNITION: {
    subjects: ['teleop.recognition.>'],
    maxAgeMs: 7 * DAY,
    maxBytes: GIB,
    dedupeWindowMs: 600_000,
    description: 'Facts of recognition-service: sessions, cameras, who was seen. Ids only.',
  },
  ROBOTS: {
    subjects: ['teleop.robots.>'],
    maxAgeMs: 7 * DAY,
    maxBytes: GIB,
    dedupeWindowMs: 600_000,
    description: 'Facts of robot-gateway: drivers, routes, tasks.',
  },
  TEACH: {
    subjects: ['teleop.teach.>'],
    maxAgeMs: 7 * DAY,
    maxBytes: GIB,
    dedupeWindowMs: 600_000,
    description: 'Facts of teach-service: missions, sessions, executions.',
  },
  TEACH_CONTROL: {
    subjects: ['robots.teach.control.*'],
    maxAgeMs: DAY,
    maxBytes: GIB / 16,
    dedupeWindowMs: 600_000,
    description: 'What teach-service tells robots that are taught; robot-gateway passes it on.',
  },
  TEACH_STATE: {
    subjects: ['robots.teach.state.*'],
    maxAgeMs: DAY,
    // A quarter of an hour of 50 robots at 50 Hz: what may wait while teach-service or PostgreSQL is away.
    maxBytes: GIB,
    // The server keeps every id of the window in memory; teach-service knows repetitions by itself.
    dedupeWindowMs: 30_000,
    description: 'What robots that are taught say of their state; robot-gateway passes it on.',
  },
  DEAD_LETTERS: {
    subjects: ['teleop.dead.>'],
    maxAgeMs: 30 * DAY,
    maxBytes: GIB,
    dedupeWindowMs: 600_000,
    description: 'Messages no consumer could handle, with the reason; replayed by command.',
  },
} as const satisfies Record<string, StreamDeclaration>;

export type StreamName = keyof typeof STREAMS;

/** Where a message that `consumer` of `service` could not handle goes. */
export function deadLetterSubject(service: string, consumer: string): string {
  return `teleop.dead.${service}.${consumer}`;
}
