import { Injectable } from '@nestjs/common';
import { Metrics } from '@teleop/service-kit';
import { REFUSALS, type Refusal } from './frames';
import { SessionBook } from './session-book';

/** Reasons that become labels; clients may give any, which would make labels without end. */
const KNOWN_REASONS = new Set([
  'manual',
  'device_disconnected',
  'app_disconnected',
  'service_stopping',
  'device_removed',
]);
const FLUSH_EVERY = 64;

/** What Prometheus sees of sessions. */
@Injectable()
export class SessionMetrics {
  readonly #ended;
  readonly #messages;
  readonly #bytes;
  readonly #refused;
  readonly #resumed;
  #count = 0;
  #size = 0;

  constructor(metrics: Metrics, book: SessionBook) {
    metrics.observed('pairing_session_sides', 'Sides of sessions on this replica', () => book.size);
    this.#ended = metrics.counter('pairing_sessions_ended_total', 'Sides of sessions that ended', ['reason']);
    this.#messages = metrics.counter('pairing_messages_total', 'Verified messages');
    this.#bytes = metrics.counter('pairing_message_bytes_total', 'Bytes of verified messages');
    this.#refused = metrics.counter('pairing_messages_refused_total', 'Messages that were not passed on', [
      'code',
    ]);
    this.#resumed = metrics.counter(
      'pairing_sessions_resumed_total',
      'Sides that came back within their grace',
    );
    for (const code of REFUSALS) this.#refused.inc({ code }, 0);
  }

  ended(reason: string): void {
    this.#ended.inc({ reason: KNOWN_REASONS.has(reason) ? reason : 'other' });
    this.flush();
  }

  /** On the hot path: plain numbers, brought over now and then. */
  accepted(bytes: number): void {
    this.#count += 1;
    this.#size += bytes;
    if (this.#count >= FLUSH_EVERY) this.flush();
  }

  refused(code: Refusal): void {
    this.#refused.inc({ code });
  }

  resumed(): void {
    this.#resumed.inc();
  }

  private flush(): void {
    this.#messages.inc(this.#count);
    this.#bytes.inc(this.#size);
    this.#count = this.#size = 0;
  }
}
