import type { Metrics } from './metrics';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** What messaging reports, as metrics; the shape of its `observer` option. */
export function messagingObserver(metrics: Metrics) {
  const published = metrics.counter('messaging_published_total', 'Events relayed to JetStream', ['event']);
  const consumed = metrics.histogram('messaging_consume_seconds', 'Time to apply a message', SECONDS, [
    'consumer',
    'outcome',
  ]);
  const answered = metrics.histogram('messaging_answer_seconds', 'Time to answer a request', SECONDS, [
    'request',
    'outcome',
  ]);
  const outboxRows = metrics.gauge('outbox_pending_rows', 'Committed facts that are not published yet');
  const outboxAge = metrics.gauge('outbox_oldest_age_seconds', 'Age of the oldest of them');
  const waiting = metrics.gauge(
    'messaging_consumer_pending',
    'Messages that a consumer has not acknowledged yet, the same from every replica',
    ['consumer'],
  );
  const dead = metrics.gauge(
    'messaging_dead_letters',
    'Messages that a consumer gave up and nobody replayed, the same from every replica',
    ['consumer'],
  );
  return {
    consumerPending: (consumer: string, messages: number) => waiting.set({ consumer }, messages),
    deadLetters: (consumer: string, messages: number) => dead.set({ consumer }, messages),
    outboxPending: (rows: number, oldestAgeSeconds: number) => {
      outboxRows.set(rows);
      outboxAge.set(oldestAgeSeconds);
    },
    published: (event: string, count: number) => published.inc({ event }, count),
    consumed: (consumer: string, outcome: string, seconds: number) =>
      consumed.observe({ consumer, outcome }, seconds),
    answered: (request: string, outcome: string, seconds: number) =>
      answered.observe({ request, outcome }, seconds),
  };
}
